import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Coins, Plus } from "lucide-react";
import { ownersQuery, type Owner } from "@/api/owners";
import { usePages } from "@/api/use-pages";
import { useApp } from "@/app-context";
import { count, short } from "@/format/numbers";
import { listSearch, type ListSearch } from "@/format/search";
import { useAllowed } from "@/frame/access";
import { Badge } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { ColumnChooser, useColumns } from "@/ui/Columns";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Meter } from "@/ui/Meter";
import { MoreRows } from "@/ui/MoreRows";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useSelection } from "@/ui/Selection";
import { useDebounced } from "@/ui/use-debounced";
import { Ago } from "@/ui/Value";
import { BalanceDrawer } from "./BalanceDrawer";
import { EnableBalance } from "./EnableBalance";
import { OwnerName } from "./OwnerName";
import { TopUpBar } from "./TopUpBar";

const route = getRouteApi("/frame/balances");
const column = columnsOf<Owner>();

const Tokens = ({ value }: { value: number }) => <span title={`${count(value)} tokens`}>{short(value)}</span>;

const columns = column.columns([
  column.display({
    id: "name",
    header: "User",
    cell: ({ row: { original: owner } }) => (
      <OwnerName owner={owner}>
        <Link className="name" to="/balances" search={(old) => ({ ...old, open: owner.id })}>
          {owner.name ?? owner.id}
        </Link>
      </OwnerName>
    ),
  }),
  column.display({ id: "state", header: "State", cell: ({ row }) => <State owner={row.original} /> }),
  column.accessor("available", { header: "Available", cell: ({ getValue }) => <Tokens value={getValue()} /> }),
  column.accessor("held", { header: "Held", cell: ({ getValue }) => <Tokens value={getValue()} /> }),
  column.accessor("used", { header: "Used", cell: ({ getValue }) => <Tokens value={getValue()} /> }),
  column.display({ id: "limit", header: "Limit", cell: ({ row }) => <Limit owner={row.original} /> }),
  column.accessor("last_activity", {
    header: "Last active",
    cell: ({ getValue }) => {
      const at = getValue();
      return at === null ? <span className="muted">never</span> : <Ago ms={Date.parse(at)} />;
    },
  }),
]);

const choices = [
  { id: "name", label: "User", fixed: true },
  { id: "state", label: "State" },
  { id: "available", label: "Available" },
  { id: "held", label: "Held" },
  { id: "used", label: "Used" },
  { id: "limit", label: "Limit" },
  { id: "last_activity", label: "Last active" },
] as const;

function State({ owner: { pays, available, limit, used } }: { owner: Owner }) {
  if (!pays) return <Badge state="idle">does not pay</Badge>;
  if (limit !== null && used >= limit) return <Badge state="error">limit reached</Badge>;
  if (available <= 0) return <Badge state="error">used up</Badge>;
  return <Badge state="ok">pays</Badge>;
}

function Limit({ owner: { id, name, limit, used, held } }: { owner: Owner }) {
  if (limit === null) return <span className="muted">none</span>;
  return (
    <div className="budget-cell">
      <Meter
        label={`Token limit of ${name ?? id}`}
        value={used}
        max={limit}
        held={held}
        text={`${count(used)} of ${count(limit)} tokens used`}
      />
      <span className="sub num">{short(limit)}</span>
    </div>
  );
}

/** The token balances of everybody who has one, or who has dialogs. */
export function BalancesPage() {
  const { api } = useApp();
  const may = useAllowed();
  const search = listSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/balances" });
  const q = search.q ?? "";
  const found = useInfiniteQuery(ownersQuery(api, useDebounced(q, 200), false));
  const pages = usePages<Owner>(found);
  const shown = useColumns("balances", choices);
  const selection = useSelection(pages.rows, (row) => row.name ?? row.id);
  const change = (part: Partial<ListSearch>) =>
    void navigate({ search: (old) => listSearch({ ...old, ...part }), replace: "q" in part });
  const close = () => change({ open: undefined, create: undefined });
  const none = pages.rows?.length === 0 && !pages.more;
  const enable = may("end-users", "POST") && (
    <Link to="/balances" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
      <Plus className="icon" aria-hidden />
      Enable a balance
    </Link>
  );
  return (
    <Page
      title="Balances"
      purpose="Tokens that users have to spend. Whoever pays with a balance is refused once it is used up."
      actions={enable}
    >
      {found.error && <LoadProblem error={found.error} retry={() => void found.refetch()} />}
      {!found.error && !(none && !q) && (
        <div className="list-tools">
          <SearchBox
            label="Filter balances"
            value={q}
            onChange={(text) => change({ q: text || undefined })}
            count={pages.total}
          />
          <span className="end">
            <ColumnChooser columns={shown} />
          </span>
        </div>
      )}
      {may("balances", "POST") && <TopUpBar selection={selection} />}
      {!found.error && (
        <section className="card table-card" aria-label="Balances">
          {none ? (
            <Empty
              icon={Coins}
              title={q ? "No user matches" : "Nobody has a balance yet"}
              action={q ? undefined : enable}
            >
              {q
                ? `Nobody is called “${q}”.`
                : "A balance is a number of tokens: every answer takes what it used from it, and without any left requests are refused. Enable it for a user, and top it up."}
            </Empty>
          ) : (
            <>
              <ListTable
                label="Balances"
                columns={columns}
                rows={pages.rows}
                rowKey={(row) => row.id}
                right={["available", "held", "used"]}
                cards
                hidden={shown.hidden}
                selection={may("balances", "POST") ? selection : undefined}
                selected={search.open}
                onOpen={(row) => change({ open: row.id })}
              />
              <MoreRows pages={pages} />
            </>
          )}
        </section>
      )}
      {search.create && may("end-users", "POST") && <EnableBalance onClose={close} />}
      {search.open && <BalanceDrawer key={search.open} id={search.open} onClose={close} />}
    </Page>
  );
}
