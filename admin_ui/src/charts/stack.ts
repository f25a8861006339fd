/** Sums of the series below and including each one, top of the stack first, so that lower bars are painted over higher ones. */
export function stack(series: (number | null)[][]): number[][] {
  const sums: number[][] = [];
  series.forEach((values, index) => {
    sums.push(values.map((value, at) => (value ?? 0) + (sums[index - 1]?.[at] ?? 0)));
  });
  return sums.reverse();
}
