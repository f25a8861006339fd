import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Boxes,
  ClipboardList,
  FileSearch,
  History,
  KeyRound,
  MessageCircle,
  PlugZap,
  ShieldCheck,
  Split,
  User,
  Users,
  type LucideIcon,
} from "lucide-react";
import { dialogsQuery } from "@/api/dialogs";
import { guardrailsQuery } from "@/api/guardrails";
import { someAccountsQuery } from "@/api/limits";
import { keysQuery, modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import { numberedQuery, publicationsQuery } from "@/api/releases";
import { usersQuery } from "@/api/users";
import { useApp } from "@/app-context";
import { entryTime } from "@/format/audit-search";
import { isHash, shortHash } from "@/format/release-search";
import { useDebounced } from "@/ui/use-debounced";
import { useAllowed, type May } from "./access";
import { useActions } from "./actions";
import { pagesFor } from "./pages";

export interface Command {
  id: string;
  group: string;
  label: string;
  note?: string;
  icon: LucideIcon;
  run: () => void;
}

const most = 6;
const holds = (text: string, ...words: (string | null | undefined)[]) =>
  words.some((word) => word?.toLowerCase().includes(text.toLowerCase()));

/** What the palette offers for a text: pages, what can be done, and the things that are called so. `close` puts the palette away. */
export function useCommands(text: string, close: () => void): Command[] {
  const may = useAllowed();
  const navigate = useNavigate();
  const go = (leave: () => unknown) => () => {
    close();
    leave();
  };
  const pages = pagesFor(may)
    .filter((page) => holds(text, page.label))
    .map(({ to, label, icon }): Command => ({ id: to, group: "Pages", label, icon, run: () => void navigate({ to }) }));
  const actions = useActions(may).filter(({ label }) => holds(text, label));
  const exact = useExact(text, may);
  const releases = useReleases(text, may);
  const things = useThings(text, may);
  const people = usePeople(text, may);
  const chats = useChats(text, may);
  return [...exact, ...pages, ...(text ? [...releases, ...things, ...people, ...chats] : []), ...actions].map(
    (command) => ({
      ...command,
      run: go(command.run),
    }),
  );
}

/** Ids that are whole: the thing need not be looked for. */
function useExact(text: string, may: May): Command[] {
  const navigate = useNavigate();
  const id = text.toLowerCase();
  if (may("logs") && /^req_[0-9a-f]{32}$/.test(id)) {
    return [
      {
        id,
        group: "Request",
        label: id,
        icon: FileSearch,
        run: () => void navigate({ to: "/logs/$id", params: { id } }),
      },
    ];
  }
  if (may("audit") && entryTime(id) !== undefined) {
    return [
      {
        id,
        group: "Audit entry",
        label: id,
        icon: ClipboardList,
        run: () => void navigate({ to: "/audit/$id", params: { id } }),
      },
    ];
  }
  return [];
}

/** "#12", or the first digits of a hash. */
const asked = (text: string) => /^(#\d{1,9}|[0-9a-f]{4,64})$/i.test(text);

function useReleases(text: string, may: May): Command[] {
  const { api } = useApp();
  const navigate = useNavigate();
  const wanted = may("release") && asked(text);
  const needle = text.toLowerCase();
  const number = useDebounced(needle.startsWith("#") ? Number(needle.slice(1)) : 0, 200);
  const rows = useInfiniteQuery({ ...publicationsQuery(api), staleTime: 30_000, enabled: wanted }).data?.pages;
  // An old one is on no first page.
  const old = useQuery({ ...numberedQuery(api, number), staleTime: 30_000, enabled: wanted && number > 0 }).data;
  if (!wanted) return [];
  const icon = History;
  const listed = (rows ?? []).flatMap((page) => page.items);
  const known = old && listed.every((one) => one.number !== old.number) ? [...listed, old] : listed;
  const found = known
    .filter(({ number, release }) => `#${number}` === needle || release.startsWith(needle))
    .slice(0, most)
    .map(({ number, release, in_force }): Command => ({
      id: `release ${number}`,
      group: "Releases",
      label: `Release #${number}`,
      note: `${shortHash(release)}${in_force ? ", in force" : ""}`,
      icon,
      run: () => void navigate({ to: "/releases/$hash", params: { hash: release }, search: { number } }),
    }));
  if (found.length > 0 || !isHash(needle)) return found;
  const open = () => void navigate({ to: "/releases/$hash", params: { hash: needle } });
  return [{ id: needle, group: "Releases", label: `Release ${shortHash(needle)}`, icon, run: open }];
}

/** Keys, routes, models and providers by name or id. */
function useThings(text: string, may: May): Command[] {
  const { api } = useApp();
  const navigate = useNavigate();
  const kept = (noun: string) => ({ staleTime: 60_000, enabled: may(noun) });
  const keys = useQuery({ ...keysQuery(api), ...kept("keys") }).data ?? [];
  const models = useQuery({ ...modelsQuery(api), ...kept("models") }).data ?? [];
  const providers = useQuery({ ...providersQuery(api), ...kept("providers") }).data ?? [];
  const routes = useQuery({ ...routesQuery(api), ...kept("routes") }).data ?? [];
  const guardrails = useQuery({ ...guardrailsQuery(api), ...kept("guardrails") }).data ?? [];
  const some = <T>(list: T[], keep: (item: T) => boolean) => list.filter(keep).slice(0, most);
  return [
    ...some(keys, ({ name, id, hint }) => holds(text, name, id, hint)).map(({ id, name, hint }) => ({
      id,
      group: "Keys",
      label: name,
      note: hint,
      icon: KeyRound,
      run: () => void navigate({ to: "/keys", search: { open: id } }),
    })),
    ...some(routes, ({ id }) => holds(text, id)).map(({ id, built_in, strategy }) => ({
      id: `route ${id}`,
      group: "Routes",
      label: id,
      note: built_in ? "built-in" : strategy,
      icon: Split,
      run: () => void navigate({ to: "/routes/edit", search: built_in ? { like: id } : { id } }),
    })),
    ...some(guardrails, ({ id, name }) => holds(text, id, name)).map(({ id, name, kind }) => ({
      id: `guardrail ${id}`,
      group: "Guardrails",
      label: name ?? id,
      note: kind,
      icon: ShieldCheck,
      run: () => void navigate({ to: "/guardrails", search: { open: id } }),
    })),
    ...some(models, ({ id, display_name }) => holds(text, id, display_name)).map(({ id, provider }) => ({
      id: `model ${id}`,
      group: "Models",
      label: id,
      note: provider,
      icon: Boxes,
      run: () => void navigate({ to: "/models", search: { open: id } }),
    })),
    ...some(providers, ({ id, name }) => holds(text, id, name)).map(({ id, name, kind }) => ({
      id: `provider ${id}`,
      group: "Providers",
      label: name,
      note: kind,
      icon: PlugZap,
      run: () => void navigate({ to: "/providers", search: { open: id } }),
    })),
  ];
}

/** One's own chats by their titles. */
function useChats(text: string, may: May): Command[] {
  const { api } = useApp();
  const navigate = useNavigate();
  const q = useDebounced(text, 200);
  const found = useInfiniteQuery({ ...dialogsQuery(api, q), enabled: q !== "" && may("dialogs") });
  return (found.data?.pages[0]?.items ?? [])
    .filter(({ title }) => holds(text, title))
    .slice(0, most)
    .map(({ id, title }) => ({
      id: `chat ${id}`,
      group: "Chats",
      label: title ?? "",
      icon: MessageCircle,
      run: () => void navigate({ to: "/chat", search: { open: id } }),
    }));
}

/** Teams, end users and users of the dashboard: there may be many, so that the API looks for them. */
function usePeople(text: string, may: May): Command[] {
  const { api } = useApp();
  const navigate = useNavigate();
  const q = useDebounced(text, 200);
  const on = (noun: string) => ({ enabled: q !== "" && may(noun) });
  const teams = useQuery({ ...someAccountsQuery(api, "team", q), ...on("teams") }).data ?? [];
  const endUsers = useQuery({ ...someAccountsQuery(api, "user", q), ...on("end-users") }).data ?? [];
  const users = useInfiniteQuery({ ...usersQuery(api, { q }), ...on("users") }).data?.pages[0]?.items ?? [];
  const account = (kind: "team" | "user", { id, name }: { id: string; name: string }): Command => ({
    id: `${kind} ${id}`,
    group: kind === "team" ? "Teams" : "End users",
    label: name,
    note: name === id ? undefined : id,
    icon: Users,
    run: () => void navigate({ to: "/teams", search: kind === "team" ? { open: id } : { tab: "users", open: id } }),
  });
  return [
    ...users
      .filter(({ username }) => holds(text, username))
      .slice(0, most)
      .map(({ id, username, role }) => ({
        id: `person ${id}`,
        group: "Users",
        label: username,
        note: role,
        icon: User,
        run: () => void navigate({ to: "/teams", search: { tab: "people", open: id } }),
      })),
    ...teams
      .filter(({ id, name }) => holds(text, id, name))
      .slice(0, most)
      .map((team) => account("team", team)),
    ...endUsers
      .filter(({ id, name }) => holds(text, id, name))
      .slice(0, most)
      .map((user) => account("user", user)),
  ];
}
