import { expect, test } from "vitest";
import type { RequestsTimeline } from "@/api/log-files";
import { csvPart } from "@/api/parted-file";
import { stepWord, timelineCount, timelineSeries } from "./timeline-series";

const bar = (part: Partial<RequestsTimeline["bars"][number]>) => ({
  start: 0,
  requests: 0,
  errors: 0,
  status_2xx: 0,
  status_3xx: 0,
  status_4xx: 0,
  status_5xx: 0,
  other: 0,
  running: 0,
  mirrors: 0,
  ...part,
});
const timeline = (complete: boolean): RequestsTimeline => ({
  from: 0,
  to: 2,
  step_ms: 60_000,
  source: "rows",
  complete,
  counted_from: Date.parse("2026-11-20T14:05Z"),
  bars: [bar({ requests: 3, errors: 1, status_2xx: 2, status_5xx: 1 }), bar({ requests: 1, other: 1, running: 2 })],
});

test("only classes that occur are drawn, and only classes of status can be filtered by", () => {
  expect(timelineSeries(timeline(true)).map(({ label, id }) => [label, id])).toEqual([
    ["2xx", "2xx"],
    ["5xx", "5xx"],
    ["No answer", undefined],
    ["Running", undefined],
  ]);
});

test("a count that is not the whole says so", () => {
  expect(timelineCount(timeline(true), "UTC")).toBe("4 requests, 1 with an error, 2 running");
  expect(timelineCount(timeline(false), "UTC")).toBe(
    "at least 4 requests, 1 with an error, 2 running, none counted before Nov 20 14:05",
  );
  expect([60_000, 300_000, 3_600_000, 43_200_000, 604_800_000].map(stepWord)).toEqual([
    "1 minute",
    "5 minutes",
    "1 hour",
    "12 hours",
    "7 days",
  ]);
});

test("parts of a file have one line of names; line breaks in quotes end no row", () => {
  const part = 'id,error\n1,"a ""b""\nc"\n2,\n';
  expect(csvPart(part, true)).toEqual({ text: part, rows: 2 });
  expect(csvPart(part, false)).toEqual({ text: '1,"a ""b""\nc"\n2,\n', rows: 2 });
  expect(csvPart("id,error\n", false)).toEqual({ text: "", rows: 0 });
});
