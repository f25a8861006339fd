import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ban, CircleCheck, Ellipsis, Globe, Pencil, Plus, ScrollText, ShieldCheck, Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { guardrailsQuery, type Guardrail } from "@/api/guardrails";
import { routesQuery } from "@/api/queries";
import type { Route } from "@/api/types";
import { useApp } from "@/app-context";
import { guardrailsSearch, type GuardrailsSearch } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { BulkBar } from "@/pages/lists/BulkBar";
import { useSwitch } from "@/pages/lists/use-switch";
import { Badge } from "@/ui/Badge";
import { buttonClass, IconButton } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Note } from "@/ui/Note";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { Tooltip } from "@/ui/Tooltip";
import { sorted, sortingOf, tableSorting, type SortKeys } from "@/ui/use-sorted";
import { Ago } from "@/ui/Value";
import { DeleteGuardrail } from "./DeleteGuardrail";
import { EditGuardrail } from "./EditGuardrail";
import { NewGuardrail } from "./NewGuardrail";
import { Starters } from "./Starters";
import { summary } from "./summary";
import { actions, kinds, stages } from "./words";

const place = getRouteApi("/frame/guardrails");
type Row = Guardrail & { routes: string[] };
const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "id",
    header: "Guardrail",
    cell: ({ row: { original: one } }) => (
      <>
        <Link className="name" to="/guardrails" search={(old) => ({ ...old, open: one.id })}>
          {one.name ?? one.id}
        </Link>
        {one.name && <div className="sub mono">{one.id}</div>}
      </>
    ),
  }),
  column.display({
    id: "kind",
    header: "Looks for",
    cell: ({ row: { original: one } }) => (
      <>
        {kinds[one.kind].label}
        <div className="sub">{summary(one)}</div>
      </>
    ),
  }),
  column.display({
    id: "stages",
    header: "In",
    cell: ({ row }) => <span className="nowrap">{row.original.stages.map((stage) => stages[stage]).join(", ")}</span>,
  }),
  column.display({ id: "action", header: "Action", cell: ({ row }) => <Action guardrail={row.original} /> }),
  column.display({ id: "routes", header: "Holds for", cell: ({ row }) => <Where row={row.original} /> }),
  column.display({
    id: "state",
    header: "State",
    cell: ({ row }) => (row.original.active ? <Badge state="ok">active</Badge> : <Badge state="off">disabled</Badge>),
  }),
  column.accessor("updated_at", { header: "Changed", cell: ({ getValue }) => <Ago ms={getValue()} /> }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Actions guardrail={row.original} />,
  }),
]);

const choices = [
  { id: "id", label: "Guardrail", fixed: true },
  { id: "kind", label: "Looks for" },
  { id: "stages", label: "In" },
  { id: "action", label: "Action" },
  { id: "routes", label: "Holds for" },
  { id: "state", label: "State" },
  { id: "updated_at", label: "Changed", off: true },
  { id: "actions", label: "Actions", fixed: true },
] as const;

const sortKeys: SortKeys<Row> = {
  id: { first: "asc", value: (one) => one.name ?? one.id },
  kind: { first: "asc", value: (one) => kinds[one.kind].label },
  stages: { first: "asc", value: (one) => one.stages.join() },
  action: { first: "asc", value: (one) => actions[one.action].label },
  routes: { first: "desc", value: (one) => (one.everywhere ? Number.MAX_SAFE_INTEGER : one.routes.length) },
  state: { first: "asc", value: (one) => (one.active ? 0 : 1) },
  updated_at: { first: "desc", value: (one) => one.updated_at },
};

function Action({ guardrail: { action, stages: seen } }: { guardrail: Guardrail }) {
  const { label, icon, input, output } = actions[action];
  const said = seen.includes("input") ? input : output;
  return (
    <Tooltip text={said}>
      <span>
        <Badge state={action === "block" ? "error" : action === "mask" ? "warn" : "info"} icon={icon}>
          {label.toLowerCase()}
        </Badge>
      </span>
    </Tooltip>
  );
}

const listed = 2;

/** Every request, or the routes that name it. */
function Where({ row: { everywhere, routes } }: { row: Row }) {
  if (everywhere)
    return (
      <span className="row">
        <Globe className="icon" aria-hidden />
        every request
      </span>
    );
  if (routes.length === 0)
    return (
      <Tooltip text="Neither every request nor a route has it: it does nothing.">
        <span>
          <Badge state="idle">nothing yet</Badge>
        </span>
      </Tooltip>
    );
  return (
    <span title={routes.join(", ")}>
      {routes.slice(0, listed).map((id, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <Link to="/routes/edit" search={{ id }}>
            {id}
          </Link>
        </span>
      ))}
      {routes.length > listed && <span className="sub"> +{routes.length - listed}</span>}
    </span>
  );
}

