import { bucketLabel, DAY, dayLabel, HOUR, midnight, monthStart, timeLabel } from "./zone";

/** The times that the usage page offers, in days of the chosen zone. */
export const spanPresets = {
  today: "Today",
  yesterday: "Yesterday",
  "7d": "7 days",
  "30d": "30 days",
  month: "This month",
  "last-month": "Last month",
  "90d": "90 days",
} as const;
export type SpanPreset = keyof typeof spanPresets;

export interface Span {
  from: number;
  to: number;
}

/** A time and what it is compared with. `before` ends as early as the time itself when that is not over. */
export interface Compared extends Span {
  before: Span;
  /** "the 7 days before", to stand behind "vs.". */
  beforeLabel: string;
  /** The same without where it ends. */
  beforeShort: string;
  /** True when it reaches beyond the present. */
  open: boolean;
}

const longest = { hour: 31 * DAY, day: 400 * DAY };

/** Hours up to three days; beyond, days; hours may be asked for up to 31 days. */
export function intervalOf({ from, to }: Span, wanted?: "hour" | "day"): "hour" | "day" {
  if (wanted === "hour" && to - from > longest.hour) return "day";
  return wanted ?? (to - from <= 3 * DAY + HOUR ? "hour" : "day");
}

/** Why a time of one's own cannot be asked for; undefined when it can. */
export function spanProblem(from: number | null, to: number | null): string | undefined {
  if (from === null || to === null) return "Give both times";
  if (from >= to) return "The end must lie after the beginning";
  return to - from > longest.day ? "At most 400 days" : undefined;
}

function named(range: SpanPreset, now: number, zone: string): Span & { before: Span; word: string } {
  const day = (days: number) => midnight(now, zone, days);
  const month = (months: number) => monthStart(now, zone, months);
  switch (range) {
    case "today":
      return { from: day(0), to: day(1), before: { from: day(-1), to: day(0) }, word: "yesterday" };
    case "yesterday":
      return { from: day(-1), to: day(0), before: { from: day(-2), to: day(-1) }, word: "the day before" };
    case "month":
      return { from: month(0), to: day(1), before: { from: month(-1), to: month(0) }, word: "last month" };
    case "last-month":
      return { from: month(-1), to: month(0), before: { from: month(-2), to: month(-1) }, word: "the month before" };
    default: {
      const days = { "7d": 7, "30d": 30, "90d": 90 }[range];
      const before = { from: day(1 - 2 * days), to: day(1 - days) };
      return { from: day(1 - days), to: day(1), before, word: `the ${days} days before` };
    }
  }
}

/** The time that a search asks for, by preset or by two ends. */
export function spanOf(
  wanted: { range?: SpanPreset; from?: number; to?: number },
  now: number,
  zone: string,
): Compared {
  const { range = "7d" } = wanted;
  const { from, to, before, word } =
    wanted.from !== undefined && wanted.to !== undefined
      ? {
          from: wanted.from,
          to: wanted.to,
          before: { from: 2 * wanted.from - wanted.to, to: wanted.from },
          word: `the ${spanLength(wanted.to - wanted.from)} before`,
        }
      : named(range, now, zone);
  const elapsed = Math.ceil(now / HOUR) * HOUR - from;
  const open = to > now && elapsed > 0;
  if (!open) return { from, to, before, beforeLabel: word, beforeShort: word, open: to > now };
  // The whole hour that is running counts on both sides.
  const until = Math.min(before.from + elapsed, before.to);
  const cut =
    until < before.to
      ? `${word} until ${timeLabel(until, zone)}${range === "today" ? "" : ` of ${dayLabel(until, zone)}`}`
      : word;
  return { from, to, before: { from: before.from, to: until }, beforeLabel: cut, beforeShort: word, open };
}

/** "3 hours", "2 days". */
export function spanLength(ms: number): string {
  const [value, unit] = ms >= DAY ? [ms / DAY, "day"] : ms >= HOUR ? [ms / HOUR, "hour"] : [ms / 60_000, "minute"];
  const rounded = Math.round(value * 10) / 10;
  return `${rounded} ${unit}${rounded === 1 ? "" : "s"}`;
}

/** "Nov 20", "Nov 14 – 20": what a time covers in words; whole days without the time. */
export function spanLabel({ from, to }: Span, zone: string): string {
  const start = midnight(from + (from % HOUR === 0 ? 59 * 60_000 : 0), zone);
  const lastDay = midnight(to - 1, zone);
  const whole = start === from && midnight(to - 1, zone, 1) === to;
  if (!whole) return `${dayLabel(from, zone)} ${timeLabel(from, zone)} – ${dayLabel(to, zone)} ${timeLabel(to, zone)}`;
  if (lastDay === from) return bucketLabel(from, to, zone);
  return `${dayLabel(from + 12 * HOUR, zone)} – ${dayLabel(to - 12 * HOUR, zone)}`;
}
