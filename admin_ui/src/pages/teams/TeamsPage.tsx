import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { MailPlus, Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { AccountKind } from "@/api/limits";
import type { CreatedInvitation } from "@/api/users";
import { accountsSearch, type AccountsSearch, type AccountsTab } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { EditUser } from "@/pages/users/EditUser";
import { Invitations } from "@/pages/users/Invitations";
import { InvitationReveal, NewInvitation } from "@/pages/users/NewInvitation";
import { NewUser } from "@/pages/users/NewUser";
import { UserList } from "@/pages/users/UserList";
import { buttonClass } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { AccountList } from "./AccountList";
import { EditAccount } from "./EditAccount";
import { NewAccount } from "./NewAccount";

const route = getRouteApi("/frame/teams");
type Tab = AccountsTab | "teams";

const tabs: readonly { id: Tab; label: string; noun: string; add: string }[] = [
  { id: "teams", label: "Teams", noun: "teams", add: "Add team" },
  { id: "users", label: "End users", noun: "end-users", add: "Add end user" },
  { id: "people", label: "Dashboard users", noun: "users", add: "Add user" },
  { id: "invitations", label: "Invitations", noun: "invitations", add: "Invite someone" },
];

/** Teams and end users, in whose names keys call; and who signs in to this dashboard. */
export function TeamsPage() {
  const search = accountsSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/teams" });
  const may = useAllowed();
  const [invited, setInvited] = useState<CreatedInvitation | null>(null);
  const offered = tabs.filter(({ noun }) => may(noun));
  const here = offered.find(({ id }) => id === (search.tab ?? "teams")) ?? offered[0];
  const change = (part: Partial<AccountsSearch>) =>
    void navigate({ search: (old) => accountsSearch({ ...old, ...part }), replace: "q" in part });
  const close = () => change({ open: undefined, create: undefined, id: undefined });
  if (!here) return null;
  const tab = here.id === "teams" ? undefined : here.id;
  const add = may(here.noun, "POST") && (
    <Link to="/teams" search={{ tab, create: true }} className={buttonClass({ tone: "primary" })}>
      {here.id === "invitations" ? <MailPlus className="icon" aria-hidden /> : <Plus className="icon" aria-hidden />}
      {here.add}
    </Link>
  );
  return (
    <Page
      title="Users & teams"
      purpose="In whose names keys call, with limits that hold for all of their keys together; and who may sign in here."
      actions={add}
    >
      <Tabs
        label="Users and teams"
        value={here.id}
        onChange={(next) => void navigate({ search: accountsSearch({ tab: next }) })}
        tabs={offered.map(({ id, label }) => ({
          id,
          label,
          content: id === here.id ? <Content tab={id} search={search} change={change} add={add} /> : null,
        }))}
      />
      <Drawers tab={here.id} search={search} close={close} onInvited={setInvited} />
      {invited && <InvitationReveal created={invited} onClose={() => setInvited(null)} />}
    </Page>
  );
}

const kindOf = (tab: Tab): AccountKind => (tab === "users" ? "user" : "team");

interface ContentProps {
  tab: Tab;
  search: AccountsSearch;
  change: (part: Partial<AccountsSearch>) => void;
  add: ReactNode;
}

function Content({ tab, search, change, add }: ContentProps) {
  if (tab === "people") return <UserList search={search} change={change} />;
  if (tab === "invitations") return <Invitations add={add} />;
  return (
    <AccountList
      kind={kindOf(tab)}
      q={search.q ?? ""}
      open={search.open}
      add={add}
      onQuery={(text) => change({ q: text || undefined })}
      onOpen={(id) => change({ open: id })}
    />
  );
}

interface DrawersProps {
  tab: Tab;
  search: AccountsSearch;
  close: () => void;
  onInvited: (created: CreatedInvitation) => void;
}

/** The open form, if any. */
function Drawers({ tab, search, close, onInvited }: DrawersProps) {
  const { open, create, id } = search;
  const may = useAllowed();
  if (tab === "invitations") return create ? <NewInvitation onCreated={onInvited} onClose={close} /> : null;
  if (tab === "people") {
    if (create) return <NewUser onClose={close} />;
    return open ? <EditUser key={open} id={open} onClose={close} /> : null;
  }
  const kind = kindOf(tab);
  if (create && may(kind === "team" ? "teams" : "end-users", "POST"))
    return <NewAccount key={kind + (id ?? "")} kind={kind} wanted={id} onClose={close} />;
  return open ? <EditAccount key={kind + open} kind={kind} id={open} onClose={close} /> : null;
}
