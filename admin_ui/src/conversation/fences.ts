/** A stretch of a text: prose, or what stood between two fences. */
export interface Stretch {
  code: boolean;
  /** What the fence names, such as "python". */
  word: string;
  text: string;
}

const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`\n]*)$/;

/** Splits a text at Markdown's code fences; an open fence goes on to the end, as in a stream that still comes. Nothing is left out but fences. */
export function fenced(text: string): Stretch[] {
  const found: Stretch[] = [];
  let lines: string[] = [];
  let open: { mark: string; word: string } | undefined;
  const close = (code: boolean, word: string) => {
    if (lines.length > 0 || code) found.push({ code, word, text: lines.join("\n") });
    lines = [];
  };
  for (const line of text.split("\n")) {
    const [, mark = "", word = ""] = fence.exec(line.replace(/\r$/, "")) ?? [];
    const ends = open && mark.startsWith(open.mark) && word.trim() === "";
    if (open ? !ends : !mark) lines.push(line);
    else if (open) {
      close(true, open.word);
      open = undefined;
    } else {
      close(false, "");
      open = { mark, word: word.trim().split(/\s/)[0] ?? "" };
    }
  }
  close(open !== undefined, open?.word ?? "");
  return found;
}
