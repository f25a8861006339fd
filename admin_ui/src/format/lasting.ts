// Lengths of time that people choose: a number and a unit.
export const units = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof units;

export interface Lasting {
  number: string;
  unit: Unit;
}

/** Seconds in the greatest unit that holds them whole: 5400 → 90 minutes. */
export function lastingOf(seconds: number): Lasting {
  const unit = (["days", "hours", "minutes"] as const).find(
    (one) => seconds >= units[one] && seconds % units[one] === 0,
  );
  return { number: String(seconds / units[unit ?? "seconds"]), unit: unit ?? "seconds" };
}

/** Whole seconds; null for what is no number above 0, or no whole number of seconds. */
export function secondsOf({ number, unit }: Lasting): number | null {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(number.trim())) return null;
  const seconds = Number(number) * units[unit];
  return seconds >= 1 && Number.isInteger(seconds) ? seconds : null;
}

/** "90 minutes", "1 day". */
export function lastingText(seconds: number): string {
  const { number, unit } = lastingOf(seconds);
  return `${number} ${number === "1" ? unit.slice(0, -1) : unit}`;
}
