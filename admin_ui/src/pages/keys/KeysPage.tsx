import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ban, CircleCheck, Ellipsis, KeyRound, Pencil, Plus, ScrollText, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { data } from "@/api/client";
import type { Standing } from "@/api/limits";
import { keysQuery } from "@/api/queries";
import type { CreatedKey, VirtualKey } from "@/api/types";
import { useApp } from "@/app-context";
import { listSearch, type ListSearch } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { TightestBudget } from "@/pages/limits/Bars";
import { useStandings, type Sight } from "@/pages/limits/use-standings";
import { BulkBar } from "@/pages/lists/BulkBar";
import { useSwitch } from "@/pages/lists/use-switch";
import { Badge } from "@/ui/Badge";
import { buttonClass, IconButton } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { useDebounced } from "@/ui/use-debounced";
import { sorted, sortingOf, tableSorting, type SortKeys } from "@/ui/use-sorted";
import { Ago, useNow } from "@/ui/Value";
import { DeleteKey } from "./DeleteKey";
import { EditKey } from "./EditKey";
import { NewKey } from "./NewKey";
import { Reveal } from "./Reveal";

const route = getRouteApi("/frame/keys");
/** A key and where its limits stand, as far as it has budgets. */
interface Row extends VirtualKey {
  standings: readonly Standing[] | undefined;
}

const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "name",
    header: "Key",
    cell: ({ row: { original: key } }) => (
      <Link className="name" to="/keys" search={(old) => ({ ...old, open: key.id })}>
        {key.name}
      </Link>
    ),
  }),
  column.display({ id: "whose", header: "Team, user", cell: ({ row }) => <Whose item={row.original} /> }),
  column.accessor("id", {
    header: "Id",
    cell: ({ getValue }) => <span className="mono sub nowrap">{getValue()}</span>,
  }),
  column.accessor("hint", {
    header: "Secret",
    cell: ({ getValue }) => <span className="mono sub nowrap">{getValue()}</span>,
  }),
  column.display({ id: "state", header: "State", cell: ({ row }) => <KeyState item={row.original} /> }),
  column.display({ id: "models", header: "Models", cell: ({ row }) => <Allowed list={row.original.allowed_models} /> }),
  column.display({
    id: "budget",
    header: "Budget",
    cell: ({ row: { original: key } }) => <TightestBudget limits={key.standings} name={key.name} />,
  }),
  column.display({
    id: "expiry",
    header: "Expires",
    cell: ({ row }) =>
      row.original.valid_until ? <Ago ms={row.original.valid_until} /> : <span className="sub">never</span>,
  }),
  column.display({
    id: "created",
    header: "Created",
    cell: ({ row }) => (row.original.created_at ? <Ago ms={row.original.created_at} /> : "–"),
  }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Actions item={row.original} />,
  }),
]);

const choices = [
  { id: "name", label: "Key", fixed: true },
  { id: "whose", label: "Team, user" },
  { id: "id", label: "Id", off: true },
  { id: "hint", label: "Secret" },
  { id: "state", label: "State" },
  { id: "models", label: "Models" },
  { id: "budget", label: "Budget" },
  { id: "expiry", label: "Expires" },
  { id: "created", label: "Created" },
  { id: "actions", label: "Actions", fixed: true },
] as const;

const sortKeys: SortKeys<VirtualKey> = {
  name: { first: "asc", value: (key) => key.name },
  whose: { first: "asc", value: (key) => key.team_id ?? key.user_id },
  state: { first: "asc", value: (key) => (key.active ? 0 : 1) },
  expiry: { first: "asc", value: (key) => key.valid_until },
  created: { first: "desc", value: (key) => key.created_at },
};

function Allowed({ list }: { list: string[] }) {
  if (list.length === 0) return <span className="sub">all</span>;
  return (
    <span className="short-name" title={list.join(", ")}>
      {list[0]}
      {list.length > 1 && <span className="sub"> +{list.length - 1}</span>}
    </span>
  );
}

function Whose({ item }: { item: VirtualKey }) {
  if (!item.team_id && !item.user_id) return <span className="sub">–</span>;
  return (
    <>
      {item.team_id && (
        <Link to="/teams" search={{ open: item.team_id }} className="short-name">
          {item.team_id}
        </Link>
      )}
      {item.user_id && (
        <div>
          <span className="sub short-name">{item.user_id}</span>
        </div>
      )}
    </>
  );
}

function KeyState({ item }: { item: VirtualKey }) {
  const now = useNow();
  if (!item.active) return <Badge state="off">disabled</Badge>;
  if (item.valid_until && item.valid_until <= now) return <Badge state="time">expired</Badge>;
  return <Badge state="ok">active</Badge>;
}

