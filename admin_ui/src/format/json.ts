export type Parsed<T> = { value: T; problem?: undefined } | { value?: undefined; problem: string };

/** Where in a text an offset is: "line 2, column 5". */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** JSON as typed by a person; what is wrong in words, with its place where the browser says it. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const offset = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    return {
      problem: offset === undefined ? "Not valid JSON." : `Not valid JSON: see ${place(text, Number(offset))}.`,
    };
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON object; an empty text is the empty object. */
export function parseObject(text: string): Parsed<Record<string, unknown>> {
  if (!text.trim()) return { value: {} };
  const parsed = parseJson(text);
  if (parsed.problem !== undefined) return parsed;
  return isObject(parsed.value) ? { value: parsed.value } : { problem: 'A JSON object is needed: {"name": value}.' };
}

/** An object for a text box: indented, the empty one as no text. */
export const objectText = (value: Record<string, unknown> | null | undefined) =>
  value && Object.keys(value).length > 0 ? JSON.stringify(value, null, 2) : "";

/** JSON with line breaks; text that is no JSON (a stream, half a body) stays as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
