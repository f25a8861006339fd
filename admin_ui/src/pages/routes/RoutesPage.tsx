import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ban, CircleCheck, Ellipsis, FlaskConical, Pencil, Plus, Split, Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { keysQuery, providersQuery, routesQuery } from "@/api/queries";
import type { Route } from "@/api/types";
import { useApp } from "@/app-context";
import { routesSearch, type RoutesSearch } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { BulkBar } from "@/pages/lists/BulkBar";
import { useSwitch } from "@/pages/lists/use-switch";
import { Badge } from "@/ui/Badge";
import { buttonClass, IconButton } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { Dialog } from "@/ui/Dialog";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { Tooltip } from "@/ui/Tooltip";
import { sorted, sortingOf, tableSorting, type SortKeys } from "@/ui/use-sorted";
import { Ago, useNow } from "@/ui/Value";
import { useHealth } from "../providers/health-hooks";
import { callable, callableText, type Known } from "./callable";
import { DeleteRoute } from "./DeleteRoute";
import { DryRun } from "./DryRun";
import { strategies } from "./strategies";

const place = getRouteApi("/frame/routes");
type Row = Route & { gone: string[]; known: Known };
const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "id",
    header: "Route",
    cell: ({ row: { original: route } }) => (
      <span className="row">
        <Link className="name" to="/routes/edit" search={target(route)}>
          {route.id}
        </Link>
        {route.built_in && <Badge state="info">built-in</Badge>}
      </span>
    ),
  }),
  column.display({
    id: "strategy",
    header: "Strategy",
    cell: ({ row: { original: route } }) => (
      <Tooltip text={strategies[route.strategy].line}>
        <span className="nowrap">{strategies[route.strategy].label}</span>
      </Tooltip>
    ),
  }),
  column.display({
    id: "targets",
    header: "Targets",
    cell: ({ row }) => <TargetList route={row.original} />,
  }),
  column.display({ id: "state", header: "State", cell: ({ row }) => <State route={row.original} /> }),
  column.accessor("updated_at", {
    header: "Changed",
    cell: ({ row }) => (row.original.built_in ? <span className="sub">–</span> : <Ago ms={row.original.updated_at} />),
  }),
  column.display({
    id: "actions",
    header: "",
    cell: ({ row: { original: route } }) =>
      !route.built_in ? (
        <Actions route={route} />
      ) : (
        <span className="row actions-cell">
          <Customise route={route} />
        </span>
      ),
  }),
]);

const choices = [
  { id: "id", label: "Route", fixed: true },
  { id: "strategy", label: "Strategy" },
  { id: "targets", label: "Targets" },
  { id: "state", label: "State" },
  { id: "updated_at", label: "Changed" },
  { id: "actions", label: "Actions", fixed: true },
] as const;

const sortKeys: SortKeys<Row> = {
  id: { first: "asc", value: (route) => route.id },
  strategy: { first: "asc", value: (route) => strategies[route.strategy].label },
  targets: { first: "desc", value: (route) => route.targets.length },
  state: { first: "asc", value: (route) => (route.active ? 0 : 1) },
  updated_at: { first: "desc", value: (route) => (route.built_in ? null : route.updated_at) },
};

function Customise({ route }: { route: Route }) {
  if (!useAllowed()("routes", "POST")) return null;
  return (
    <Link
      to="/routes/edit"
      search={target(route)}
      className={buttonClass({ size: "compact" })}
      aria-label={`Customise ${route.id}`}
    >
      Customise
    </Link>
  );
}

