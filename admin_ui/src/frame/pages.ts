import {
  Boxes,
  ChartNoAxesCombined,
  KeyRound,
  PlugZap,
  ReceiptText,
  ScrollText,
  Split,
  Users,
  type LucideIcon,
} from "lucide-react";

/** The pages of the dashboard, in the order of the rail. */
export const pages: readonly {
  to: "/" | "/logs" | "/usage" | "/routes" | "/models" | "/providers" | "/keys" | "/teams";
  label: string;
  icon: LucideIcon;
}[] = [
  { to: "/", label: "Overview", icon: ChartNoAxesCombined },
  { to: "/logs", label: "Logs", icon: ScrollText },
  { to: "/usage", label: "Usage", icon: ReceiptText },
  { to: "/routes", label: "Routes", icon: Split },
  { to: "/models", label: "Models", icon: Boxes },
  { to: "/providers", label: "Providers", icon: PlugZap },
  { to: "/keys", label: "Keys", icon: KeyRound },
  { to: "/teams", label: "Users & teams", icon: Users },
];
