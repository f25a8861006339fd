import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Boxes, Plus } from "lucide-react";
import { kindsQuery, modelsQuery, providersQuery } from "@/api/queries";
import type { Model } from "@/api/types";
import { useApp } from "@/app-context";
import { listSearch } from "@/format/search";
import { windowSize } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { Tooltip } from "@/ui/Tooltip";
import { EditModel } from "./EditModel";
import { NewModel } from "./NewModel";

const route = getRouteApi("/frame/models");
const column = columnsOf<Model>();
const numeric = ["window", "input", "output"] as const;

const columns = column.columns([
  column.display({
    id: "id",
    header: "Model",
    cell: ({ row: { original: model } }) => (
      <>
        <Link className="name" to="/models" search={(old) => ({ q: old.q, open: model.id })}>
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
  column.display({ id: "input", header: "Input $/M", cell: ({ row }) => row.original.effective_price?.input ?? "–" }),
  column.display({
    id: "output",
    header: "Output $/M",
    cell: ({ row }) => row.original.effective_price?.output ?? "–",
  }),
  column.display({ id: "state", header: "State", cell: ({ row }) => <State model={row.original} /> }),
]);

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
  const close = () => void navigate({ search: { q: search.q } });
  const add = (
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
        <SearchBox
          label="Filter models"
          value={search.q ?? ""}
          onChange={(q) => void navigate({ search: { q: q || undefined }, replace: true })}
          count={rows?.length}
          of={models.data?.length}
        />
      )}
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
              rows={rows}
              rowKey={(row) => row.id}
              right={numeric}
              selected={search.open}
              onOpen={(row) => void navigate({ search: { q: search.q, open: row.id } })}
            />
          )}
        </section>
      )}
      {search.create && providers.data && kinds.data && (
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
