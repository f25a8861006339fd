import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { NotebookText } from "lucide-react";
import { ownersQuery, type Owner } from "@/api/owners";
import { usePages } from "@/api/use-pages";
import { useApp } from "@/app-context";
import type { DialogsSearch } from "@/format/dialog-search";
import { count, short } from "@/format/numbers";
import { OwnerName } from "@/pages/balances/OwnerName";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { MoreRows } from "@/ui/MoreRows";
import { Empty, LoadProblem } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useDebounced } from "@/ui/use-debounced";
import { Ago } from "@/ui/Value";

const column = columnsOf<Owner>();

const columns = column.columns([
  column.display({
    id: "name",
    header: "User",
    cell: ({ row: { original: owner } }) => (
      <OwnerName owner={owner}>
        <Link className="name" to="/dialogs" search={(old) => ({ ...old, open: owner.id })}>
          {owner.name ?? owner.id}
        </Link>
      </OwnerName>
    ),
  }),
  column.accessor("dialogs", { header: "Dialogs", cell: ({ getValue }) => count(getValue()) }),
  column.accessor("messages", { header: "Messages", cell: ({ getValue }) => count(getValue()) }),
  column.accessor("tokens", {
    header: "Tokens",
    cell: ({ getValue }) => <span title={`${count(getValue())} tokens`}>{short(getValue())}</span>,
  }),
  column.accessor("last_activity", {
    header: "Last active",
    cell: ({ getValue }) => {
      const at = getValue();
      return at === null ? <span className="muted">never</span> : <Ago ms={Date.parse(at)} />;
    },
  }),
]);

interface Props {
  search: DialogsSearch;
  change: (part: Partial<DialogsSearch>) => void;
}

/** Whoever has dialogs, the last active first. What they said is theirs: it is shown to nobody else. */
export function OwnerList({ search, change }: Props) {
  const { api } = useApp();
  const q = search.q ?? "";
  const found = useInfiniteQuery(ownersQuery(api, useDebounced(q, 200), true));
  const pages = usePages<Owner>(found);
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  const none = pages.rows?.length === 0 && !pages.more;
  return (
    <div className="stack">
      {!(none && !q) && (
        <div className="list-tools">
          <SearchBox
            label="Filter users"
            value={q}
            onChange={(text) => change({ q: text || undefined })}
            count={pages.total}
          />
        </div>
      )}
      <section className="card table-card" aria-label="Users with dialogs">
        {none ? (
          <Empty icon={NotebookText} title={q ? "No user matches" : "No dialogs yet"}>
            {q
              ? `Nobody with dialogs is called “${q}”.`
              : "Everybody who signs in here can talk with the models on the Chat page, and applications can through the API under /api/v1/dialogs. Whoever does is listed here; what was said stays theirs."}
          </Empty>
        ) : (
          <>
            <ListTable
              label="Users with dialogs"
              columns={columns}
              rows={pages.rows}
              rowKey={(row) => row.id}
              right={["dialogs", "messages", "tokens"]}
              cards
              selected={search.open}
              onOpen={(row) => change({ open: row.id })}
            />
            <MoreRows pages={pages} />
          </>
        )}
      </section>
    </div>
  );
}
