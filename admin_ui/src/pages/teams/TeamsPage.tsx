import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { AccountKind } from "@/api/limits";
import { accountsSearch } from "@/format/search";
import { buttonClass } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { AccountList } from "./AccountList";
import { EditAccount } from "./EditAccount";
import { NewAccount } from "./NewAccount";
import { words } from "./words";

const route = getRouteApi("/frame/teams");

/** Teams and end users: in whose names keys call, with limits that hold for all of their keys together. */
export function TeamsPage() {
  const search = accountsSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/teams" });
  const { tab, q } = search;
  const kind: AccountKind = tab === "users" ? "user" : "team";
  const close = () => void navigate({ search: { tab, q } });
  const add = (
    <Link to="/teams" search={{ tab, create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      Add {words[kind].one}
    </Link>
  );
  const list = (of: AccountKind) => (
    <AccountList
      kind={of}
      q={q ?? ""}
      open={search.open}
      add={add}
      onQuery={(text) => void navigate({ search: { tab, q: text || undefined }, replace: true })}
      onOpen={(id) => void navigate({ search: { tab, q, open: id } })}
    />
  );
  return (
    <Page
      title="Users & teams"
      purpose="In whose names keys call. Limits here hold for all keys of a team or of a user together, beside the keys’ own."
      actions={add}
    >
      <Tabs
        label="Users and teams"
        value={kind}
        onChange={(next) => void navigate({ search: { tab: next === "user" ? "users" : undefined } })}
        tabs={(["team", "user"] as const).map((id) => ({ id, label: words[id].many, content: list(id) }))}
      />
      {search.create && <NewAccount key={kind + (search.id ?? "")} kind={kind} wanted={search.id} onClose={close} />}
      {search.open && <EditAccount key={kind + search.open} kind={kind} id={search.open} onClose={close} />}
    </Page>
  );
}
