import { useState } from "react";
import { bucketLabel, HOUR, ownZone } from "@/format/zone";
import { SortHead, type Sorting } from "@/ui/SortHead";
import type { ChartProps } from "./TimeChart";

const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
const told = (value: number | null, format: (value: number) => string) => (value === null ? "–" : format(value));

/** The figures of a chart: a line per bucket, the newest first until sorted; bars have a sum by line and by column. */
export function Figures({ title, times, end, zone = ownZone(), kind, series, format, exact }: ChartProps) {
  const [sorting, setSorting] = useState<Sorting>({ by: "time", dir: "desc" });
  const stacked = kind === "bars";
  const total = stacked && series.length > 1;
  const lines = times.map((start, at) => {
    const values = series.map((line) => line.values[at] ?? null);
    return { start, end: times[at + 1] ?? end, values, sum: sum(values) };
  });
  const value = (line: (typeof lines)[number]) =>
    sorting.by === "time" ? line.start : sorting.by === "sum" ? line.sum : (line.values[Number(sorting.by)] ?? -1);
  const sign = sorting.dir === "asc" ? 1 : -1;
  const sorted = [...lines].sort((a, b) => sign * (value(a) - value(b)) || b.start - a.start);
  const cell = (amount: number | null, key: string | number) => (
    <td key={key} className="right" title={amount === null || !exact ? undefined : exact(amount)}>
      {told(amount, format)}
    </td>
  );
  return (
    // A region that scrolls must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll chart-plot" tabIndex={0} role="region" aria-label={`${title}, figures`}>
      <table className="table plain">
        <thead>
          <tr>
            <SortHead name="time" sorting={sorting} onSort={setSorting}>
              {(times[1] ?? end) - (times[0] ?? 0) >= 20 * HOUR ? "Day" : "Time"}
            </SortHead>
            {series.map((line, index) => (
              <SortHead key={line.label} name={String(index)} sorting={sorting} onSort={setSorting} right>
                {line.label}
              </SortHead>
            ))}
            {total && (
              <SortHead name="sum" sorting={sorting} onSort={setSorting} right>
                Sum
              </SortHead>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((line) => (
            <tr key={line.start}>
              <td className="num nowrap">{bucketLabel(line.start, line.end, zone)}</td>
              {line.values.map((amount, index) => cell(amount, index))}
              {total && cell(line.sum, "sum")}
            </tr>
          ))}
        </tbody>
        {stacked && (
          <tfoot>
            <tr>
              <th scope="row">Sum</th>
              {series.map((line) => cell(sum(line.values), line.label))}
              {total && cell(sum(lines.map((line) => line.sum)), "sum")}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
