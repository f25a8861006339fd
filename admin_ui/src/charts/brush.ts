/** What is marked on a chart: the bucket the cursor is in, and where a selection that is being made began. */
export interface Mark {
  at: number;
  from: number | null;
}

/**
 * What a key does to the mark on an axis of `count` buckets: arrows, Home, End and the page keys move it, with Shift they select; Escape takes the
 * selection, then the mark away. Undefined for a key that means nothing here.
 */
export function moveMark(mark: Mark | null, key: string, shift: boolean, count: number): Mark | null | undefined {
  const last = count - 1;
  const leap = Math.max(1, Math.round(count / 10));
  const at = mark?.at ?? count;
  const to = {
    ArrowLeft: at - 1,
    ArrowRight: mark ? at + 1 : last,
    PageDown: at - leap,
    PageUp: mark ? at + leap : last,
    Home: 0,
    End: last,
  }[key];
  if (key === "Escape") return mark?.from != null ? { ...mark, from: null } : mark ? null : undefined;
  if (to === undefined || count === 0) return undefined;
  const next = Math.max(0, Math.min(last, to));
  return { at: next, from: shift ? (mark?.from ?? mark?.at ?? next) : null };
}

/** The buckets of a mark, first and last. */
export const marked = ({ at, from }: Mark): [number, number] => [Math.min(at, from ?? at), Math.max(at, from ?? at)];

/** The time of the buckets that [from, to] touches, widened to their ends. */
export function snap(from: number, to: number, times: readonly number[], end: number): [number, number] {
  const first = times.filter((start) => start <= from).at(-1) ?? times[0] ?? from;
  const last = times.find((start) => start >= to) ?? end;
  return [first, Math.max(last, first + 1)];
}

/** Which series of a stack lies at `value` in a bucket; undefined above all of them. */
export function seriesAt(
  values: readonly (readonly (number | null)[])[],
  bucket: number,
  value: number,
): number | undefined {
  let sum = 0;
  for (const [index, line] of values.entries()) {
    sum += line[bucket] ?? 0;
    if (value <= sum && (line[bucket] ?? 0) > 0) return index;
  }
  return undefined;
}
