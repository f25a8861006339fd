import type { Tokens } from "@/api/types";
import { count } from "@/format/numbers";

const buckets: [keyof Tokens, string][] = [
  ["fresh", "Input, fresh"],
  ["cache_read", "Input, read from cache"],
  ["cache_write_5m", "Input, written to cache for 5 min"],
  ["cache_write_1h", "Input, written to cache for 1 h"],
  ["output", "Output"],
  ["reasoning", "of which reasoning"],
];

/** Tokens by bucket; the buckets that are empty are left out, except input and output. */
export function TokenTable({ tokens }: { tokens: Tokens }) {
  const shown = buckets.filter(([name]) => name === "fresh" || name === "output" || Number(tokens[name]) > 0);
  return (
    <section className="section" aria-label="Tokens">
      <h3>
        Tokens <span className="muted">{source(tokens.source)}</span>
      </h3>
      {tokens.source === "none" ? (
        <p className="muted">Nothing was consumed.</p>
      ) : (
        <div className="card table-card">
          <table className="table plain">
            <tbody>
              {shown.map(([name, label]) => (
                <tr key={name}>
                  <th scope="row" className="token-name">
                    {label}
                  </th>
                  <td className="right">{count(Number(tokens[name]))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const source = (word: string) =>
  word === "estimated"
    ? "estimated: the provider gave no figures"
    : word === "upstream"
      ? "as the provider counted"
      : "";
