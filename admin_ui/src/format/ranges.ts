/** The time ranges a page offers; the URL holds the word. */
const sizes = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
  "90d": 90 * 86_400_000,
} as const;

export type Range = keyof typeof sizes;

const labels: Record<Range, string> = {
  "1h": "1 h",
  "24h": "24 h",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
};

export const isRange = (value: unknown): value is Range => typeof value === "string" && Object.hasOwn(sizes, value);
export const rangeMs = (value: Range): number => sizes[value];
export const rangeOptions = (...values: Range[]) => values.map((value) => ({ value, label: labels[value] }));
