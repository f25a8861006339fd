import type { RequestsTimeline } from "@/api/log-files";
import type { Series } from "@/charts/series";
import { count } from "./numbers";
import { dayLabel, timeLabel } from "./zone";

type Bar = RequestsTimeline["bars"][number];

const classes: [label: string, color: Series["color"], pick: keyof Bar, status?: string][] = [
  ["2xx", "c1", "status_2xx", "2xx"],
  ["3xx", "c2", "status_3xx", "3xx"],
  ["4xx", "c6", "status_4xx", "4xx"],
  ["5xx", "c-error", "status_5xx", "5xx"],
  ["No answer", "c-ended", "other"],
  ["Running", "c3", "running"],
  ["Mirrored copies", "c5", "mirrors"],
];

/** The stack of status classes; those that never occur are left out. A class that can be filtered by has its `id`. */
export const timelineSeries = ({ bars }: RequestsTimeline): Series[] =>
  classes
    .filter(([, , pick], index) => index === 0 || bars.some((bar) => bar[pick] > 0))
    .map(([label, color, pick, id]) => ({ label, color, id, values: bars.map((bar) => bar[pick]) }));

const sum = (bars: readonly Bar[], pick: keyof Bar) => bars.reduce((total, bar) => total + bar[pick], 0);

/** "1,234 requests, 12 with an error"; "at least" where not all could be counted. */
export function timelineCount({ bars, complete, counted_from: since }: RequestsTimeline, zone: string): string {
  const [requests, errors, running, mirrors] = (["requests", "errors", "running", "mirrors"] as const).map((pick) =>
    sum(bars, pick),
  ) as [number, number, number, number];
  const parts = [
    `${complete ? "" : "at least "}${count(requests)} ${requests === 1 ? "request" : "requests"}`,
    errors > 0 && `${count(errors)} with an error`,
    running > 0 && `${count(running)} running`,
    mirrors > 0 && `${count(mirrors)} mirrored`,
    !complete && `none counted before ${dayLabel(since, zone)} ${timeLabel(since, zone)}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** "1 minute", "12 hours": what one bar is. */
export function stepWord(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, "day"],
      [3_600_000, "hour"],
      [60_000, "minute"],
    ] as const
  ).find(([one]) => ms >= one) ?? [60_000, "minute"];
  const many = ms / size;
  return `${many} ${unit}${many === 1 ? "" : "s"}`;
}
