import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { Link, useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { CopyCheck, DatabaseZap } from "lucide-react";
import { useEffect, useRef, type CSSProperties } from "react";
import type { LogItem } from "@/api/types";
import { logSearch } from "@/format/log-search";
import { cacheWord, givenAgain } from "@/format/cache-words";
import { count, duration, exactMoney, nanoOf, short } from "@/format/numbers";
import { clock, day, exact } from "@/format/times";
import { StatusBadge } from "@/ui/Badge";
import { useColumns, type ColumnChoice, type Columns } from "@/ui/Columns";
import { Skeleton } from "@/ui/Page";
import { Money, useNow } from "@/ui/Value";
import { Guarded } from "./Verdicts";

const features = tableFeatures({ columnVisibilityFeature });
const column = createColumnHelper<typeof features, LogItem>();

/** Widths in CSS grid terms; numbers stand at the right. */
const layout: Record<string, { title: string; width: string; right?: boolean; hidden?: boolean }> = {
  time: { title: "Time", width: "minmax(92px, 124px)" },
  status: { title: "Status", width: "84px" },
  model: { title: "Model", width: "minmax(150px, 2fr)" },
  provider: { title: "Provider", width: "minmax(132px, 1fr)" },
  key: { title: "Key", width: "minmax(110px, 1.6fr)" },
  input: { title: "In", width: "60px", right: true },
  output: { title: "Out", width: "60px", right: true },
  cost: { title: "Cost", width: "100px", right: true },
  first: { title: "First byte", width: "82px", right: true },
  total: { title: "Total", width: "76px", right: true },
  error: { title: "Error", width: "minmax(124px, 1.2fr)" },
  cache: { title: "Cache", width: "104px", hidden: true },
  saved: { title: "Saved", width: "100px", right: true, hidden: true },
  guarded: { title: "Guardrails", width: "minmax(116px, 140px)", hidden: true },
  stream: { title: "Stream", width: "80px", hidden: true },
  path: { title: "Path", width: "minmax(170px, 1fr)", hidden: true },
  retries: { title: "Retries", width: "76px", right: true, hidden: true },
  session: { title: "Session", width: "minmax(120px, 1fr)", hidden: true },
  user: { title: "User", width: "minmax(110px, 1fr)", hidden: true },
  team: { title: "Team", width: "minmax(110px, 1fr)", hidden: true },
  route: { title: "Route", width: "minmax(110px, 1fr)", hidden: true },
  id: { title: "Request id", width: "310px", hidden: true },
};

const columns = Object.entries(layout).map(([id, { title }]) =>
  column.display({ id, header: title, cell: ({ row }) => <Cell id={id} row={row.original} /> }),
);

function Cell({ id, row }: { id: string; row: LogItem }) {
  switch (id) {
    case "time":
      return (
        <Link
          to="/logs/$id"
          params={{ id: row.id }}
          search={(old) => logSearch({ ...old })}
          title={exact(row.time_ms)}
          aria-label={`Request at ${exact(row.time_ms)}`}
        >
          <Moment ms={row.time_ms} />
        </Link>
      );
    case "status":
      return <StatusBadge status={row.status} running={row.state === "running"} />;
    case "model":
      return <ModelName row={row} />;
    case "provider":
      return row.provider ?? "–";
    case "key":
      return row.key_name ?? <span className="muted">{row.key_id ?? "none"}</span>;
    case "input":
      return (
        <span title={count(row.tokens.input)}>{row.tokens.source === "none" ? "–" : short(row.tokens.input)}</span>
      );
    case "output":
      return (
        <span title={count(row.tokens.output)}>{row.tokens.source === "none" ? "–" : short(row.tokens.output)}</span>
      );
    case "cost":
      if (givenAgain(row.cache))
        return (
          <span className="muted" title={`${cacheWord(row.cache).line} Saved ${exactMoney(nanoOf(row.saved_usd))}`}>
            <DatabaseZap className="icon inline" aria-hidden /> cached
          </span>
        );
      if (row.cost_nano === null)
        return <span className="muted">{row.cost_state === "unpriced" ? "unpriced" : "–"}</span>;
      return <Money nano={row.cost_nano} />;
    case "first":
      return row.first_byte_ms === null ? "–" : duration(row.first_byte_ms);
    case "total":
      return row.state === "running" ? "–" : duration(row.total_ms);
    case "error":
      return row.error ?? "";
    case "cache":
      return row.cache === "off" ? "" : <span title={cacheWord(row.cache).line}>{cacheWord(row.cache).label}</span>;
    case "saved":
      return nanoOf(row.saved_usd) > 0 ? <Money nano={nanoOf(row.saved_usd)} /> : "";
    case "guarded":
      return <Guarded verdicts={row.guardrails} />;
    case "path":
      return <span className="mono">{row.path}</span>;
    case "retries":
      return row.retries || "";
    case "stream":
      return row.stream ? "yes" : "no";
    case "session":
      return row.session ?? "";
    case "user":
      return <span title={row.user_id ?? undefined}>{row.user_name ?? row.user_id ?? ""}</span>;
    case "team":
      return row.team_id ?? "";
    case "route":
      return row.route ?? "";
    default:
      return <span className="mono">{row.id}</span>;
  }
}

/** The time of day; the date as well when it was not today. */
function Moment({ ms }: { ms: number }) {
  const today = day(useNow()) === day(ms);
  return (
    <time className="num" dateTime={new Date(ms).toISOString()}>
      {!today && <span className="muted">{day(ms).slice(5)} </span>}
      {clock(ms)}
    </time>
  );
}

function ModelName({ row }: { row: LogItem }) {
  const asked = row.requested_model ?? row.model;
  if (!asked) return <span className="muted">none</span>;
  const title = row.model && row.model !== asked ? `${asked} → ${row.model}` : asked;
  return (
    <span title={title}>
      {asked}
      {row.model && row.model !== asked && <span className="muted"> → {row.model}</span>}
      {row.mirror_of && (
        <span className="muted">
          {" "}
          <CopyCheck className="icon inline" aria-hidden /> mirrored
        </span>
      )}
    </span>
  );
}

const choices: ColumnChoice[] = Object.entries(layout).map(([id, { title, hidden }]) => ({
  id,
  label: title,
  fixed: id === "time",
  off: hidden,
}));

/** Which columns of the log this browser shows. */
export const useLogColumns = () => useColumns("logs", choices);

interface Props {
  columns: Columns;
  rows: LogItem[] | undefined;
  /** Rows with a greater id have just come. */
  freshAfter: string | undefined;
  selected: string | undefined;
  /** Changes when the list should jump to its top. */
  top: number;
  onScroll: (atTop: boolean) => void;
  more: boolean;
  loading: boolean;
  loadMore: () => void;
}

const none: LogItem[] = [];
const height = 36;

/** A table of which only the visible rows exist; reaching its end reads the next page. */
export function LogTable({
  columns: chosen,
  rows,
  freshAfter,
  selected,
  top,
  onScroll,
  more,
  loading,
  loadMore,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const navigate = useNavigate({ from: "/logs" });
  const table = useTable({
    features,
    columns,
    data: rows ?? none,
    getRowId: (row) => row.id,
    state: { columnVisibility: Object.fromEntries([...chosen.hidden].map((id) => [id, false])) },
  });
  const list = table.getRowModel().rows;
  // The compiler does not run here; the rule warns that it would skip this component.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => host.current,
    estimateSize: () => height,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more && !loading && last >= list.length - 20) loadMore();
  }, [more, loading, last, list.length, loadMore]);
  useEffect(() => {
    if (host.current) host.current.scrollTop = 0;
  }, [top]);
  const shown = table.getHeaderGroups()[0]?.headers ?? [];
  const grid: CSSProperties = {
    gridTemplateColumns: shown.map((header) => layout[header.column.id]?.width ?? "1fr").join(" "),
  };
  const side = (id: string) => `grid-cell ${layout[id]?.right ? "right" : ""}`;
  return (
    <div
      className="grid-table"
      ref={host}
      role="table"
      aria-label="Requests"
      aria-rowcount={more ? -1 : list.length + 1}
      aria-busy={!rows}
      onScroll={(event) => onScroll(event.currentTarget.scrollTop <= height)}
    >
      <div role="rowgroup">
        <div className="grid-head" role="row" style={grid}>
          {shown.map((header) => (
            <div key={header.id} role="columnheader" className={side(header.column.id)}>
              <table.FlexRender header={header} />
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: rows ? virtual.getTotalSize() : undefined }}>
        {!rows &&
          Array.from({ length: 12 }, (_, index) => (
            <Waiting key={index} at={index} grid={grid} columns={shown.length} />
          ))}
        {items.map((item) => {
          const row = list[item.index];
          if (!row) return null;
          return (
            // The link in the first cell has the keyboard; the rest of the row is a larger target for the pointer.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={row.id}
              role="row"
              aria-rowindex={item.index + 2}
              className={rowClass(row.id === selected, freshAfter !== undefined && row.id > freshAfter)}
              style={{ ...grid, transform: `translateY(${item.start}px)` }}
              onClick={(event) => {
                if (!(event.target as Element).closest("a, button"))
                  void navigate({ to: "/logs/$id", params: { id: row.id }, search: (old) => logSearch({ ...old }) });
              }}
            >
              {row.getVisibleCells().map((cell) => (
                <div key={cell.id} role="cell" className={side(cell.column.id)}>
                  <table.FlexRender cell={cell} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const rowClass = (selected: boolean, fresh: boolean) =>
  `grid-row ${selected ? "selected" : ""} ${fresh ? "fresh" : ""}`.trim();

const Waiting = ({ at, grid, columns: many }: { at: number; grid: CSSProperties; columns: number }) => (
  <div className="grid-row" role="row" style={{ ...grid, transform: `translateY(${at * height}px)` }}>
    {Array.from({ length: many }, (_, index) => (
      <div className="grid-cell" role="cell" key={index}>
        <Skeleton width={7 + ((at + index) % 4)} />
      </div>
    ))}
  </div>
);
