import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { Copy, Ellipsis, FileDiff, GitCompareArrows, History, Undo2 } from "lucide-react";
import { useState } from "react";
import { releaseQuery } from "@/api/queries";
import { publicationsQuery, type Publication } from "@/api/releases";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { count } from "@/format/numbers";
import { releaseSearch, releasesSearch, shortHash } from "@/format/release-search";
import { Badge } from "@/ui/Badge";
import { Button, buttonClass, IconButton } from "@/ui/Button";
import { columnsOf, ListTable } from "@/ui/ListTable";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { Ago } from "@/ui/Value";
import { DraftDrawer } from "./DraftDrawer";
import { RollBack } from "./RollBack";
import { byWord, causeWord, countsText } from "./words";

const route = getRouteApi("/frame/releases");
const column = columnsOf<Publication>();

const columns = column.columns([
  column.display({
    id: "number",
    header: "Release",
    cell: ({ row: { original: row } }) => (
      <Link className="name num" to="/releases/$hash" params={{ hash: row.release }} search={{ number: row.number }}>
        #{row.number}
      </Link>
    ),
  }),
  column.display({
    id: "state",
    header: "State",
    cell: ({ row }) =>
      row.original.in_force ? <Badge state="ok">in force</Badge> : <span className="sub">earlier</span>,
  }),
  column.display({ id: "at", header: "When", cell: ({ row }) => <Ago ms={row.original.at} /> }),
  column.display({ id: "by", header: "Who", cell: ({ row }) => <span>{byWord(row.original)}</span> }),
  column.display({ id: "cause", header: "Cause", cell: ({ row }) => <span>{causeWord(row.original.cause)}</span> }),
  column.display({
    id: "holds",
    header: "Holds",
    cell: ({ row }) => <span className="sub num">{countsText(row.original)}</span>,
  }),
  column.display({
    id: "hash",
    header: "Hash",
    cell: ({ row }) => (
      <span className="mono sub" title={row.original.release}>
        {shortHash(row.original.release)}
      </span>
    ),
  }),
  column.display({
    id: "actions",
    header: () => <span className="visually-hidden">Actions</span>,
    cell: ({ row }) => <Actions row={row.original} />,
  }),
]);

function Actions({ row }: { row: Publication }) {
  const navigate = useNavigate({ from: "/releases" });
  const may = useAllowed();
  const [asking, setAsking] = useState(false);
  const show = (against?: string) =>
    void navigate({
      to: "/releases/$hash",
      params: { hash: row.release },
      search: { number: row.number, against },
    });
  return (
    <div className="row actions-cell">
      <Menu
        label={`Actions for release #${row.number}`}
        trigger={<IconButton size="compact" label={`Actions for release #${row.number}`} icon={Ellipsis} />}
      >
        <MenuItem icon={FileDiff} onSelect={() => show()}>
          What it changed
        </MenuItem>
        {!row.in_force && (
          <MenuItem icon={GitCompareArrows} onSelect={() => show("force")}>
            Compare with the one in force
          </MenuItem>
        )}
        <MenuItem icon={Copy} onSelect={() => void navigator.clipboard.writeText(row.release)}>
          Copy hash
        </MenuItem>
        {!row.in_force && may("rollback", "POST") && (
          <>
            <MenuLine />
            <MenuItem icon={Undo2} danger onSelect={() => setAsking(true)}>
              Roll back to this…
            </MenuItem>
          </>
        )}
      </Menu>
      {asking && (
        <RollBack
          release={row.release}
          number={row.number}
          onClose={() => setAsking(false)}
          onDone={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** What was in force, when and by whom; how any two differ; the way back. */
export function ReleasesPage() {
  const { api } = useApp();
  const search = releasesSearch({ ...route.useSearch() });
  const { hash } = useParams({ strict: false });
  const open = releaseSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/releases" });
  const may = useAllowed();
  const list = useInfiniteQuery(publicationsQuery(api));
  const present = useQuery(releaseQuery(api)).data;
  const rows = list.data?.pages.flatMap((page) => page.items);
  const shown = rows?.find((row) => row.release === hash && (open.number ?? row.number) === row.number);
  const pending = present?.pending ?? 0;
  const show = (row: Publication) =>
    void navigate({ to: "/releases/$hash", params: { hash: row.release }, search: { number: row.number } });
  return (
    <Page
      title="Releases"
      purpose="Every configuration that was in force: providers, their keys, models and routes. Each request names the release it ran under."
      actions={
        present?.publishing === "draft" && (
          <Link
            to="/releases"
            search={{ draft: true }}
            className={buttonClass({ tone: pending ? "primary" : "normal" })}
          >
            <FileDiff className="icon" aria-hidden />
            {pending ? `Review ${pending} unpublished` : "Draft: nothing to publish"}
          </Link>
        )
      }
    >
      {list.error && !rows ? (
        <LoadProblem error={list.error} retry={() => void list.refetch()} />
      ) : (
        <section className="card table-card" aria-label="Releases">
          {rows?.length === 0 ? (
            <Empty
              icon={History}
              title="Nothing was published yet"
              action={
                may("providers", "POST") && (
                  <Link to="/providers" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
                    Add a provider
                  </Link>
                )
              }
            >
              Adding a provider, a model or a route publishes the first release. From then on every change is listed
              here, and you can go back to any of them.
            </Empty>
          ) : (
            <ListTable
              label="Releases"
              columns={columns}
              rows={rows}
              rowKey={(row) => String(row.number)}
              right={["actions"]}
              cards
              selected={shown && String(shown.number)}
              onOpen={show}
            />
          )}
          {rows && rows.length > 0 && (
            <div className="table-foot">
              <span className="num" role="status">
                {list.hasNextPage ? `The newest ${count(rows.length)}` : `${count(rows.length)} in total`}
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
      {search.draft && <DraftDrawer onClose={() => void navigate({ to: "/releases", search: {} })} />}
      <Outlet />
    </Page>
  );
}
