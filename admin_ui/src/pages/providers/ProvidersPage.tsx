import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { PlugZap, Plus } from "lucide-react";
import { kindsQuery, providersQuery } from "@/api/queries";
import type { Provider, ProviderKind } from "@/api/types";
import { useApp } from "@/app-context";
import { listSearch } from "@/format/search";
import { Badge } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Empty, LoadProblem, Page } from "@/ui/Page";
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
        <Link className="name" to="/providers" search={{ open: provider.id }}>
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
  const rows =
    providers.data && kinds.data
      ? providers.data.map((provider) => rowOf(provider, kinds.data, health?.get(provider.id)))
      : undefined;
  const close = () => void navigate({ search: {} });
  const add = (
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
      {!problem && (
        <section className="card table-card" aria-label="Providers">
          {rows?.length === 0 ? (
            <Empty icon={PlugZap} title="No provider yet" action={add}>
              A provider is an account at a vendor such as OpenAI or Anthropic, or a server of your own that speaks the
              same protocol. The gateway calls it with the keys you store here, so clients never hold them.
            </Empty>
          ) : (
            <ListTable
              label="Providers"
              cards
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              selected={search.open}
              onOpen={(row) => void navigate({ search: { open: row.id } })}
            />
          )}
        </section>
      )}
      {search.create && kinds.data && (
        <NewProvider kinds={kinds.data} taken={providers.data?.map((provider) => provider.id) ?? []} onClose={close} />
      )}
      {search.open && rows && (
        <EditProvider
          key={search.open}
          id={search.open}
          provider={rows.find((row) => row.id === search.open)}
          kinds={kinds.data ?? []}
          onClose={close}
        />
      )}
    </Page>
  );
}
