import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Braces, FileDiff, Monitor, Moon, Plus, SquarePen, ShieldAlert, Sun, TriangleAlert } from "lucide-react";
import { releaseQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import type { May } from "./access";
import type { Command } from "./commands";
import { chooseTheme, type Theme } from "./theme";

const themes: { theme: Theme; label: string; icon: typeof Sun }[] = [
  { theme: "light", label: "Switch to the light theme", icon: Sun },
  { theme: "dark", label: "Switch to the dark theme", icon: Moon },
  { theme: "system", label: "Let the theme follow the system", icon: Monitor },
];

/** What can be done from everywhere, as far as the role may. */
export function useActions(may: May): Command[] {
  const { api } = useApp();
  const navigate = useNavigate();
  const draft = useQuery({ ...releaseQuery(api), enabled: may("release") }).data?.publishing === "draft";
  const create = { create: true } as const;
  const offers = [
    {
      needs: may("dialogs", "POST"),
      label: "New chat",
      icon: SquarePen,
      run: () => void navigate({ to: "/chat", search: {} }),
    },
    {
      needs: may("keys", "POST"),
      label: "New key",
      icon: Plus,
      run: () => void navigate({ to: "/keys", search: create }),
    },
    {
      needs: may("providers", "POST"),
      label: "New provider",
      icon: Plus,
      run: () => void navigate({ to: "/providers", search: create }),
    },
    {
      needs: may("models", "POST"),
      label: "New model",
      icon: Plus,
      run: () => void navigate({ to: "/models", search: create }),
    },
    {
      needs: may("routes", "POST"),
      label: "New route",
      icon: Plus,
      run: () => void navigate({ to: "/routes/edit", search: {} }),
    },
    {
      needs: may("guardrails", "POST"),
      label: "New guardrail",
      icon: Plus,
      run: () => void navigate({ to: "/guardrails", search: create }),
    },
    {
      needs: may("teams", "POST"),
      label: "New team",
      icon: Plus,
      run: () => void navigate({ to: "/teams", search: create }),
    },
    {
      needs: may("agents", "POST"),
      label: "New agent",
      icon: Plus,
      run: () => void navigate({ to: "/dialogs", search: { list: "agents", create: true } }),
    },
    {
      needs: may("invitations", "POST"),
      label: "Invite somebody",
      icon: Plus,
      run: () => void navigate({ to: "/teams", search: { tab: "invitations", create: true } }),
    },
    {
      needs: draft,
      label: "Review changes that are not published",
      icon: FileDiff,
      run: () => void navigate({ to: "/releases", search: { draft: true } }),
    },
    {
      needs: may("configuration"),
      label: "Export or import the configuration",
      icon: Braces,
      run: () => void navigate({ to: "/settings", search: { part: "configuration" } }),
    },
    {
      needs: may("logs"),
      label: "Show requests that failed",
      icon: TriangleAlert,
      run: () => void navigate({ to: "/logs", search: { error: "any", range: "24h" } }),
    },
    {
      needs: may("logs") && may("guardrails"),
      label: "Show requests that guardrails blocked",
      icon: ShieldAlert,
      run: () => void navigate({ to: "/logs", search: { guarded: "blocked", range: "24h" } }),
    },
    ...themes.map(({ theme, label, icon }) => ({ needs: true, label, icon, run: () => chooseTheme(theme) })),
  ];
  return offers
    .filter(({ needs }) => needs)
    .map(({ label, icon, run }) => ({ id: `do ${label}`, group: "Actions", label, icon, run }));
}
