import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ban, CircleCheck, Ellipsis, Pencil, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { usePages } from "@/api/use-pages";
import { roles, sources, updateUser, usersQuery, type DashboardUser } from "@/api/users";
import { useApp, useSession } from "@/app-context";
import type { AccountsSearch } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { BulkBar } from "@/pages/lists/BulkBar";
import { useSwitch } from "@/pages/lists/use-switch";
import { AddFilter, type FilterField } from "@/ui/AddFilter";
import { Badge, Chip } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { MoreRows } from "@/ui/MoreRows";
import { Empty, LoadProblem } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { useDebounced } from "@/ui/use-debounced";
import { Ago } from "@/ui/Value";
import { DeleteUser } from "./EditUser";

const roleName = (role: string) => roles.find(({ value }) => value === role)?.label ?? role;
const column = columnsOf<DashboardUser>();

const columns = column.columns([
  column.display({
    id: "name",
    header: "User",
    cell: ({ row: { original: user } }) => (
      <Link className="name breakable" to="/teams" search={(old) => ({ ...old, open: user.id })}>
        {user.username}
      </Link>
    ),
  }),
  column.display({ id: "role", header: "Role", cell: ({ row }) => roleName(row.original.role) }),
  column.display({
    id: "state",
    header: "State",
    cell: ({ row }) =>
      row.original.active ? <Badge state="ok">active</Badge> : <Badge state="off">deactivated</Badge>,
  }),
  column.display({
    id: "source",
    header: "Comes from",
    cell: ({ row: { original: user } }) => (
      <span title={user.issuer ?? undefined} className={user.source === "local" ? "sub" : undefined}>
        {sources[user.source]}
      </span>
    ),
  }),
  column.accessor("id", { header: "Id", cell: ({ getValue }) => <span className="mono sub">{getValue()}</span> }),
  column.accessor("created_at", { header: "Since", cell: ({ getValue }) => <Ago ms={getValue()} /> }),
  column.accessor("updated_at", { header: "Changed", cell: ({ getValue }) => <Ago ms={getValue()} /> }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Actions item={row.original} />,
  }),
]);

const choices = [
  { id: "name", label: "User", fixed: true },
  { id: "role", label: "Role" },
  { id: "state", label: "State" },
  { id: "source", label: "Comes from" },
  { id: "id", label: "Id", off: true },
  { id: "created_at", label: "Since" },
  { id: "updated_at", label: "Changed", off: true },
  { id: "actions", label: "Actions", fixed: true },
] as const;

function Actions({ item }: { item: DashboardUser }) {
  const { api } = useApp();
  const navigate = useNavigate({ from: "/teams" });
  const me = useSession()?.user.id === item.id;
  const [deleting, setDeleting] = useState(false);
  const toggle = useSwitch({
    queryKey: ["users"],
    put: (id, active) => updateUser(api, id, { active }),
    off: "All of their sessions have ended.",
  });
  const done = () => setDeleting(false);
  return (
    <div className="row actions-cell">
      <Menu
        label={`Actions for ${item.username}`}
        trigger={<IconButton size="compact" label={`Actions for ${item.username}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={() => void navigate({ search: (old) => ({ ...old, open: item.id }) })}>
          Edit
        </MenuItem>
        {item.source !== "deployment" && !me && (
          <>
            <MenuItem
              icon={item.active ? Ban : CircleCheck}
              onSelect={() => toggle.mutate({ id: item.id, name: item.username, active: !item.active })}
            >
              {item.active ? "Disable" : "Enable"}
            </MenuItem>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteUser item={item} onClose={done} onDeleted={done} />}
    </div>
  );
}

const active = [
  { value: "true", label: "active" },
  { value: "false", label: "deactivated" },
];
const fields: FilterField<"role" | "active" | "source">[] = [
  { name: "role", label: "Role", hint: "", choices: roles.map(({ value, label }) => ({ value, label })) },
  { name: "active", label: "State", hint: "", choices: active },
  {
    name: "source",
    label: "Comes from",
    hint: "",
    choices: Object.entries(sources).map(([value, label]) => ({ value, label })),
  },
];

interface Props {
  search: AccountsSearch;
  change: (part: Partial<AccountsSearch>) => void;
}

/** Who signs in to the dashboard, searched and filtered by the API. */
export function UserList({ search, change }: Props) {
  const { api } = useApp();
  const may = useAllowed();
  const me = useSession()?.user.id;
  const q = useDebounced(search.q ?? "", 200);
  const found = useInfiniteQuery(
    usersQuery(api, { q: q || undefined, role: search.role, active: search.active, source: search.source }),
  );
  const pages = usePages<DashboardUser>(found);
  const { rows } = pages;
  const shown = useColumns("users", choices);
  const selection = useSelection(
    rows,
    (user) => user.username,
    (user) => user.source !== "deployment" && user.id !== me,
  );
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  const set = fields.filter(({ name }) => search[name] !== undefined);
  return (
    <div className="stack accounts">
      <div className="list-tools">
        <SearchBox
          label="Filter users"
          value={search.q ?? ""}
          onChange={(text) => change({ q: text || undefined })}
          count={pages.total}
          filtered={set.length > 0}
        />
        <AddFilter
          fields={fields.filter(({ name }) => search[name] === undefined)}
          onAdd={(name, value) => change({ [name]: name === "active" ? value === "true" : value })}
        />
        {set.map(({ name, label, choices: options }) => (
          <Chip
            key={name}
            name={label}
            value={options?.find(({ value }) => value === String(search[name]))?.label ?? String(search[name])}
            onRemove={() => change({ [name]: undefined })}
          />
        ))}
        <span className="end">
          <ColumnChooser columns={shown} />
        </span>
      </div>
      <BulkBar
        noun="user"
        one="user"
        many="users"
        selection={selection}
        queryKey={["users"]}
        refresh={["users"]}
        active={new Set(rows?.filter((user) => user.active).map(({ id }) => id))}
        may={{ change: may("users", "PATCH"), remove: may("users", "DELETE") }}
        breaks={() => "They are signed out everywhere at once and cannot sign in again; keys they made go on working."}
      />
      <section className="card table-card" aria-label="Dashboard users">
        {rows?.length === 0 && !pages.more ? (
          <Empty icon={Users} title="No user matches">
            Take a filter away, or look for another name.
          </Empty>
        ) : (
          <ListTable
            label="Dashboard users"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            right={["actions"]}
            cards
            hidden={shown.hidden}
            selection={selection}
            selected={search.open}
            onOpen={(row) => change({ open: row.id })}
          />
        )}
        <MoreRows pages={pages} />
      </section>
    </div>
  );
}
