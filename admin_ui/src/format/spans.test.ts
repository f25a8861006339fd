import { expect, test } from "vitest";
import { intervalOf, spanLabel, spanOf, spanProblem } from "./spans";
import { DAY, HOUR } from "./zone";

const utc = (text: string) => Date.parse(`${text}Z`);
const now = utc("2026-11-21T10:51");
const berlin = "Europe/Berlin";

test("yesterday is a day of the zone, compared with the day before", () => {
  const span = spanOf({ range: "yesterday" }, now, berlin);
  expect([span.from, span.to]).toEqual([utc("2026-11-19T23:00"), utc("2026-11-20T23:00")]);
  expect(span.before).toEqual({ from: utc("2026-11-18T23:00"), to: utc("2026-11-19T23:00") });
  expect(span).toMatchObject({ open: false, beforeLabel: "the day before" });
});

test("what is not over is compared with as much of the time before", () => {
  const today = spanOf({ range: "today" }, now, "UTC");
  expect(today.before).toEqual({ from: utc("2026-11-20T00:00"), to: utc("2026-11-20T11:00") });
  expect(today.beforeLabel).toBe("yesterday until 11:00");
  const week = spanOf({}, now, "UTC");
  expect(week.from).toBe(utc("2026-11-15T00:00"));
  expect(week.before).toEqual({ from: utc("2026-11-08T00:00"), to: utc("2026-11-14T11:00") });
  expect(week).toMatchObject({ open: true, beforeShort: "the 7 days before" });
  const month = spanOf({ range: "month" }, utc("2026-03-31T12:00"), "UTC");
  expect(month.before).toEqual({ from: utc("2026-02-01T00:00"), to: utc("2026-03-01T00:00") });
});

test("two ends of one's own are compared with as long a time before", () => {
  const span = spanOf({ from: now - 5 * HOUR, to: now - 2 * HOUR }, now, berlin);
  expect(span.before).toEqual({ from: now - 8 * HOUR, to: now - 5 * HOUR });
  expect(span.beforeLabel).toBe("the 3 hours before");
  const future = spanOf({ from: now + DAY, to: now + 2 * DAY }, now, berlin);
  expect(future).toMatchObject({ open: true, before: { from: now, to: now + DAY } });
});

test("hours up to three days, a day of 25 hours among them; never hours beyond 31 days", () => {
  expect(intervalOf({ from: 0, to: 3 * DAY + HOUR })).toBe("hour");
  expect(intervalOf({ from: 0, to: 4 * DAY })).toBe("day");
  expect(intervalOf({ from: 0, to: 31 * DAY }, "hour")).toBe("hour");
  expect(intervalOf({ from: 0, to: 32 * DAY }, "hour")).toBe("day");
  expect(intervalOf({ from: 0, to: HOUR }, "day")).toBe("day");
});

test("a time that cannot be asked for is refused in words", () => {
  expect(spanProblem(null, 1)).toBeTruthy();
  expect(spanProblem(2, 2)).toBeTruthy();
  expect(spanProblem(0, 401 * DAY)).toBeTruthy();
  expect(spanProblem(0, 400 * DAY)).toBeUndefined();
});

test("whole days are told without times", () => {
  expect(spanLabel(spanOf({ range: "yesterday" }, now, berlin), berlin)).toBe("Fri, Nov 20, 2026");
  expect(spanLabel(spanOf({}, now, berlin), berlin)).toBe("Nov 15 – Nov 21");
  expect(spanLabel(spanOf({}, now, "Asia/Kolkata"), "Asia/Kolkata")).toBe("Nov 15 – Nov 21");
  expect(spanLabel({ from: utc("2026-11-20T13:00"), to: utc("2026-11-20T15:00") }, "UTC")).toBe(
    "Nov 20 13:00 – Nov 20 15:00",
  );
});
