import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { PlugZap, Plus } from "lucide-react";
import { kindsQuery, modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import type { Provider, ProviderKind } from "@/api/types";
import { useApp } from "@/app-context";
import { listSearch, type ListSearch } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { BulkBar } from "@/pages/lists/BulkBar";
import { routesThat } from "@/pages/lists/uses";
import { Badge } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { sorted, sortingOf, tableSorting, type SortKeys } from "@/ui/use-sorted";
import { Ago, useNow } from "@/ui/Value";
import type { ProviderHealth } from "@/api/routing";
import { Actions } from "./Actions";
import { EditProvider } from "./EditProvider";
import { HealthBadge, healthText } from "./Health";
import { useHealth } from "./health-hooks";
import { NewProvider } from "./NewProvider";

const route = getRouteApi("/frame/providers");

interface Row extends Provider {
  title: string;
  needsKey: boolean;
  health: ProviderHealth | undefined;
}
const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "name",
    header: "Provider",
    cell: ({ row: { original: provider } }) => (
      <>
        <Link className="name" to="/providers" search={(old) => ({ ...old, open: provider.id })}>
          {provider.name}
        </Link>
        {provider.name !== provider.id && <div className="sub mono">{provider.id}</div>}
      </>
    ),
  }),
  column.display({ id: "health", header: "Health", cell: ({ row }) => <Health row={row.original} /> }),
  column.accessor("title", { header: "Kind" }),
  column.accessor("effective_base_url", {
    header: "Base URL",
    cell: ({ getValue }) => <span className="mono sub">{getValue() ?? "not set"}</span>,
  }),
  column.display({ id: "keys", header: "Keys", cell: ({ row }) => <Keys provider={row.original} /> }),
  column.accessor("updated_at", { header: "Changed", cell: ({ getValue }) => <Ago ms={getValue()} /> }),
  column.display({ id: "actions", header: "", cell: ({ row }) => <Actions provider={row.original} /> }),
]);

const choices = [
  { id: "name", label: "Provider", fixed: true },
  { id: "health", label: "Health" },
  { id: "title", label: "Kind" },
  { id: "effective_base_url", label: "Base URL" },
  { id: "keys", label: "Keys" },
  { id: "updated_at", label: "Changed" },
  { id: "actions", label: "Actions", fixed: true },
] as const;

const sortKeys: SortKeys<Row> = {
  name: { first: "asc", value: (row) => row.name },
  health: { first: "asc", value: (row) => (row.active ? (row.health?.state ?? "ok") : "disabled") },
  title: { first: "asc", value: (row) => row.title },
  updated_at: { first: "desc", value: (row) => row.updated_at },
};

/** The health as the fleet knows it; before it is read, what the configuration says. */
function Health({ row }: { row: Row }) {
  const now = useNow();
  if (!row.active) return <Badge state="off">disabled</Badge>;
  if (!row.health) return <Badge state="idle">not known</Badge>;
  const why = healthText(row.health, now);
  return (
    <>
      <HealthBadge state={row.health.state} />
      {why && <div className="sub small health-why">{why}</div>}
    </>
  );
}

function Keys({ provider }: { provider: Row }) {
  const active = provider.keys.filter((key) => key.active);
  if (active.length === 0) {
    if (provider.needsKey) return <Badge state="warn">no active key</Badge>;
    return <span className="sub">none needed</span>;
  }
  return (
    <span className="nowrap">
      <span className="mono">{active[0]?.hint}</span>
      {active.length > 1 && <span className="sub"> +{active.length - 1}</span>}
    </span>
  );
}

function rowOf(provider: Provider, kinds: ProviderKind[], health: ProviderHealth | undefined): Row {
  const kind = kinds.find((item) => item.kind === provider.kind);
  return { ...provider, title: kind?.title ?? provider.kind, needsKey: kind?.needs_key ?? false, health };
}

