import { DAY, dayLabel, HOUR, timeLabel, wall } from "@/format/zone";

export interface Tick {
  /** Unix ms. */
  at: number;
  label: string;
}

const minute = 60_000;
const steps = [minute, 5 * minute, 15 * minute, 30 * minute, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY];

/** Every n-th of a list, so that at most `most` remain. */
const thin = <T>(list: readonly T[], most: number): T[] => {
  const every = Math.ceil(list.length / Math.max(1, most));
  return list.filter((_, index) => index % every === 0);
};

/** Names for an axis of buckets that begin at `times` and end at `end`, at most `most`. Days are named in their middle, times at their moment. */
export function ticks(times: readonly number[], end: number, zone: string, most: number): Tick[] {
  const first = times[0] ?? 0;
  const bucket = (times[1] ?? end) - first;
  if (bucket >= 20 * HOUR) {
    const middles = times.map((start, index) => (start + (times[index + 1] ?? end)) / 2);
    return thin(middles, most).map((at) => ({ at, label: dayLabel(at, zone) }));
  }
  for (const step of steps) {
    if (step < bucket && step !== DAY) continue;
    const fits = times.filter((at) => wall(at, zone) % step === 0);
    if (fits.length > 0 && (fits.length <= most || step === DAY))
      return thin(fits, most).map((at) => ({ at, label: tick(at, zone) }));
  }
  // Buckets of several UTC hours may meet no round time of a zone: the first one of a day has its name.
  const days = times.filter((at, index) => index > 0 && dayLabel(at, zone) !== dayLabel(times[index - 1] ?? at, zone));
  return thin(days, most).map((at) => ({ at, label: dayLabel(at, zone) }));
}

/** Midnight is named by its date, any other time by its hour. */
const tick = (ms: number, zone: string) => (wall(ms, zone) % DAY === 0 ? dayLabel(ms, zone) : timeLabel(ms, zone));

const heightSteps = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((first) => first * 10 ** power)).flat();

/** What the upright axis says: 0 alone where there is nothing, and no part of a request or of the smallest unit of money. */
export function heights(values: readonly (readonly (number | null)[])[]): { splits?: number[]; incrs?: number[] } {
  const known = values.flat().filter((value) => value !== null);
  if (!known.some((value) => value > 0)) return { splits: [0] };
  return known.every(Number.isInteger) ? { incrs: heightSteps } : {};
}
