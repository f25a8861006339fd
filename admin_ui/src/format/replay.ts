import type { LogDetail } from "@/api/types";
import { shellQuote } from "./snippets";

/** Headers that matter to a repeated request; everything else is the client's own business. */
const kept = new Set(["anthropic-version", "anthropic-beta", "content-type", "openai-beta"]);

/** The request as a curl command. Credentials are never stored, so the key is a placeholder; so is a body that was not recorded. */
export function asCurl(row: LogDetail, url: string): string {
  const key = row.dialect.startsWith("anthropic") ? "x-api-key: $GATEWAY_KEY" : "Authorization: Bearer $GATEWAY_KEY";
  const headers = Object.entries(row.request_headers).filter(([name]) => kept.has(name.toLowerCase()));
  if (!headers.some(([name]) => name.toLowerCase() === "content-type"))
    headers.push(["content-type", "application/json"]);
  const lines = [
    `curl ${row.stream ? "-N " : ""}-X ${shellQuote(row.method)} ${shellQuote(url + row.path)}`,
    `-H "${key}"`,
  ];
  if (row.method !== "GET" && row.method !== "HEAD") {
    lines.push(...headers.map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`));
    lines.push(
      `-d ${shellQuote(row.request_body ?? JSON.stringify({ model: row.requested_model ?? "", messages: [] }))}`,
    );
  }
  return lines.join(" \\\n  ");
}
