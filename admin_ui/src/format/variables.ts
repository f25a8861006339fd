const name = "[A-Za-z_][A-Za-z0-9_]{0,127}";
const single = new RegExp(
  `(?:^|[\\s{,])["']?(?:env|api_key_env)["']?[ \\t]*:[ \\t]*["']?(${name})["']?(?=[\\s,}]|$)`,
  "gm",
);
const headers = /^header_env["']?[ \t]*:[ \t]*(\{[^}]*\})?/;
const pair = new RegExp(`:[ \\t]*["']?(${name})["']?[ \\t]*(?=[,}]|$)`, "g");

/** The environment variables that a configuration document names, in order; a guess from its text, which may still be half typed. */
export function variablesOf(document: string): string[] {
  const found = [...document.matchAll(single)].map((match) => match[1] ?? "");
  const lines = document.split("\n").filter((line) => !line.trimStart().startsWith("#"));
  lines.forEach((line, at) => {
    const start = line.indexOf("header_env");
    const match = start < 0 ? null : headers.exec(line.slice(start));
    if (!match) return;
    const inside = match[1] ?? block(lines, at, start);
    found.push(...[...inside.matchAll(pair)].map((one) => one[1] ?? ""));
  });
  return [...new Set(found)].filter(Boolean);
}

const indent = (line: string) => line.length - line.trimStart().length;

/** The lines below one that are further in than its key, as `a: B, c: D`. */
function block(lines: string[], at: number, start: number): string {
  const inside: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() && indent(line) <= start) break;
    inside.push(line.trim());
  }
  return inside.filter(Boolean).join(", ");
}
