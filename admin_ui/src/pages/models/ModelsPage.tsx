import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ban, Boxes, CircleCheck, Ellipsis, Pencil, Plus, ScrollText, Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { kindsQuery, modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import type { Model } from "@/api/types";
import { useApp } from "@/app-context";
import { listSearch, type ListSearch } from "@/format/search";
import { windowSize } from "@/format/numbers";
import { priceByPiece } from "@/format/prices";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { BulkBar } from "@/pages/lists/BulkBar";
import { useSwitch } from "@/pages/lists/use-switch";
import { routesThat } from "@/pages/lists/uses";
import { Badge } from "@/ui/Badge";
import { buttonClass, IconButton } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { Tooltip } from "@/ui/Tooltip";
import { sorted, sortingOf, tableSorting, type SortKeys } from "@/ui/use-sorted";
import { Ago } from "@/ui/Value";
import { DeleteModel } from "./DeleteModel";
import { EditModel } from "./EditModel";
import { NewModel } from "./NewModel";

const route = getRouteApi("/frame/models");
const column = columnsOf<Model>();
const numeric = ["window", "input", "output", "actions"] as const;

const columns = column.columns([
  column.display({
    id: "id",
    header: "Model",
    cell: ({ row: { original: model } }) => (
      <>
        <Link className="name" to="/models" search={(old) => ({ ...old, open: model.id })}>
          {model.id}
        </Link>
        {model.display_name && <div className="sub">{model.display_name}</div>}
      </>
    ),
  }),
  column.accessor("provider", { header: "Provider" }),
  column.accessor("upstream_model", {
    header: "Upstream name",
    cell: ({ row }) => (
      <span className="mono sub">
        {row.original.upstream_model === row.original.id ? "same" : row.original.upstream_model}
      </span>
    ),
  }),
  column.accessor("kind", { header: "Kind" }),
  column.display({
    id: "window",
    header: "Context",
    cell: ({ row }) => (row.original.context_window ? windowSize(row.original.context_window) : "–"),
  }),
  column.display({
    id: "input",
    header: "Input $/M",
    cell: ({ row }) => priceByPiece(row.original.effective_price) ?? row.original.effective_price?.input ?? "–",
  }),
  column.display({
    id: "output",
    header: "Output $/M",
    cell: ({ row }) =>
      priceByPiece(row.original.effective_price) ? "–" : (row.original.effective_price?.output ?? "–"),
  }),
  column.display({ id: "state", header: "State", cell: ({ row }) => <State model={row.original} /> }),
  column.accessor("updated_at", { header: "Changed", cell: ({ getValue }) => <Ago ms={getValue()} /> }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Actions model={row.original} />,
  }),
]);

const choices = [
  { id: "id", label: "Model", fixed: true },
  { id: "provider", label: "Provider" },
  { id: "upstream_model", label: "Upstream name" },
  { id: "kind", label: "Kind" },
  { id: "window", label: "Context" },
  { id: "input", label: "Input $/M" },
  { id: "output", label: "Output $/M" },
  { id: "state", label: "State" },
  { id: "updated_at", label: "Changed", off: true },
  { id: "actions", label: "Actions", fixed: true },
] as const;

const dollars = (text: string | undefined) => (text === undefined ? null : Number(text));
const sortKeys: SortKeys<Model> = {
  id: { first: "asc", value: (model) => model.id },
  provider: { first: "asc", value: (model) => model.provider },
  upstream_model: { first: "asc", value: (model) => model.upstream_model },
  kind: { first: "asc", value: (model) => model.kind },
  window: { first: "desc", value: (model) => model.context_window },
  input: { first: "desc", value: (model) => dollars(model.effective_price?.input) },
  output: { first: "desc", value: (model) => dollars(model.effective_price?.output) },
  state: { first: "asc", value: (model) => (model.active ? (model.effective_price ? 0 : 1) : 2) },
  updated_at: { first: "desc", value: (model) => model.updated_at },
};