function Actions({ item }: { item: VirtualKey }) {
  const navigate = useNavigate({ from: "/keys" });
  const { api } = useApp();
  const may = useAllowed();
  const toggle = useSwitch({
    queryKey: ["keys"],
    put: (id, active) => data(api.PATCH("/api/admin/keys/{id}", { params: { path: { id } }, body: { active } })),
    off: "Requests with it are refused within half a minute.",
  });
  const [deleting, setDeleting] = useState(false);
  return (
    <div className="row actions-cell">
      <Menu
        label={`Actions for ${item.name}`}
        trigger={<IconButton size="compact" label={`Actions for ${item.name}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={() => void navigate({ search: (old) => ({ ...old, open: item.id }) })}>
          {may("keys", "PATCH") ? "Edit" : "Show"}
        </MenuItem>
        <MenuItem icon={ScrollText} onSelect={() => void navigate({ to: "/logs", search: { key_id: item.id } })}>
          Show its requests
        </MenuItem>
        {may("keys", "PATCH") && (
          <MenuItem
            icon={item.active ? Ban : CircleCheck}
            onSelect={() => toggle.mutate({ id: item.id, name: item.name, active: !item.active })}
          >
            {item.active ? "Disable" : "Enable"}
          </MenuItem>
        )}
        {may("keys", "DELETE") && (
          <>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteKey item={item} onClose={() => setDeleting(false)} onDeleted={() => setDeleting(false)} />}
    </div>
  );
}

/** The virtual keys: what people, apps and agents sign in to the gateway with. */
export function KeysPage() {
  const { api } = useApp();
  const search = listSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/keys" });
  const keys = useQuery(keysQuery(api));
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const needle = search.q?.toLowerCase() ?? "";
  const found = keys.data?.filter(({ name, hint, id, team_id, user_id }) =>
    [name, hint, id, team_id, user_id].some((text) => text?.toLowerCase().includes(needle)),
  );
  const ordered = sorted(found, sortKeys, sortingOf(sortKeys, search.sort));
  const [sight, setSight] = useState<Sight>({ first: 0, last: 0 });
  // While somebody scrolls past them, rows are not asked about.
  const resting = useDebounced(sight, 200);
  const onSight = useCallback((first: number, last: number) => setSight({ first, last }), []);
  const standings = useStandings("key", ordered, resting);
  const rows = ordered?.map((key) => ({ ...key, standings: standings.get(key.id) }));
  const may = useAllowed();
  const shown = useColumns("keys", choices);
  const selection = useSelection(rows, (key) => key.name);
  const change = (part: Partial<ListSearch>, replace = false) =>
    void navigate({ search: (old) => listSearch({ ...old, ...part }), replace });
  const close = () => change({ open: undefined, create: undefined });
  const add = may("keys", "POST") && (
    <Link to="/keys" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      Create key
    </Link>
  );
  return (
    <Page
      title="Virtual keys"
      purpose="What people, apps and agents sign in to the gateway with. Each may be limited, disabled and traced on its own."
      actions={add}
    >
      {keys.error && <LoadProblem error={keys.error} retry={() => void keys.refetch()} />}
      {!keys.error && keys.data?.length !== 0 && (
        <div className="list-tools">
          <SearchBox
            label="Filter keys"
            value={search.q ?? ""}
            onChange={(q) => change({ q: q || undefined }, true)}
            count={rows?.length}
            of={keys.data?.length}
          />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      <BulkBar
        noun="virtual_key"
        one="key"
        many="keys"
        selection={selection}
        queryKey={["keys"]}
        refresh={["keys"]}
        active={new Set(rows?.filter((key) => key.active).map(({ id }) => id))}
        may={{ change: may("keys", "PATCH"), remove: may("keys", "DELETE") }}
        breaks={() =>
          "Everything that signs in with them is refused within half a minute. This cannot be undone; to stop them for a while, disable them instead. Log rows stay."
        }
      />
      {!keys.error && (
        <section className="card table-card" aria-label="Virtual keys">
          {keys.data?.length === 0 ? (
            <Empty icon={KeyRound} title="No key yet" action={add}>
              A virtual key stands for one person, app or agent. It works with every SDK that speaks OpenAI or
              Anthropic, and never reveals the provider’s own key.
            </Empty>
          ) : rows?.length === 0 ? (
            <Empty icon={KeyRound} title="No key matches">
              Nothing is called “{search.q}”.
            </Empty>
          ) : (
            <ListTable
              label="Virtual keys"
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              right={["actions"]}
              cards
              hidden={shown.hidden}
              sorting={tableSorting(sortKeys, search.sort, (sort) => change({ sort }, true))}
              selection={may("keys", "PATCH") ? selection : undefined}
              selected={search.open}
              onSight={onSight}
              onOpen={(row) => change({ open: row.id })}
            />
          )}
        </section>
      )}
      {search.create && may("keys", "POST") && <NewKey onCreated={setCreated} onClose={close} />}
      {search.open && keys.data && (
        <EditKey
          key={search.open}
          id={search.open}
          item={keys.data.find((key) => key.id === search.open)}
          onClose={close}
        />
      )}
      {created && <Reveal created={created} onClose={() => setCreated(null)} />}
    </Page>
  );
}
