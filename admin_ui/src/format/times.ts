const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const steps: [number, Intl.RelativeTimeFormatUnit][] = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1000, "second"],
];

/** "3 min. ago", "in 5 days". */
export function ago(ms: number, now: number): string {
  const gap = ms - now;
  for (const [size, unit] of steps) {
    if (Math.abs(gap) >= size) return relative.format(Math.round(gap / size), unit);
  }
  return "just now";
}

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

/** "2026-11-21 14:05:09.123" in the reader's time zone. */
export function exact(ms: number): string {
  const at = new Date(ms);
  return `${day(ms)} ${clock(ms)}.${pad(at.getMilliseconds(), 3)}`;
}

/** "2026-11-21". */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** "14:05:09". */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** What <input type="datetime-local"> holds. */
export const toLocalInput = (ms: number) => `${day(ms)}T${clock(ms).slice(0, 5)}`;
export const fromLocalInput = (text: string): number | null => {
  const ms = new Date(text).getTime();
  return text && Number.isFinite(ms) ? ms : null;
};

/** What is said below the field of an expiry: a moment that has passed is allowed, and hardly ever meant. */
export function expiryHint(local: string): string {
  const at = fromLocalInput(local);
  if (at !== null && at <= Date.now()) return "This has passed: requests are refused at once.";
  return "In your time zone. Empty: never.";
}
