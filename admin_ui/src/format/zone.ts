/** Time as it is in a named zone. Days are counted as the usage API counts them: from midnight there, at a full UTC hour. */

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The browser's own zone. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** True for a name that this browser knows. */
export function isZone(name: unknown): name is string {
  if (typeof name !== "string" || !name || name.length > 64) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let found = clocks.get(zone);
  if (!found) {
    const two = "2-digit";
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    clocks.set(zone, found);
  }
  return found;
}

/** What the clocks of a zone show, as the Unix ms of a UTC clock that shows the same: its UTC parts are the local ones. */
export function wall(ms: number, zone: string): number {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}

/** The moment at which the clocks show `local`; the first of two, and the change itself where that time is skipped. */
export function moment(local: number, zone: string): number {
  const [before, after] = [local - DAY, local + DAY].map((at) => wall(at, zone) - at) as [number, number];
  const fits = [local - before, local - after].filter((at) => wall(at, zone) === local);
  return fits.length > 0 ? Math.min(...fits) : local - before;
}

const floor = (ms: number, size: number) => ms - (((ms % size) + size) % size);

/** When the day of `ms`, moved by `days`, begins in a zone. */
export function midnight(ms: number, zone: string, days = 0): number {
  return floor(moment(floor(wall(ms, zone), DAY) + days * DAY, zone), HOUR);
}

/** When the month of `ms`, moved by `months`, begins in a zone. */
export function monthStart(ms: number, zone: string, months = 0): number {
  const local = new Date(wall(ms, zone));
  return floor(moment(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1), zone), HOUR);
}

const pad = (value: number) => String(value).padStart(2, "0");
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** "+01:00". */
export function offset(ms: number, zone: string): string {
  const minutes = Math.round((wall(ms, zone) - ms) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "−" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** "Nov 21". */
export function dayLabel(ms: number, zone: string): string {
  const local = new Date(wall(ms, zone));
  return `${months[local.getUTCMonth()]} ${local.getUTCDate()}`;
}

/** "Sat, Nov 21, 2026". */
export function longDay(ms: number, zone: string): string {
  const local = new Date(wall(ms, zone));
  return `${weekdays[local.getUTCDay()]}, ${dayLabel(ms, zone)}, ${local.getUTCFullYear()}`;
}

/** "14:05"; an hour that comes twice, when clocks are put back, says which one it is: "02:00 +01:00". */
export function timeLabel(ms: number, zone: string): string {
  const own = wall(ms, zone);
  const local = new Date(own);
  const twice = wall(ms - HOUR, zone) === own || wall(ms + HOUR, zone) === own;
  return `${pad(local.getUTCHours())}:${pad(local.getUTCMinutes())}${twice ? ` ${offset(ms, zone)}` : ""}`;
}

/** A bucket in words: a day ("Sat, Nov 21, 2026", and its length where clocks change) or a time with its date. */
export function bucketLabel(start: number, end: number, zone: string): string {
  const length = end - start;
  if (length < 20 * HOUR) return `${dayLabel(start, zone)} ${timeLabel(start, zone)}`;
  // A day of a zone like India's begins at the full UTC hour before its midnight: its middle lies in the day that is meant.
  const middle = start + 12 * HOUR;
  const changed = length < DAY * 1.5 && length !== DAY;
  return `${longDay(middle, zone)}${changed ? ` (${length / HOUR} hours)` : ""}`;
}

/** What <input type="datetime-local"> holds for a moment in a zone, and back; null for no time. */
export const toInput = (ms: number, zone: string) => new Date(wall(ms, zone)).toISOString().slice(0, 16);
export function fromInput(text: string, zone: string): number | null {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(`${text.slice(0, 16)}Z`) : NaN;
  return Number.isFinite(local) ? moment(local, zone) : null;
}

/** All zones this browser knows, UTC and its own first. */
export function zones(): string[] {
  const known = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set([ownZone(), "UTC", ...known])];
}
