import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ban, CircleCheck, Ellipsis, Pencil, ScrollText, Trash2, Users } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { accountsQuery, updateAccount, type Account, type AccountKind, type Standing } from "@/api/limits";
import { keysQuery } from "@/api/queries";
import { usePages } from "@/api/use-pages";
import { useApp } from "@/app-context";
import { limitsText } from "@/format/limits";
import { useAllowed } from "@/frame/access";
import { TightestBudget } from "@/pages/limits/Bars";
import { useStandings, type Sight } from "@/pages/limits/use-standings";
import { BulkBar } from "@/pages/lists/BulkBar";
import { useSwitch } from "@/pages/lists/use-switch";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { MoreRows } from "@/ui/MoreRows";
import { Empty, LoadProblem } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { useDebounced } from "@/ui/use-debounced";
import { useNow } from "@/ui/Value";
import { DeleteAccount } from "./DeleteAccount";
import { words } from "./words";

interface Row extends Account {
  kind: AccountKind;
  keys: number | undefined;
  standings: readonly Standing[] | undefined;
}

const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "name",
    header: "Name",
    cell: ({ row: { original: one } }) => (
      <>
        <Link className="name" to="/teams" search={(old) => ({ ...old, open: one.id })}>
          {one.name}
        </Link>
        {one.name !== one.id && <div className="sub mono breakable">{one.id}</div>}
      </>
    ),
  }),
  column.display({ id: "state", header: "State", cell: ({ row }) => <State item={row.original} /> }),
  column.display({
    id: "budget",
    header: "Budget",
    cell: ({ row: { original: one } }) => <TightestBudget limits={one.standings} name={one.name} />,
  }),
  column.display({
    id: "limits",
    header: "Limits",
    cell: ({ row: { original: one } }) => (
      <span className="sub">
        {limitsText(one.limits) || (one.token_balance ? "" : "none")}
        {one.token_balance && <> {one.limits && "· "}token balance</>}
      </span>
    ),
  }),
  column.accessor("keys", { header: "Keys", cell: ({ getValue }) => getValue() ?? "" }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Actions item={row.original} />,
  }),
]);

const choices = [
  { id: "name", label: "Name", fixed: true },
  { id: "state", label: "State" },
  { id: "budget", label: "Budget" },
  { id: "limits", label: "Limits" },
  { id: "keys", label: "Keys" },
  { id: "actions", label: "Actions", fixed: true },
] as const;

function State({ item }: { item: Account }) {
  const now = useNow();
  if (!item.active) return <Badge state="off">disabled</Badge>;
  if (item.valid_until && item.valid_until <= now) return <Badge state="time">expired</Badge>;
  return <Badge state="ok">active</Badge>;
}

function Actions({ item }: { item: Row }) {
  const navigate = useNavigate({ from: "/teams" });
  const { api } = useApp();
  const may = useAllowed();
  const noun = item.kind === "team" ? "teams" : "end-users";
  const toggle = useSwitch({
    queryKey: ["accounts", item.kind],
    put: (id, active) => updateAccount(api, item.kind, id, { active }),
    off: "All of its keys are refused within half a minute.",
    refresh: ["accounts"],
  });
  const [deleting, setDeleting] = useState(false);
  const done = () => setDeleting(false);
  return (
    <div className="row actions-cell">
      <Menu
        label={`Actions for ${item.name}`}
        trigger={<IconButton size="compact" label={`Actions for ${item.name}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={() => void navigate({ search: (old) => ({ ...old, open: item.id }) })}>
          {may(noun, "PATCH") ? "Edit" : "Show"}
        </MenuItem>
        {item.kind === "user" && (
          <MenuItem icon={ScrollText} onSelect={() => void navigate({ to: "/logs", search: { user_id: item.id } })}>
            Show its requests
          </MenuItem>
        )}
        {may(noun, "PATCH") && (
          <MenuItem
            icon={item.active ? Ban : CircleCheck}
            onSelect={() => toggle.mutate({ id: item.id, name: item.name, active: !item.active })}
          >
            {item.active ? "Disable" : "Enable"}
          </MenuItem>
        )}
        {may(noun, "DELETE") && (
          <>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteAccount kind={item.kind} item={item} onClose={done} onDeleted={done} />}
    </div>
  );
}

/** How often each occurs. */
function countedBy(names: readonly (string | null)[]): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

interface Props {
  kind: AccountKind;
  q: string;
  open: string | undefined;
  add: ReactNode;
  onQuery: (text: string) => void;
  onOpen: (id: string) => void;
}

/** Teams or end users, searched and paged by the API. */
export function AccountList({ kind, q, open, add, onQuery, onOpen }: Props) {
  const { api } = useApp();
  const found = useInfiniteQuery(accountsQuery(api, kind, useDebounced(q, 200)));
  const pages = usePages<Account>(found);
  const keys = useQuery(keysQuery(api)).data;
  const [sight, setSight] = useState<Sight>({ first: 0, last: 0 });
  // While somebody scrolls past them, rows are not asked about.
  const resting = useDebounced(sight, 200);
  const onSight = useCallback((first: number, last: number) => setSight({ first, last }), []);
  const standings = useStandings(kind, pages.rows, resting);
  const { field, many, one } = words[kind];
  const named = keys && countedBy(keys.map((key) => key[field]));
  const rows = pages.rows?.map((account) => ({
    ...account,
    kind,
    keys: named && (named.get(account.id) ?? 0),
    standings: standings.get(account.id),
  }));
  const may = useAllowed();
  const noun = kind === "team" ? "teams" : "end-users";
  const shown = useColumns(noun, choices);
  const selection = useSelection(rows, (row) => row.name);
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  const none = rows?.length === 0 && !pages.more;
  return (
    <div className="stack accounts">
      {!(none && !q) && (
        <div className="list-tools">
          <SearchBox label={`Filter ${many.toLowerCase()}`} value={q} onChange={onQuery} count={pages.total} />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      <BulkBar
        noun={kind === "team" ? "team" : "end_user"}
        one={one}
        many={many.toLowerCase()}
        selection={selection}
        queryKey={["accounts", kind]}
        refresh={["accounts"]}
        active={new Set(rows?.filter((row) => row.active).map(({ id }) => id))}
        may={{ change: may(noun, "PATCH"), remove: may(noun, "DELETE") }}
        breaks={(ids) => {
          const named = keys?.filter((key) => ids.includes(key[field] ?? "")).length ?? 0;
          return named > 0
            ? `${named === 1 ? "One key that names one of them becomes" : `${named} keys that name one of them become`} unlimited at once, but for other limits. To stop the keys instead, disable them. Logs and usage stay.`
            : "No key names one of them. Logs and usage stay.";
        }}
      />
      <section className="card table-card" aria-label={many}>
        {none ? (
          <Empty icon={Users} title={q ? `No ${one} matches` : `No ${one} yet`} action={q ? undefined : add}>
            {q
              ? `Nothing is called “${q}”.`
              : kind === "team"
                ? "A team has limits that hold for all keys that name it: a budget per month, say, however many keys share it."
                : "A user is a person or an app that keys call for, by your own id. Its limits hold for all of its keys together."}
          </Empty>
        ) : (
          <>
            <ListTable
              label={many}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              right={["keys", "actions"]}
              cards
              hidden={shown.hidden}
              selection={may(noun, "PATCH") ? selection : undefined}
              selected={open}
              onSight={onSight}
              onOpen={(row) => onOpen(row.id)}
            />
            <MoreRows pages={pages} />
          </>
        )}
      </section>
    </div>
  );
}