function Actions({ model }: { model: Model }) {
  const { api } = useApp();
  const may = useAllowed();
  const soon = useSoon();
  const navigate = useNavigate({ from: "/models" });
  const [deleting, setDeleting] = useState(false);
  const toggle = useSwitch({
    queryKey: ["models"],
    put: (id, active) => data(api.PATCH("/api/admin/models/{id}", { params: { path: { id } }, body: { active } })),
    off: `Clients that name it get “model not found” ${soon}.`,
    refresh: "all",
  });
  const done = () => setDeleting(false);
  return (
    <span className="row actions-cell">
      <Menu
        label={`Actions for ${model.id}`}
        trigger={<IconButton size="compact" label={`Actions for ${model.id}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={() => void navigate({ search: (old) => ({ ...old, open: model.id }) })}>
          Edit
        </MenuItem>
        <MenuItem icon={ScrollText} onSelect={() => void navigate({ to: "/logs", search: { model: model.id } })}>
          Show its requests
        </MenuItem>
        {may("models", "PATCH") && (
          <MenuItem
            icon={model.active ? Ban : CircleCheck}
            onSelect={() => toggle.mutate({ id: model.id, name: model.id, active: !model.active })}
          >
            {model.active ? "Disable" : "Enable"}
          </MenuItem>
        )}
        {may("models", "DELETE") && (
          <>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteModel model={model} onClose={done} onDeleted={done} />}
    </span>
  );
}

function State({ model }: { model: Model }) {
  if (!model.active) return <Badge state="off">disabled</Badge>;
  if (model.effective_price) return <Badge state="ok">active</Badge>;
  return (
    <Tooltip text="Works, but its requests are logged without a cost.">
      <span>
        <Badge state="warn">unpriced</Badge>
      </span>
    </Tooltip>
  );
}

/** The names clients may send as `model`. */
export function ModelsPage() {
  const { api } = useApp();
  const search = listSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/models" });
  const models = useQuery(modelsQuery(api));
  const providers = useQuery(providersQuery(api));
  const kinds = useQuery(kindsQuery(api));
  const needle = search.q?.toLowerCase() ?? "";
  const rows = models.data?.filter((model) =>
    [model.id, model.provider, model.upstream_model, model.display_name ?? ""].some((text) =>
      text.toLowerCase().includes(needle),
    ),
  );
  const may = useAllowed();
  const soon = useSoon();
  const shown = useColumns("models", choices);
  const selection = useSelection(rows, (model) => model.id);
  const routes = useQuery(routesQuery(api)).data;
  const change = (part: Partial<ListSearch>, replace = false) =>
    void navigate({ search: (old) => listSearch({ ...old, ...part }), replace });
  const close = () => change({ open: undefined, create: undefined });
  const add = may("models", "POST") && (
    <Link to="/models" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      Add model
    </Link>
  );
  const problem = models.error ?? providers.error ?? kinds.error;
  return (
    <Page
      title="Models"
      purpose="The names clients send as “model”, who serves them, and what they cost."
      actions={add}
    >
      {problem && (
        <LoadProblem
          error={problem}
          retry={() => void Promise.all([models.refetch(), providers.refetch(), kinds.refetch()])}
        />
      )}
      {!problem && models.data?.length !== 0 && (
        <div className="list-tools">
          <SearchBox
            label="Filter models"
            value={search.q ?? ""}
            onChange={(q) => change({ q: q || undefined }, true)}
            count={rows?.length}
            of={models.data?.length}
          />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      <BulkBar
        noun="model"
        one="model"
        many="models"
        selection={selection}
        queryKey={["models"]}
        active={new Set(rows?.filter((model) => model.active).map(({ id }) => id))}
        may={{ change: may("models", "PATCH"), remove: may("models", "DELETE") }}
        breaks={(ids) => {
          const gone = new Set(ids);
          return (
            <>
              Clients that name them get “model not found” {soon}.{" "}
              {routesThat(routes, "use", ({ provider, model }) =>
                Boolean(
                  models.data?.some(
                    (one) =>
                      gone.has(one.id) &&
                      one.provider === provider &&
                      (one.id === model || one.upstream_model === model),
                  ),
                ),
              )}{" "}
              Log rows stay. To stop them for a while, disable them instead.
            </>
          );
        }}
      />
      {!problem && (
        <section className="card table-card" aria-label="Models">
          {models.data?.length === 0 ? (
            <Empty icon={Boxes} title="No model yet" action={add}>
              A model here is a name your clients may send, the provider that serves it, and its price for cost reports.
              Pick one from the catalog and its facts are filled in.
            </Empty>
          ) : rows?.length === 0 ? (
            <Empty icon={Boxes} title="No model matches">
              Nothing is called “{search.q}”.
            </Empty>
          ) : (
            <ListTable
              label="Models"
              columns={columns}
              rows={sorted(rows, sortKeys, sortingOf(sortKeys, search.sort))}
              rowKey={(row) => row.id}
              right={numeric}
              cards
              hidden={shown.hidden}
              sorting={tableSorting(sortKeys, search.sort, (sort) => change({ sort }, true))}
              selection={may("models", "PATCH") ? selection : undefined}
              selected={search.open}
              onOpen={(row) => change({ open: row.id })}
            />
          )}
        </section>
      )}
      {search.create && may("models", "POST") && providers.data && kinds.data && (
        <NewModel providers={providers.data} kinds={kinds.data} onClose={close} />
      )}
      {search.open && models.data && (
        <EditModel
          key={search.open}
          id={search.open}
          model={models.data.find((model) => model.id === search.open)}
          providers={providers.data ?? []}
          onClose={close}
        />
      )}
    </Page>
  );
}
