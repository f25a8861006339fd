import {
  Boxes,
  ChartNoAxesCombined,
  ClipboardList,
  Coins,
  DatabaseZap,
  History,
  KeyRound,
  MessageCircle,
  MessagesSquare,
  NotebookText,
  PlugZap,
  ReceiptText,
  ScrollText,
  Settings,
  ShieldCheck,
  Split,
  Users,
  type LucideIcon,
} from "lucide-react";
import type { May } from "./access";

export interface PageEntry {
  to:
    | "/"
    | "/playground"
    | "/chat"
    | "/logs"
    | "/usage"
    | "/routes"
    | "/guardrails"
    | "/models"
    | "/providers"
    | "/keys"
    | "/teams"
    | "/balances"
    | "/dialogs"
    | "/cache"
    | "/releases"
    | "/audit"
    | "/settings";
  label: string;
  icon: LucideIcon;
  /** Nouns of the role table; a role that may read one of them may see the page. */
  needs: readonly string[];
}

/** The pages of the dashboard, in the order of the rail. */
export const pages: readonly PageEntry[] = [
  { to: "/", label: "Overview", icon: ChartNoAxesCombined, needs: ["overview"] },
  { to: "/playground", label: "Playground", icon: MessagesSquare, needs: ["playground"] },
  { to: "/chat", label: "Chat", icon: MessageCircle, needs: ["dialogs"] },
  { to: "/logs", label: "Logs", icon: ScrollText, needs: ["logs"] },
  { to: "/usage", label: "Usage", icon: ReceiptText, needs: ["usage"] },
  { to: "/routes", label: "Routes", icon: Split, needs: ["routes"] },
  { to: "/guardrails", label: "Guardrails", icon: ShieldCheck, needs: ["guardrails"] },
  { to: "/models", label: "Models", icon: Boxes, needs: ["models"] },
  { to: "/providers", label: "Providers", icon: PlugZap, needs: ["providers"] },
  { to: "/keys", label: "Keys", icon: KeyRound, needs: ["keys"] },
  { to: "/teams", label: "Users & teams", icon: Users, needs: ["teams", "end-users", "users"] },
  { to: "/balances", label: "Balances", icon: Coins, needs: ["balances"] },
  { to: "/dialogs", label: "Dialogs", icon: NotebookText, needs: ["all-dialogs", "agents"] },
  { to: "/cache", label: "Cache", icon: DatabaseZap, needs: ["cache", "usage"] },
  { to: "/releases", label: "Releases", icon: History, needs: ["release"] },
  { to: "/audit", label: "Audit", icon: ClipboardList, needs: ["audit"] },
  { to: "/settings", label: "Settings", icon: Settings, needs: ["settings"] },
];

/** Whether an address is that of a page or of something on it. */
export const under = (path: string, to: string) => path === to || (to !== "/" && path.startsWith(`${to}/`));
const ways = ["GET", "POST"] as const;
const fits = (page: PageEntry, may: May) => page.needs.some((noun) => ways.some((way) => may(noun, way)));

/** The pages that a role may see. */
export const pagesFor = (may: May): readonly PageEntry[] => pages.filter((page) => fits(page, may));

/** Whether a role may see what is at an address; an address of no page is nobody's secret. */
export function reachable(path: string, may: May): boolean {
  const page = pages.find(({ to }) => under(path, to));
  return page === undefined || fits(page, may);
}

/** Where a role begins. */
export const firstPage = (may: May): PageEntry["to"] | undefined => pagesFor(may)[0]?.to;
