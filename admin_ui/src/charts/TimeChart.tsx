import { lazy, Suspense, useState } from "react";
import { clock, day } from "@/format/times";
import { Button } from "@/ui/Button";

export interface Series {
  label: string;
  /** One value per bucket; null = nothing was measured. */
  values: (number | null)[];
  color: "c1" | "c2" | "c3" | "c4" | "c-error";
}

export interface ChartProps {
  title: string;
  /** Starts of the buckets, Unix ms. */
  times: number[];
  bucket: "hour" | "day";
  kind: "bars" | "lines";
  series: Series[];
  format: (value: number) => string;
  /** Called with two ends in Unix ms after a drag across the chart. */
  onZoom?: (from: number, to: number) => void;
}

// uPlot and its styles are not needed to sign in or to read a list: a chunk of their own.
const Plot = lazy(() => import("./Plot").then((module) => ({ default: module.Plot })));

/** A chart over time with a legend that follows the pointer, and the same figures as a table. */
export function TimeChart(props: ChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const { title, series, times, format, bucket } = props;
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Button size="compact" tone="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? "Chart" : "Table"}
        </Button>
      </header>
      <div className="card-body stack tight">
        <div className="chart-legend">
          {series.map((line) => (
            <span key={line.label}>
              <span className={`key ${line.color}`} />
              {line.label} {at !== null && <b>{show(line.values[at], format)}</b>}
            </span>
          ))}
          {at !== null && <span className="muted">{label(times[at], bucket)}</span>}
        </div>
        {table ? (
          <Figures {...props} />
        ) : (
          <div className="chart-plot" role="img" aria-label={`${title} over time. The button Table shows the figures.`}>
            <Suspense>
              <Plot {...props} onHover={setAt} />
            </Suspense>
          </div>
        )}
      </div>
    </section>
  );
}

const show = (value: number | null | undefined, format: ChartProps["format"]) => (value == null ? "–" : format(value));

const label = (ms: number | undefined, bucket: ChartProps["bucket"]) =>
  ms === undefined ? "" : bucket === "day" ? day(ms) : `${day(ms)} ${clock(ms).slice(0, 5)}`;

function Figures({ title, times, series, format, bucket }: ChartProps) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll chart-plot" tabIndex={0} role="region" aria-label={`${title}, figures`}>
      <table className="table plain">
        <thead>
          <tr>
            <th>{bucket === "day" ? "Day" : "Hour"}</th>
            {series.map((line) => (
              <th key={line.label} className="right">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .map((ms, index) => (
              <tr key={ms}>
                <td className="num">{label(ms, bucket)}</td>
                {series.map((line) => (
                  <td key={line.label} className="right">
                    {show(line.values[index], format)}
                  </td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </div>
  );
}
