// Files that the admin API gives in parts, each with the cursor of the next.

/** Of one export: what a spreadsheet still opens with ease. */
export const mostExported = 50_000;
const mostAtOnce = 2000;

export type FileFormat = "csv" | "json";

export interface Exported {
  blob: Blob;
  rows: number;
  /** False when there is more than one export holds. */
  complete: boolean;
}

/** Asks for the part after `cursor`, at most `limit` rows of it. */
export type AskPart = (cursor: string | undefined, limit: number) => Promise<{ data?: unknown; response: Response }>;

/** All rows as a file, read part by part; `tell` hears how many there are so far. AbortError when it was stopped. */
export async function partedFile(
  format: FileFormat,
  ask: AskPart,
  tell: (rows: number) => void = () => undefined,
): Promise<Exported> {
  const parts: string[] = [];
  let cursor: string | undefined;
  let rows = 0;
  do {
    const reply = await ask(cursor, Math.min(mostAtOnce, mostExported - rows));
    const text = reply.data as string;
    const part = format === "csv" ? csvPart(text, parts.length === 0) : jsonPart(text);
    parts.push(part.text);
    rows += part.rows;
    tell(rows);
    cursor = reply.response.headers.get("x-next-cursor") ?? undefined;
  } while (cursor !== undefined && rows < mostExported);
  const whole = format === "csv" ? parts.join("") : `{"items":[${parts.filter(Boolean).join(",\n")}]}\n`;
  const type = format === "csv" ? "text/csv;charset=utf-8" : "application/json";
  return { blob: new Blob([whole], { type }), rows, complete: cursor === undefined };
}

/** A part without the line of names unless it is the first; line breaks inside quotes end no row. */
export function csvPart(text: string, first: boolean): { text: string; rows: number } {
  const head = text.indexOf("\n") + 1;
  let rows = 0;
  let quoted = false;
  for (let at = head; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "\n" && !quoted) rows += 1;
  }
  return { text: first ? text : text.slice(head), rows };
}

function jsonPart(text: string): { text: string; rows: number } {
  const { items } = JSON.parse(text) as { items: unknown[] };
  return { text: items.map((item) => JSON.stringify(item)).join(",\n"), rows: items.length };
}
