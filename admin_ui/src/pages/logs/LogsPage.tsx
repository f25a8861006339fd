import { getRouteApi, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { Pause, Play, Radio, ScrollText, TriangleAlert } from "lucide-react";
import { useCallback, useState } from "react";
import { count } from "@/format/numbers";
import { activeFilters, logSearch, type LogSearch } from "@/format/log-search";
import { Button } from "@/ui/Button";
import { ColumnChooser } from "@/ui/Columns";
import { Code } from "@/ui/Copy";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { chatCurl } from "@/format/snippets";
import { Filters } from "./Filters";
import { LogExport } from "./LogExport";
import { LogTable, useLogColumns } from "./LogTable";
import { RequestsTimeline } from "./RequestsTimeline";
import { useLogRows } from "./use-log-rows";

const route = getRouteApi("/frame/logs");

/** Every request that came in, newest first. */
export function LogsPage() {
  const search = logSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/logs" });
  const { id } = useParams({ strict: false });
  const live = Boolean(search.live);
  const { pages, rows, freshAfter, waiting, paused, pause, resume } = useLogRows(search);
  const [top, setTop] = useState(0);
  const columns = useLogColumns();
  const change = useCallback(
    (part: Partial<LogSearch>) => void navigate({ search: (old) => logSearch({ ...old, ...part }) }),
    [navigate],
  );
  const filtered = activeFilters(search).length > 0 || search.range !== undefined || search.from !== undefined;
  const empty = pages.isSuccess && rows.length === 0 && !pages.isFetching && !pages.hasNextPage;
  const toTop = () => {
    resume();
    setTop((times) => times + 1);
  };
  return (
    <Page
      full
      title="Logs"
      purpose="Every request, newest first: who asked what, who answered, how long it took, what it cost."
      actions={
        <>
          <ColumnChooser columns={columns} />
          <LogExport search={search} />
          {live && (
            <Button icon={paused ? Play : Pause} onClick={() => (paused ? toTop() : pause("hand"))}>
              {paused ? "Resume" : "Pause"}
            </Button>
          )}
          <Button
            icon={Radio}
            tone={live ? "primary" : "normal"}
            aria-pressed={live}
            onClick={() => change({ live: live ? undefined : true })}
          >
            Live
          </Button>
        </>
      }
    >
      <Filters search={search} change={change} clear={() => void navigate({ search: live ? { live: true } : {} })} />
      {(filtered || !empty) && <RequestsTimeline search={search} change={change} />}
      {pages.error && rows.length === 0 ? (
        <LoadProblem error={pages.error} retry={() => void pages.refetch()} />
      ) : (
        <section className="card table-card grow log-card" aria-label="Requests">
          {paused && waiting > 0 && (
            <button className="waiting" onClick={toTop}>
              {count(waiting)} new {waiting === 1 ? "request" : "requests"} · show
            </button>
          )}
          {empty ? (
            <Nothing filtered={filtered} live={live} />
          ) : (
            <LogTable
              columns={columns}
              freshAfter={freshAfter}
              rows={pages.isPending ? undefined : rows}
              selected={id}
              top={top}
              onScroll={(atTop) => (atTop ? resume("scroll") : pause("scroll"))}
              more={pages.hasNextPage && !pages.isError}
              loadMore={() => void pages.fetchNextPage()}
              loading={pages.isFetchingNextPage}
            />
          )}
          <div className="table-foot" role="status">
            <span className="num">{pages.isPending ? "Reading…" : footText(rows.length, pages.hasNextPage)}</span>
            {pages.isFetchingNextPage && <span>Looking further back…</span>}
            {pages.isError && rows.length > 0 && (
              <span className="row">
                <TriangleAlert className="icon" aria-hidden /> {pages.error.message}
                <Button size="compact" onClick={() => void pages.fetchNextPage()}>
                  Try again
                </Button>
              </span>
            )}
            {live && <span>{paused ? "Paused" : "Live, every 2 s"}</span>}
          </div>
        </section>
      )}
      <Outlet />
    </Page>
  );
}

const footText = (shown: number, more: boolean) =>
  more
    ? `${count(shown)} read so far, more below`
    : `${count(shown)} ${shown === 1 ? "request" : "requests"}, complete`;

function Nothing({ filtered, live }: { filtered: boolean; live: boolean }) {
  const { config } = useApp();
  if (filtered) {
    return (
      <Empty icon={ScrollText} title="No request matches">
        Take a filter away or choose a longer time.{live && " New requests that match will appear here."}
      </Empty>
    );
  }
  return (
    <Empty
      icon={ScrollText}
      title="No request yet"
      below={
        <Code
          text={chatCurl({ url: clientUrl(config), key: "$GATEWAY_KEY", model: "your-model" })}
          label="Copy the curl command"
        />
      }
    >
      Every request leaves one row here, also when it is refused. Send one, with a key from the page Keys and a model
      from the page Models:
    </Empty>
  );
}