function Actions({ route }: { route: Route }) {
  const { api } = useApp();
  const may = useAllowed();
  const soon = useSoon();
  const navigate = useNavigate({ from: "/routes" });
  const [deleting, setDeleting] = useState(false);
  const toggle = useSwitch({
    queryKey: ["routes"],
    put: (id, active) => data(api.PATCH("/api/admin/routes/{id}", { params: { path: { id } }, body: { active } })),
    off: `Clients that name it get “model not found” ${soon}, unless a model has the same name.`,
    refresh: "all",
  });
  const done = () => setDeleting(false);
  return (
    <span className="row actions-cell">
      <Menu
        label={`Actions for ${route.id}`}
        trigger={<IconButton size="compact" label={`Actions for ${route.id}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={() => void navigate({ to: "/routes/edit", search: { id: route.id } })}>
          Edit
        </MenuItem>
        {may("routes", "PATCH") && (
          <MenuItem
            icon={route.active ? Ban : CircleCheck}
            onSelect={() => toggle.mutate({ id: route.id, name: route.id, active: !route.active })}
          >
            {route.active ? "Disable" : "Enable"}
          </MenuItem>
        )}
        {may("routes", "DELETE") && (
          <>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteRoute route={route} onClose={done} onDeleted={done} />}
    </span>
  );
}

/** Where a route is opened: a built-in one as the beginning of one of its name. */
const target = (route: Route) => (route.built_in ? { like: route.id } : { id: route.id });

const shown = 3;

function TargetList({ route }: { route: Route }) {
  const sorted = [...route.targets].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  const extras = [
    route.targets.some((one) => one.rules) && "conditions",
    route.canary && `canary ${route.canary.percent}\u00a0%`,
    route.mirror && `mirror ${route.mirror.percent} %`,
    route.hedge_seconds != null && "hedging",
    route.guardrails.length === 1 && "a guardrail",
    route.guardrails.length > 1 && `${route.guardrails.length} guardrails`,
    route.cache && "cache",
  ].filter(Boolean);
  return (
    <div title={sorted.map(({ provider, model }) => `${provider}/${model}`).join("\n")}>
      <div className="target-names">
        {sorted.slice(0, shown).map(({ provider, model }, index) => (
          <span key={index} className="target-name">
            <span className="mono">
              {provider}/{model}
            </span>
            {index < sorted.length - 1 && <span className="sub">{route.strategy === "priority" ? " → " : " · "}</span>}
          </span>
        ))}
        {sorted.length > shown && <span className="sub"> +{sorted.length - shown}</span>}
      </div>
      {extras.length > 0 && <div className="sub small">with {extras.join(", ")}</div>}
    </div>
  );
}

function State({ route }: { route: Row }) {
  const now = useNow();
  if (!route.active) return <Badge state="off">disabled</Badge>;
  if (route.gone.length === route.targets.length)
    return (
      <Tooltip text="Every provider of its targets is switched off or gone.">
        <span>
          <Badge state={route.built_in ? "idle" : "error"}>no target left</Badge>
        </span>
      </Tooltip>
    );
  const found = callable(route, route.known, now);
  const text = callableText(found);
  const none = found.obstacles.length === found.count;
  const paused = found.obstacles.every(({ pause }) => pause);
  return (
    <span className="row wrap">
      {!none && <Badge state="ok">active</Badge>}
      {text && (
        <Tooltip text={found.obstacles.map(({ target: name, why }) => `${name}: ${why}.`).join(" ")}>
          <span>
            <Badge state={paused ? "time" : none ? "error" : "warn"}>{text}</Badge>
          </span>
        </Tooltip>
      )}
    </span>
  );
}

/** Virtual models: names that clients send, and who serves them. */
export function RoutesPage() {
  const { api } = useApp();
  const search = routesSearch({ ...place.useSearch() });
  const navigate = useNavigate({ from: "/routes" });
  const routes = useQuery(routesQuery(api));
  const providers = useQuery(providersQuery(api)).data;
  const health = useHealth();
  const usable = new Set(providers?.filter((one) => one.active).map((one) => one.id));
  const needle = search.q?.toLowerCase() ?? "";
  const rows = routes.data
    ?.filter((route) =>
      [route.id, route.strategy, ...route.targets.flatMap((one) => [one.provider, one.model])].some((text) =>
        text.toLowerCase().includes(needle),
      ),
    )
    .sort((a, b) => Number(a.built_in) - Number(b.built_in) || a.id.localeCompare(b.id))
    .map((route) => ({
      ...route,
      known: { providers, health },
      gone: providers ? route.targets.map((one) => one.provider).filter((id) => !usable.has(id)) : [],
    }));
  const may = useAllowed();
  const soon = useSoon();
  const shown = useColumns("routes", choices);
  const selection = useSelection(
    rows,
    (route) => route.id,
    (route) => !route.built_in,
  );
  const keys = useQuery({ ...keysQuery(api), enabled: may("keys") }).data;
  const change = (part: Partial<RoutesSearch>) =>
    void navigate({ search: (old) => routesSearch({ ...old, ...part }), replace: true });
  const add = may("routes", "POST") && (
    <Link to="/routes/edit" className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      New route
    </Link>
  );
  return (
    <Page
      title="Routes"
      purpose="Names that clients send as “model”: which targets serve them, in which order, and what happens when one fails."
      actions={
        <>
          <Link to="/routes" search={(old) => ({ ...old, dry: true as const })} className={buttonClass({})}>
            <FlaskConical className="icon" aria-hidden />
            Dry run
          </Link>
          {add}
        </>
      }
    >
      {routes.error && <LoadProblem error={routes.error} retry={() => void routes.refetch()} />}
      {!routes.error && routes.data?.length !== 0 && (
        <div className="list-tools">
          <SearchBox
            label="Filter routes"
            value={search.q ?? ""}
            onChange={(q) => change({ q: q || undefined })}
            count={rows?.length}
            of={routes.data?.length}
          />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      <BulkBar
        noun="route"
        one="route"
        many="routes"
        selection={selection}
        queryKey={["routes"]}
        active={new Set(rows?.filter((route) => route.active).map(({ id }) => id))}
        may={{ change: may("routes", "PATCH"), remove: may("routes", "DELETE") }}
        breaks={(ids) => {
          const listed = keys?.filter((key) => key.allowed_models.some((model) => ids.includes(model))).length ?? 0;
          return (
            <>
              Clients that name them get “model not found” {soon}, unless a model or a built-in route has the same name.{" "}
              {listed > 0 &&
                `${listed === 1 ? "One key lists" : `${listed} keys list`} one of them among the allowed models. `}
              Log rows stay. To stop them for a while, disable them instead.
            </>
          );
        }}
      />
      {!routes.error && (
        <section className="card table-card" aria-label="Routes">
          {routes.data?.length === 0 ? (
            <Empty icon={Split} title="No route yet" action={add}>
              A route is a name of your own, such as support-chat, behind which several models stand. Requests fail over
              from one to the next, are spread over them, or go to the cheapest or fastest; clients change nothing.
            </Empty>
          ) : rows?.length === 0 ? (
            <Empty icon={Split} title="No route matches">
              Nothing is called “{search.q}”.
            </Empty>
          ) : (
            <ListTable
              label="Routes"
              cards
              columns={columns}
              rows={sorted(rows, sortKeys, sortingOf(sortKeys, search.sort))}
              rowKey={(row) => row.id}
              hidden={shown.hidden}
              sorting={tableSorting(sortKeys, search.sort, (sort) => change({ sort }))}
              selection={may("routes", "PATCH") ? selection : undefined}
              onOpen={(row) => void navigate({ to: "/routes/edit", search: target(row) })}
            />
          )}
        </section>
      )}
      {search.dry && (
        <Dialog
          open
          shape="drawer"
          title="Dry run"
          description="Where a request would go just now. Nothing is sent."
          onClose={() => void navigate({ search: (old) => ({ q: old.q, sort: old.sort }) })}
        >
          <div className="panel-body">
            <DryRun
              model={search.model}
              onModel={(model) =>
                void navigate({ search: (old) => ({ ...old, model: model || undefined }), replace: true })
              }
            />
          </div>
        </Dialog>
      )}
    </Page>
  );
}
