/** A piece of a text; `sort` where a guardrail found something in it. */
export interface Piece {
  text: string;
  sort?: string;
}

interface Match {
  start: number;
  end: number;
  sort: string;
}

/**
 * A text in pieces, those that were found marked. The API counts code points, a string here UTF-16 units: an emoji before a match must not move
 * it. Matches that do not fit the text, or overlap an earlier one, are left out.
 */
export function pieces(text: string, matches: readonly Match[]): Piece[] {
  const points = Array.from(text);
  const cut = (start: number, end: number) => points.slice(start, end).join("");
  const found: Piece[] = [];
  let at = 0;
  for (const { start, end, sort } of [...matches].sort((a, b) => a.start - b.start)) {
    if (start < at || end <= start || end > points.length) continue;
    if (start > at) found.push({ text: cut(at, start) });
    found.push({ text: cut(start, end), sort });
    at = end;
  }
  if (at < points.length) found.push({ text: cut(at, points.length) });
  return found;
}
