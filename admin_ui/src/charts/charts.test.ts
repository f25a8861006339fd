import { expect, test } from "vitest";
import { DAY, HOUR, midnight } from "@/format/zone";
import { marked, moveMark, seriesAt, snap } from "./brush";
import { stack } from "./stack";
import { heights, ticks } from "./ticks";

const start = Date.parse("2026-11-20T00:00Z");
const hours = Array.from({ length: 48 }, (_, index) => start + index * HOUR);

test("a stack's sums go up, the top first", () => {
  expect(
    stack([
      [1, null],
      [2, 3],
    ]),
  ).toEqual([
    [3, 3],
    [1, 0],
  ]);
});

test("an axis names round times, midnight by its date, and no more than there is room for", () => {
  const names = ticks(hours, start + 2 * DAY, "UTC", 8);
  expect(names.map(({ label }) => label)).toEqual([
    "Nov 20",
    "06:00",
    "12:00",
    "18:00",
    "Nov 21",
    "06:00",
    "12:00",
    "18:00",
  ]);
  expect(ticks(hours, start + 2 * DAY, "Europe/Berlin", 4).map(({ label }) => label)).toEqual([
    "12:00",
    "Nov 21",
    "12:00",
    "Nov 22",
  ]);
});

test("buckets that meet no round time of the zone are named by the first one of a day", () => {
  const halves = Array.from({ length: 8 }, (_, index) => start + index * 12 * HOUR);
  const names = ticks(halves, start + 4 * DAY, "Europe/Berlin", 9);
  expect(names.map(({ at, label }) => [label, (at - start) / HOUR])).toEqual([
    ["Nov 21", 24],
    ["Nov 22", 48],
    ["Nov 23", 72],
  ]);
});

test("days are named in their middle, also where one has 25 hours", () => {
  const zone = "Europe/Berlin";
  const from = Date.parse("2026-10-24T10:00Z");
  const days = [0, 1, 2].map((number) => midnight(from, zone, number));
  const names = ticks(days, midnight(from, zone, 3), zone, 9);
  expect(names.map(({ label }) => label)).toEqual(["Oct 24", "Oct 25", "Oct 26"]);
  expect(names[1]?.at).toBe((days[1] ?? 0) + 12.5 * HOUR);
});

test("keys walk, select with Shift, and stay on the axis", () => {
  const first = moveMark(null, "ArrowLeft", false, 10);
  expect(first).toEqual({ at: 9, from: null });
  expect(moveMark(first ?? null, "ArrowRight", false, 10)?.at).toBe(9);
  const chosen = moveMark(moveMark({ at: 5, from: null }, "ArrowLeft", true, 10) ?? null, "ArrowLeft", true, 10);
  expect(chosen).toEqual({ at: 3, from: 5 });
  expect(chosen && marked(chosen)).toEqual([3, 5]);
  expect(moveMark(chosen ?? null, "Home", true, 10)).toEqual({ at: 0, from: 5 });
  expect(moveMark(chosen ?? null, "Escape", false, 10)).toEqual({ at: 3, from: null });
  expect(moveMark({ at: 3, from: null }, "Escape", false, 10)).toBeNull();
  expect(moveMark(null, "Escape", false, 10)).toBeUndefined();
  expect(moveMark(null, "a", false, 10)).toBeUndefined();
  expect(moveMark(null, "ArrowLeft", false, 0)).toBeUndefined();
});

test("a drag takes whole buckets", () => {
  expect(snap(start + 90 * 60_000, start + 3.5 * HOUR, hours, start + 2 * DAY)).toEqual([
    start + HOUR,
    start + 4 * HOUR,
  ]);
  expect(snap(start - HOUR, start + 60 * HOUR, hours, start + 2 * DAY)).toEqual([start, start + 2 * DAY]);
});

test("the series under the pointer is the one whose part of the stack is there", () => {
  const values = [[2], [null], [0], [3]];
  expect([1, 2, 2.5, 5, 6].map((value) => seriesAt(values, 0, value))).toEqual([0, 0, 3, 3, undefined]);
});

test("the upright axis has no label twice: whole numbers have whole steps, and nothing has only its 0", () => {
  expect(heights([[0, null], []])).toEqual({ splits: [0] });
  expect(
    heights([
      [0, 1],
      [null, 3],
    ]).incrs?.slice(0, 4),
  ).toEqual([1, 2, 5, 10]);
  expect(heights([[0.25, 1]])).toEqual({});
});