/** The accounts that models are served from. */
export function ProvidersPage() {
  const { api } = useApp();
  const search = listSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/providers" });
  const providers = useQuery(providersQuery(api));
  const kinds = useQuery(kindsQuery(api));
  const health = useHealth();
  const may = useAllowed();
  const all =
    providers.data && kinds.data
      ? providers.data.map((provider) => rowOf(provider, kinds.data, health?.get(provider.id)))
      : undefined;
  const needle = search.q?.toLowerCase() ?? "";
  const rows = all?.filter((row) =>
    [row.id, row.name, row.title, row.effective_base_url].some((text) => text?.toLowerCase().includes(needle)),
  );
  const shown = useColumns("providers", choices);
  const selection = useSelection(rows, (row) => row.name);
  const models = useQuery(modelsQuery(api)).data;
  const routes = useQuery(routesQuery(api)).data;
  const change = (part: Partial<ListSearch>, replace = false) =>
    void navigate({ search: (old) => listSearch({ ...old, ...part }), replace });
  const close = () => change({ open: undefined, create: undefined });
  const add = may("providers", "POST") && (
    <Link to="/providers" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      Add provider
    </Link>
  );
  const problem = providers.error ?? kinds.error;
  return (
    <Page
      title="Providers"
      purpose="The accounts that models are served from: how they are doing, and their keys. Keys are encrypted and never shown again."
      actions={add}
    >
      {problem && (
        <LoadProblem error={problem} retry={() => void Promise.all([providers.refetch(), kinds.refetch()])} />
      )}
      {!problem && all?.length !== 0 && (
        <div className="list-tools">
          <SearchBox
            label="Filter providers"
            value={search.q ?? ""}
            onChange={(q) => change({ q: q || undefined }, true)}
            count={rows?.length}
            of={all?.length}
          />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      <BulkBar
        noun="provider"
        one="provider"
        many="providers"
        selection={selection}
        queryKey={["providers"]}
        active={new Set(rows?.filter((row) => row.active).map(({ id }) => id))}
        may={{ change: may("providers", "PATCH"), remove: may("providers", "DELETE") }}
        breaks={(ids) => {
          const gone = new Set(ids);
          const used = models?.filter((model) => gone.has(model.provider)).length ?? 0;
          return (
            <>
              {used > 0 &&
                `${used === 1 ? "One model is" : `${used} models are`} served by them: one that is still used is not deleted. `}
              {routesThat(routes, "use", ({ provider }) => gone.has(provider))} Their stored keys are deleted with them
              and cannot be brought back. Log rows stay.
            </>
          );
        }}
      />
      {!problem && (
        <section className="card table-card" aria-label="Providers">
          {all?.length !== 0 && rows?.length === 0 ? (
            <Empty icon={PlugZap} title="No provider matches">
              Nothing is called “{search.q}”.
            </Empty>
          ) : rows?.length === 0 ? (
            <Empty icon={PlugZap} title="No provider yet" action={add}>
              A provider is an account at a vendor such as OpenAI or Anthropic, or a server of your own that speaks the
              same protocol. The gateway calls it with the keys you store here, so clients never hold them.
            </Empty>
          ) : (
            <ListTable
              label="Providers"
              cards
              columns={columns}
              rows={sorted(rows, sortKeys, sortingOf(sortKeys, search.sort))}
              rowKey={(row) => row.id}
              right={["actions"]}
              hidden={shown.hidden}
              sorting={tableSorting(sortKeys, search.sort, (sort) => change({ sort }, true))}
              selection={may("providers", "PATCH") ? selection : undefined}
              selected={search.open}
              onOpen={(row) => change({ open: row.id })}
            />
          )}
        </section>
      )}
      {search.create && may("providers", "POST") && kinds.data && (
        <NewProvider kinds={kinds.data} taken={providers.data?.map((provider) => provider.id) ?? []} onClose={close} />
      )}
      {search.open && all && (
        <EditProvider
          key={search.open}
          id={search.open}
          provider={all.find((row) => row.id === search.open)}
          kinds={kinds.data ?? []}
          onClose={close}
        />
      )}
    </Page>
  );
}
