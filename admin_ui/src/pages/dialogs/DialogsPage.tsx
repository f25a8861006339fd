import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { dialogsSearch, type DialogsSearch } from "@/format/dialog-search";
import { useAllowed } from "@/frame/access";
import { AgentList } from "@/pages/agents/AgentList";
import { buttonClass } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { OwnerDrawer } from "./OwnerDrawer";
import { OwnerList } from "./OwnerList";

const route = getRouteApi("/frame/dialogs");

const tabs = [
  { id: "owners", label: "By user", noun: "all-dialogs" },
  { id: "agents", label: "Agents", noun: "agents" },
] as const;

/** Who talks with the models of this deployment, how much, and the agents that may be talked to. */
export function DialogsPage() {
  const search = dialogsSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/dialogs" });
  const may = useAllowed();
  const offered = tabs.filter(({ noun }) => may(noun));
  const here = offered.find(({ id }) => id === (search.list ?? "owners")) ?? offered[0];
  const change = (part: Partial<DialogsSearch>) =>
    void navigate({ search: (old) => dialogsSearch({ ...old, list: tabOf(here?.id), ...part }), replace: "q" in part });
  if (!here) return null;
  const add = here.id === "agents" && may("agents", "POST") && (
    <Link to="/dialogs" search={{ list: "agents", create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      Add agent
    </Link>
  );
  return (
    <Page
      title="Dialogs"
      purpose="Who talks with the models of this deployment and how much; and the agents that can be chosen for it."
      actions={add}
    >
      <Tabs
        label="Dialogs and agents"
        value={here.id}
        onChange={(next) => void navigate({ search: dialogsSearch({ list: tabOf(next) }) })}
        tabs={offered.map(({ id, label }) => ({
          id,
          label,
          content:
            id !== here.id ? null : id === "agents" ? (
              <AgentList search={search} add={add} change={change} />
            ) : (
              <OwnerList search={search} change={change} />
            ),
        }))}
      />
      {here.id === "owners" && search.open && (
        <OwnerDrawer key={search.open} id={search.open} onClose={() => change({ open: undefined })} />
      )}
    </Page>
  );
}

const tabOf = (id: string | undefined) => (id === "agents" ? id : undefined);
