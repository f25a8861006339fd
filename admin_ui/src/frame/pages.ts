import { Boxes, ChartNoAxesCombined, KeyRound, PlugZap, ScrollText, Split, type LucideIcon } from "lucide-react";

/** The pages of the dashboard, in the order of the rail. */
export const pages: readonly {
  to: "/" | "/logs" | "/routes" | "/models" | "/providers" | "/keys";
  label: string;
  icon: LucideIcon;
}[] = [
  { to: "/", label: "Overview", icon: ChartNoAxesCombined },
  { to: "/logs", label: "Logs", icon: ScrollText },
  { to: "/routes", label: "Routes", icon: Split },
  { to: "/models", label: "Models", icon: Boxes },
  { to: "/providers", label: "Providers", icon: PlugZap },
  { to: "/keys", label: "Keys", icon: KeyRound },
];
