import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bot, Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { agentsQuery, type Agent } from "@/api/agents";
import { chatAgentsQuery, type ChatAgent } from "@/api/dialogs";
import { useApp } from "@/app-context";
import type { DialogsSearch } from "@/format/dialog-search";
import { useAllowed } from "@/frame/access";
import { Badge } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Empty, LoadProblem } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { EditAgent, NewAgent } from "./EditAgent";
import { settingsOf, settingsText } from "./model-settings";

interface Row extends ChatAgent {
  /** What was made here; undefined: it is built in, as it is. */
  own: Agent | undefined;
  editable: boolean;
}

const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "name",
    header: "Name",
    cell: ({ row: { original: agent } }) => (
      <>
        {agent.own ? (
          <Link className="name" to="/dialogs" search={{ list: "agents", open: agent.id }}>
            {agent.name}
          </Link>
        ) : (
          <strong className="name">{agent.name}</strong>
        )}
        <div className="sub mono breakable">{agent.id}</div>
      </>
    ),
  }),
  column.display({
    id: "what",
    header: "What it does",
    cell: ({ row: { original: agent } }) => (
      <span className="agent-words">{agent.description || agent.system_prompt}</span>
    ),
  }),
  column.display({
    id: "model",
    header: "Model",
    cell: ({ row: { original: agent } }) => agent.model && <span className="mono agent-model">{agent.model}</span>,
  }),
  column.display({
    id: "settings",
    header: "Settings",
    cell: ({ row: { original: agent } }) => <span className="sub">{settingsText(agent.config)}</span>,
  }),
  column.display({
    id: "kind",
    header: "Kind",
    cell: ({ row: { original: agent } }) =>
      agent.own ? (
        <Badge state="ok">{agent.own.built_in ? "changed" : "own"}</Badge>
      ) : (
        <Badge state="idle">built in</Badge>
      ),
  }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row: { original: agent } }) =>
      !agent.own &&
      agent.editable && (
        <div className="row actions-cell">
          <Link
            to="/dialogs"
            search={{ list: "agents", create: true, like: agent.id }}
            className={buttonClass({ size: "compact" })}
          >
            <Pencil className="icon" aria-hidden />
            Change<span className="visually-hidden"> {agent.name}</span>
          </Link>
        </div>
      ),
  }),
]);

interface Props {
  search: DialogsSearch;
  add: ReactNode;
  change: (part: Partial<DialogsSearch>) => void;
}

/** The agents that chats may name: the built-in ones, and those that were made here. */
export function AgentList({ search, add, change }: Props) {
  const { api } = useApp();
  const may = useAllowed();
  const all = useQuery(chatAgentsQuery(api));
  const own = useQuery(agentsQuery(api));
  const editable = may("agents", "POST");
  const needle = search.q?.toLowerCase() ?? "";
  const known = all.data && own.data && rowsOf(all.data, own.data, editable);
  const rows = known?.filter(({ id, name, description }) =>
    [id, name, description].some((text) => text.toLowerCase().includes(needle)),
  );
  const close = () => change({ open: undefined, create: undefined, like: undefined });
  const problem = all.error ?? own.error;
  if (problem) {
    return <LoadProblem error={problem} retry={() => void Promise.all([all.refetch(), own.refetch()])} />;
  }
  const open = own.data?.find(({ id }) => id === search.open);
  const like = search.like === undefined ? undefined : all.data?.find(({ id }) => id === search.like);
  return (
    <div className="stack">
      <div className="list-tools">
        <SearchBox
          label="Filter agents"
          value={search.q ?? ""}
          onChange={(text) => change({ q: text || undefined })}
          count={rows?.length}
          of={known?.length}
        />
      </div>
      <section className="card table-card" aria-label="Agents">
        {rows?.length === 0 ? (
          <Empty icon={Bot} title="No agent matches" action={add}>
            Nothing is called “{search.q}”.
          </Empty>
        ) : (
          <ListTable
            label="Agents"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            right={["actions"]}
            cards
            selected={search.open}
            onOpen={(row) =>
              change(row.own ? { open: row.id } : editable ? { create: true, like: row.id } : { open: undefined })
            }
          />
        )}
      </section>
      {search.create && editable && (search.like === undefined || like) && (
        <NewAgent key={search.like ?? ""} like={like} onClose={close} />
      )}
      {!search.create && open && <EditAgent key={open.id} agent={open} onClose={close} />}
    </div>
  );
}

/** One that was just made may not be in force yet: it is listed all the same. */
function rowsOf(all: readonly ChatAgent[], own: readonly Agent[], editable: boolean): Row[] {
  const made = new Map(own.map((agent) => [agent.id, agent]));
  const listed = new Set(all.map(({ id }) => id));
  const row = (agent: ChatAgent): Row => ({ ...agent, own: made.get(agent.id), editable });
  const rows = all.flatMap((agent) => {
    const mine = made.get(agent.id);
    return mine ? [row(shownOf(mine))] : agent.built_in ? [row(agent)] : [];
  });
  return [...rows, ...own.filter(({ id }) => !listed.has(id)).map((agent) => row(shownOf(agent)))];
}

const shownOf = (agent: Agent): ChatAgent => ({
  id: agent.id,
  name: agent.name,
  description: agent.description,
  system_prompt: agent.system_prompt,
  model: agent.model,
  config: settingsOf(agent),
  built_in: false,
});
