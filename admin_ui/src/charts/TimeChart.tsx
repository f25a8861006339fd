import { lazy, Suspense, useState, type KeyboardEvent, type ReactNode } from "react";
import { bucketLabel, ownZone } from "@/format/zone";
import { Button } from "@/ui/Button";
import { marked, moveMark, type Mark } from "./brush";
import { Figures } from "./Figures";
import type { Series } from "./series";

export type { Series } from "./series";

export interface ChartProps {
  title: string;
  /** Beside the title. */
  note?: ReactNode;
  /** Starts of the buckets, Unix ms, without gaps; and where the last one ends. */
  times: number[];
  end: number;
  /** The zone whose clocks name the buckets; the browser's own when it is not given. */
  zone?: string;
  /** Bars are a stack: their sum means something. */
  kind: "bars" | "lines";
  series: Series[];
  format: (value: number) => string;
  /** The exact value, for tables. */
  exact?: (value: number) => string;
  /** Called with the ends of the chosen buckets in Unix ms after a drag across the chart, or Enter on it. */
  onZoom?: (from: number, to: number) => void;
  /** What choosing a time does, for the keyboard's hint. */
  zoomWord?: string;
  /** Called with the `id` of a series that was clicked. */
  onPick?: (id: string) => void;
  pickWord?: string;
  small?: boolean;
}

const NoPlot = () => <p className="muted small">The chart could not be loaded. The table has the same figures.</p>;

// uPlot and its styles are not needed to sign in or to read a list: a chunk of their own. Without them the page still works.
const Plot = lazy(() =>
  import("./Plot").then(
    (module) => ({ default: module.Plot }),
    () => ({ default: NoPlot }),
  ),
);

/** A chart over time with a legend that follows the pointer, and the same figures as a table. */
export function TimeChart(props: ChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const { title, note, small } = props;
  return (
    <section className={small ? "card small-chart" : "card"} aria-label={title}>
      <header>
        <div className="row wrap">
          <h2>{title}</h2>
          {note && <span className="muted small">{note}</span>}
        </div>
        <Button size="compact" tone="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? "Chart" : "Table"}
        </Button>
      </header>
      <div className="card-body stack tight">
        <Legend {...props} at={at} />
        {table ? <Figures {...props} /> : <Drawing {...props} onHover={setAt} />}
      </div>
    </section>
  );
}

const show = (value: number | null | undefined, format: ChartProps["format"]) => (value == null ? "–" : format(value));

const bucketAt = ({ times, end, zone = ownZone() }: ChartProps, at: number) =>
  bucketLabel(times[at] ?? 0, times[at + 1] ?? end, zone);

/** What the colours mean; with a bucket in view also its values. Series that can be picked are buttons. */
function Legend(props: ChartProps & { at: number | null }) {
  const { series, format, at, onPick, pickWord = "Filter by" } = props;
  return (
    <div className="chart-legend">
      {series.map((line) => {
        const text = (
          <>
            <span className={`key ${line.color}`} />
            <span className="truncate">{line.label}</span> {at !== null && <b>{show(line.values[at], format)}</b>}
          </>
        );
        const { id } = line;
        return onPick && id !== undefined ? (
          <button key={id} type="button" title={`${pickWord} ${line.label}`} onClick={() => onPick(id)}>
            {text}
          </button>
        ) : (
          <span key={line.label}>{text}</span>
        );
      })}
      {at !== null && <span className="muted">{bucketAt(props, at)}</span>}
    </div>
  );
}

/** The plot and its keyboard: arrows walk through the buckets and say them, Shift selects, Enter takes the selection. */
function Drawing(props: ChartProps & { onHover: (index: number | null) => void }) {
  const { title, times, end, zone = ownZone(), series, format, onZoom, zoomWord = "zooms in", onHover } = props;
  const [kept, setMark] = useState<Mark | null>(null);
  const mark = kept && kept.at < times.length ? kept : null;
  const plot = (
    <Suspense>
      <Plot {...props} zone={zone} onHover={onHover} mark={mark} />
    </Suspense>
  );
  if (!onZoom || times.length === 0) {
    return (
      <div className="chart-plot" role="img" aria-label={`${title} over time. The button Table shows the figures.`}>
        {plot}
      </div>
    );
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && mark) {
      const [first, last] = marked(mark);
      setMark(null);
      onZoom(times[first] ?? 0, times[last + 1] ?? end);
    } else {
      const next = moveMark(mark, event.key, event.shiftKey, times.length);
      if (next === undefined) return;
      setMark(next);
    }
    event.preventDefault();
  };
  const say = (index: number) => bucketAt(props, index);
  const [first, last] = mark ? marked(mark) : [0, 0];
  const values = mark && series.map((line) => `${line.label} ${show(line.values[mark.at], format)}`).join(", ");
  return (
    <div
      className="chart-plot brush"
      role="slider"
      tabIndex={0}
      aria-label={`${title} over time. Arrow keys walk, Shift selects, Enter ${zoomWord}; the button Table shows the figures.`}
      aria-valuemin={0}
      aria-valuemax={times.length - 1}
      aria-valuenow={mark?.at ?? times.length - 1}
      aria-valuetext={
        mark ? `${first === last ? say(first) : `${say(first)} to ${say(last)}`}: ${values}` : "Nothing is marked"
      }
      onKeyDown={onKeyDown}
      onBlur={() => setMark(null)}
    >
      {plot}
    </div>
  );
}
