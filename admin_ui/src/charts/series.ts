/** What charts draw; apart from the drawing, so that figures can be prepared without it. */

export const colors = {
  c1: "--series-1",
  c2: "--series-2",
  c3: "--series-3",
  c4: "--series-4",
  c5: "--series-5",
  c6: "--series-6",
  c7: "--series-7",
  c8: "--series-8",
  "c-ended": "--text-3",
  "c-warn": "--warn",
  "c-error": "--error",
} as const;

export type ChartColor = keyof typeof colors;

export interface Series {
  label: string;
  /** What `onPick` is told; a series without one cannot be picked. */
  id?: string;
  /** One value per bucket; null = nothing was measured. */
  values: (number | null)[];
  color: ChartColor;
}
