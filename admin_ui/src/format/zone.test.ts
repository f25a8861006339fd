import { expect, test } from "vitest";
import {
  bucketLabel,
  DAY,
  fromInput,
  HOUR,
  isZone,
  midnight,
  moment,
  monthStart,
  offset,
  timeLabel,
  toInput,
} from "./zone";

const utc = (text: string) => Date.parse(`${text}Z`);
const berlin = "Europe/Berlin";

test.each([
  ["a plain day", "2026-11-20T10:00", berlin, "2026-11-19T23:00", 24],
  ["clocks put back: 25 hours", "2026-10-25T10:00", berlin, "2026-10-24T22:00", 25],
  ["clocks put forward: 23 hours", "2026-03-29T10:00", berlin, "2026-03-28T23:00", 23],
  ["midnight that is skipped", "2026-09-06T12:00", "America/Santiago", "2026-09-06T04:00", 23],
  ["midnight at half an hour: the full UTC hour before", "2026-11-20T10:00", "Asia/Kolkata", "2026-11-19T18:00", 24],
  ["UTC", "2026-11-20T10:00", "UTC", "2026-11-20T00:00", 24],
])("%s", (_, at, zone, start, hours) => {
  const [from, to] = [midnight(utc(at), zone), midnight(utc(at), zone, 1)];
  expect(new Date(from).toISOString()).toContain(start);
  expect((to - from) / HOUR).toBe(hours);
});

test("months begin at their midnight, across the turn of a year and a change of clocks", () => {
  expect(monthStart(utc("2026-11-20T10:00"), berlin)).toBe(utc("2026-10-31T23:00"));
  expect(monthStart(utc("2026-11-20T10:00"), berlin, -1)).toBe(utc("2026-09-30T22:00"));
  expect(monthStart(utc("2026-01-20T10:00"), "UTC", -1)).toBe(utc("2025-12-01T00:00"));
});

test("a time that comes twice is the first one, one that is skipped the moment of the change", () => {
  expect(moment(utc("2026-10-25T02:30"), berlin)).toBe(utc("2026-10-25T00:30"));
  expect(moment(utc("2026-03-29T02:30"), berlin)).toBe(utc("2026-03-29T01:30"));
});

test("hours that come twice say which they are; days of another length say it", () => {
  expect(timeLabel(utc("2026-10-25T00:00"), berlin)).toBe("02:00 +02:00");
  expect(timeLabel(utc("2026-10-25T01:00"), berlin)).toBe("02:00 +01:00");
  expect(timeLabel(utc("2026-10-25T02:00"), berlin)).toBe("03:00");
  const start = utc("2026-10-24T22:00");
  expect(bucketLabel(start, start + 25 * HOUR, berlin)).toBe("Sun, Oct 25, 2026 (25 hours)");
  expect(bucketLabel(start - DAY, start, berlin)).toBe("Sat, Oct 24, 2026");
});

test("inputs hold the clocks of the zone", () => {
  const at = utc("2026-07-01T12:34");
  expect(toInput(at, "America/New_York")).toBe("2026-07-01T08:34");
  expect(fromInput("2026-07-01T08:34", "America/New_York")).toBe(at);
  expect(fromInput("", berlin)).toBeNull();
  expect(fromInput("yesterday", berlin)).toBeNull();
});

test("offsets and names of zones", () => {
  expect(offset(utc("2026-07-01T00:00"), "America/St_Johns")).toBe("−02:30");
  expect(isZone("Asia/Kathmandu")).toBe(true);
  for (const name of ["", "Mars/Olympus", 7, null, "x".repeat(80)]) expect(isZone(name)).toBe(false);
});
