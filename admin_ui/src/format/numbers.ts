/** Numbers, money and durations as people read them. The exact value belongs into a tooltip. */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 1234567 → "1,234,567". */
export const count = (value: number) => whole.format(value);

/** 1234567 → "1.23M": at most three digits, for tiles and axes. */
export function short(value: number): string {
  for (const [size, unit] of [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (Math.abs(value) >= size * 0.9995) return trim((value / size).toPrecision(3)) + unit;
  }
  return whole.format(value);
}

const trim = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** Nano-dollars to dollars with sensible digits: "$412.09", "$0.0124", "$0.00000125". */
export function money(nano: number): string {
  const usd = nano / 1e9;
  const size = Math.abs(usd);
  if (size === 0) return "$0.00";
  if (size >= 10_000) return `$${short(usd)}`;
  if (size >= 0.995) return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  const digits = Math.min(9, Math.max(2, 2 - Math.floor(Math.log10(size))));
  return `$${trim(usd.toFixed(digits)).padEnd(4, "0")}`;
}

/** The exact amount: "$0.001234567". */
export const exactMoney = (nano: number) => `$${(nano / 1e9).toFixed(9)}`;

/** Dollars as the API writes them, a decimal string, in nano-dollars. */
export const nanoOf = (usd: string) => Math.round(Number(usd) * 1e9);

/** Milliseconds: "0.4 ms", "312 ms", "4.21 s", "3 min 5 s". */
export function duration(ms: number): string {
  if (ms < 10) return `${trim(ms.toFixed(1))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** 0.0123 → "1.2 %". */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.05) return "< 0.1 %";
  return `${value !== 0 && Math.abs(value) < 10 ? trim(value.toFixed(1)) : Math.round(value)} %`;
}

/** "1024", "128k", "1M": context windows. */
export function windowSize(tokens: number): string {
  if (tokens >= 1_000_000) return `${trim((tokens / 1_000_000).toFixed(2))}M`;
  if (tokens >= 1000) return `${Math.round(tokens / 1000)}k`;
  return String(tokens);
}

/** A change against a previous value; null when there is nothing to compare with. */
export function change(now: number, before: number): { text: string; up: boolean } | null {
  if (before <= 0 || now === before) return null;
  const share = now / before - 1;
  return { text: share > 9.99 ? "> 10×" : percent(Math.abs(share)), up: share > 0 };
}

/** True for text that is a decimal price such as "0.15". */
export const isDecimal = (text: string) => /^[0-9]{1,9}(\.[0-9]{1,12})?$/.test(text);
