import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { ClipboardList } from "lucide-react";
import { auditFile, auditQuery, type AuditEntry } from "@/api/audit";
import { useApp } from "@/app-context";
import { actionWord, activeAuditFilters, auditSearch, type AuditSearch } from "@/format/audit-search";
import { changesText } from "@/format/changes";
import { count } from "@/format/numbers";
import { shortHash } from "@/format/release-search";
import { Button } from "@/ui/Button";
import { Export } from "@/ui/Export";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Problem } from "@/ui/Note";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { Ago } from "@/ui/Value";
import { AuditFilters } from "./AuditFilters";
import { Actor, nameOf, namesOf, ofOneself, OutcomeBadge, Thing } from "./Words";

const route = getRouteApi("/frame/audit");
/** An entry, and what its thing is called. */
interface Row extends AuditEntry {
  name: string | undefined;
}

const column = columnsOf<Row>();

const columns = column.columns([
  column.display({
    id: "when",
    header: "When",
    cell: ({ row: { original: entry } }) => (
      <Link className="name" to="/audit/$id" params={{ id: entry.id }} search={(old) => auditSearch({ ...old })}>
        <Ago ms={entry.time_ms} />
        <span className="visually-hidden">
          , details: {actionWord(entry.action)} {entry.name ?? entry.noun_id}
        </span>
      </Link>
    ),
  }),
  column.display({ id: "who", header: "Who", cell: ({ row }) => <Actor entry={row.original} /> }),
  column.display({
    id: "what",
    header: "What",
    cell: ({ row: { original: entry } }) => (
      <span>
        {actionWord(entry.action)}{" "}
        {entry.noun_id && !ofOneself(entry) && <Thing noun={entry.noun} id={entry.noun_id} name={entry.name} />}
      </span>
    ),
  }),
  column.display({
    id: "changes",
    header: "Changes",
    cell: ({ row: { original: entry } }) =>
      entry.changes.length > 0 ? (
        <span className="num nowrap">{changesText(entry.changes)}</span>
      ) : (
        <span className="sub">–</span>
      ),
  }),
  column.display({
    id: "outcome",
    header: "Outcome",
    cell: ({ row }) => <OutcomeBadge outcome={row.original.outcome} />,
  }),
  column.display({
    id: "from",
    header: "From",
    cell: ({ row }) => <span className="mono sub">{row.original.address || "–"}</span>,
  }),
  column.display({
    id: "release",
    header: "Release",
    cell: ({ row: { original: entry } }) =>
      entry.release_after ? (
        <Link to="/releases/$hash" params={{ hash: entry.release_after }} className="mono">
          {shortHash(entry.release_after)}
        </Link>
      ) : (
        <span className="sub">–</span>
      ),
  }),
]);

/** Who changed what, when and from where. */
export function AuditPage() {
  const { api } = useApp();
  const search = auditSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/audit" });
  const { id } = useParams({ strict: false });
  const list = useInfiniteQuery(auditQuery(api, search));
  const entries = list.data?.pages.flatMap((page) => page.items);
  const names = namesOf(entries ?? []);
  const rows = entries?.map((entry) => ({ ...entry, name: nameOf(entry, names) }));
  const filtered = activeAuditFilters(search).length > 0 || search.range !== undefined || search.from !== undefined;
  const actors = [...new Set((rows ?? []).map((entry) => entry.actor_name).filter(Boolean))].sort();
  const change = (part: Partial<AuditSearch>) =>
    void navigate({ to: "/audit", search: (old) => auditSearch({ ...old, ...part }) });
  const nothing = rows?.length === 0 && !list.hasNextPage;
  return (
    <Page
      title="Audit"
      purpose="Every change of the configuration, of keys and of people, and every sign-in. Nothing here can be edited or taken away."
      actions={
        <Export
          name="audit"
          noun={["entry", "entries"]}
          read={(format, tell, signal) => auditFile(api, search, format, tell, signal)}
        />
      }
    >
      <AuditFilters search={search} actors={actors} change={change} clear={() => void navigate({ search: {} })} />
      {list.error && !rows ? (
        <LoadProblem error={list.error} retry={() => void list.refetch()} />
      ) : (
        <section className="card table-card" aria-label="Audit log">
          {nothing ? (
            <Nothing filtered={filtered} />
          ) : (
            <ListTable
              label="Audit log"
              columns={columns}
              rows={rows}
              rowKey={(entry) => entry.id}
              cards
              selected={id}
              onOpen={(entry) =>
                void navigate({ to: "/audit/$id", params: { id: entry.id }, search: (old) => auditSearch({ ...old }) })
              }
            />
          )}
          {list.error && rows && <Problem error={list.error} kept="What was read is still here." />}
          {!nothing && (
            <div className="table-foot">
              <span className="num" role="status">
                {!rows
                  ? "Reading…"
                  : list.hasNextPage
                    ? `${count(rows.length)} read so far, more below`
                    : `${count(rows.length)} ${rows.length === 1 ? "entry" : "entries"}, complete`}
              </span>
              {list.hasNextPage && (
                <Button size="compact" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  Show older
                </Button>
              )}
            </div>
          )}
        </section>
      )}
      <Outlet />
    </Page>
  );
}

const Nothing = ({ filtered }: { filtered: boolean }) => (
  <Empty icon={ClipboardList} title={filtered ? "No entry matches" : "Nothing was changed yet"}>
    {filtered
      ? "Take a filter away or choose a longer time."
      : "Whatever is created, changed or deleted from now on leaves an entry here: who, when, from where, before and after."}
  </Empty>
);