function Actions({ guardrail }: { guardrail: Row }) {
  const { api } = useApp();
  const may = useAllowed();
  const soon = useSoon();
  const navigate = useNavigate({ from: "/guardrails" });
  const [deleting, setDeleting] = useState(false);
  const { id } = guardrail;
  const name = guardrail.name ?? id;
  const toggle = useSwitch({
    queryKey: ["guardrails"],
    put: (own, active) =>
      data(api.PATCH("/api/admin/guardrails/{id}", { params: { path: { id: own } }, body: { active } })),
    off: `Requests and answers pass without it ${soon}.`,
    refresh: "all",
  });
  const done = () => setDeleting(false);
  return (
    <span className="row actions-cell">
      <Menu
        label={`Actions for ${name}`}
        trigger={<IconButton size="compact" label={`Actions for ${name}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={() => void navigate({ search: (old) => ({ ...old, open: id }) })}>
          {may("guardrails", "PATCH") ? "Edit" : "Open"}
        </MenuItem>
        <MenuItem icon={ScrollText} onSelect={() => void navigate({ to: "/logs", search: { guardrail: id } })}>
          Show what it found
        </MenuItem>
        {may("guardrails", "PATCH") && (
          <MenuItem
            icon={guardrail.active ? Ban : CircleCheck}
            onSelect={() => toggle.mutate({ id, name, active: !guardrail.active })}
          >
            {guardrail.active ? "Disable" : "Enable"}
          </MenuItem>
        )}
        {may("guardrails", "DELETE") && (
          <>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteGuardrail guardrail={guardrail} routes={guardrail.routes} onClose={done} onDeleted={done} />}
    </span>
  );
}

/** The routes that name a guardrail. */
const usersOf = (routes: readonly Route[] | undefined, id: string) =>
  (routes ?? []).filter((route) => route.guardrails.includes(id)).map((route) => route.id);

/** What is looked for in requests and answers, and what happens when it is found. */
export function GuardrailsPage() {
  const { api } = useApp();
  const search = guardrailsSearch({ ...place.useSearch() });
  const navigate = useNavigate({ from: "/guardrails" });
  const guardrails = useQuery(guardrailsQuery(api));
  const may = useAllowed();
  const soon = useSoon();
  const routes = useQuery({ ...routesQuery(api), enabled: may("routes") }).data;
  const needle = search.q?.toLowerCase() ?? "";
  const rows = guardrails.data
    ?.map((one): Row => ({ ...one, routes: usersOf(routes, one.id) }))
    .filter((one) =>
      [one.id, one.name ?? "", one.notes ?? "", kinds[one.kind].label, ...one.keywords].some((text) =>
        text.toLowerCase().includes(needle),
      ),
    );
  const shown = useColumns("guardrails", choices);
  const selection = useSelection(rows, (one) => one.name ?? one.id);
  const change = (part: Partial<GuardrailsSearch>, replace = false) =>
    void navigate({ search: (old) => guardrailsSearch({ ...old, ...part }), replace });
  const close = () => change({ open: undefined, create: undefined, start: undefined });
  const none = guardrails.data?.length === 0;
  const add = may("guardrails", "POST") && (
    <Link to="/guardrails" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      New guardrail
    </Link>
  );
  return (
    <Page
      title="Guardrails"
      purpose="What is looked for in requests and answers, and what happens when it is found."
      actions={add}
    >
      {guardrails.error && <LoadProblem error={guardrails.error} retry={() => void guardrails.refetch()} />}
      {!guardrails.error && !none && (
        <div className="list-tools">
          <SearchBox
            label="Filter guardrails"
            value={search.q ?? ""}
            onChange={(q) => change({ q: q || undefined }, true)}
            count={rows?.length}
            of={guardrails.data?.length}
          />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      <BulkBar
        noun="guardrail"
        one="guardrail"
        many="guardrails"
        selection={selection}
        queryKey={["guardrails"]}
        active={new Set(rows?.filter((one) => one.active).map(({ id }) => id))}
        may={{ change: may("guardrails", "PATCH"), remove: may("guardrails", "DELETE") }}
        breaks={(ids) => {
          const used = ids.filter((id) => usersOf(routes, id).length > 0).length;
          return (
            <>
              Requests and answers pass without them {soon}.{" "}
              {used > 0 &&
                `${used === 1 ? "One of them is" : `${used} of them are`} named by routes and will be refused. `}
              Log rows stay. To stop them for a while, disable them instead.
            </>
          );
        }}
      />
      {!guardrails.error && (
        <section className="card table-card" aria-label="Guardrails">
          {none ? (
            <Empty
              icon={ShieldCheck}
              title="No guardrail yet"
              below={may("guardrails", "POST") && <Starters />}
              action={add}
            >
              A guardrail looks for something in what is asked or answered: personal data, credentials, words of your
              own, too much input. It blocks, masks or only counts what it finds; the text itself is never stored.
            </Empty>
          ) : rows?.length === 0 ? (
            <Empty icon={ShieldCheck} title="No guardrail matches">
              Nothing is called “{search.q}”.
            </Empty>
          ) : (
            <ListTable
              label="Guardrails"
              cards
              columns={columns}
              rows={sorted(rows, sortKeys, sortingOf(sortKeys, search.sort))}
              rowKey={(row) => row.id}
              hidden={shown.hidden}
              sorting={tableSorting(sortKeys, search.sort, (sort) => change({ sort }, true))}
              selection={may("guardrails", "PATCH") ? selection : undefined}
              selected={search.open}
              onOpen={(row) => change({ open: row.id })}
            />
          )}
        </section>
      )}
      {!none && !guardrails.error && (
        <Note>
          Those for every request come first, then those of the route in its order; each sees what the one before left.
          Nothing that a client sends switches one off, and an answer from the cache passes them as well.
        </Note>
      )}
      {search.create && may("guardrails", "POST") && guardrails.data && (
        <NewGuardrail start={search.start} taken={new Set(guardrails.data.map(({ id }) => id))} onClose={close} />
      )}
      {search.open && guardrails.data && (
        <EditGuardrail
          key={search.open}
          id={search.open}
          guardrail={guardrails.data.find((one) => one.id === search.open)}
          routes={usersOf(routes, search.open)}
          onClose={close}
        />
      )}
    </Page>
  );
}
