import type { Tokens } from "@/api/types";
import { count } from "@/format/numbers";

const buckets: [keyof Tokens, string][] = [
  ["fresh", "Input, fresh"],
  ["audio_input", "of which sound"],
  ["image_input", "of which pictures"],
  ["cache_read", "Input, read from cache"],
  ["cache_write_5m", "Input, written to cache for 5 min"],
  ["cache_write_1h", "Input, written to cache for 1 h"],
  ["output", "Output"],
  ["reasoning", "of which reasoning"],
  ["audio_output", "of which sound"],
  ["image_output", "of which pictures"],
];

/** What is billed and is no token; lengths in milliseconds. */
const pieces: [keyof Tokens, string, number][] = [
  ["images_in", "Pictures given", 1],
  ["images_out", "Pictures made", 1],
  ["audio_ms_in", "Sound heard, seconds", 1000],
  ["audio_ms_out", "Sound made, seconds", 1000],
  ["characters", "Characters spoken", 1],
  ["searches", "Searches", 1],
];

/** Tokens by bucket, and what else was counted; what is empty is left out, except input and output. */
export function TokenTable({ tokens }: { tokens: Tokens }) {
  const shown: [string, string, number][] = [
    ...buckets
      .filter(([name]) => name === "fresh" || name === "output" || Number(tokens[name]) > 0)
      .map(([name, label]): [string, string, number] => [name, label, Number(tokens[name])]),
    ...pieces
      .filter(([name]) => Number(tokens[name]) > 0)
      .map(([name, label, unit]): [string, string, number] => [name, label, Number(tokens[name]) / unit]),
  ];
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
              {shown.map(([name, label, amount]) => (
                <tr key={name}>
                  <th scope="row" className="token-name">
                    {label}
                  </th>
                  <td className="right">{count(amount)}</td>
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
