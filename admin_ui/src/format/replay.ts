import type { LogDetail } from "@/api/types";
import { dialectAt } from "@/conversation/model";
import type { Call } from "@/conversation/asking";

/** Headers that matter to a repeated request; everything else is the client's own business. */
const kept = new Set(["anthropic-version", "anthropic-beta", "content-type", "openai-beta"]);

/** The request of a row, to be made again. A body that was not recorded is a placeholder; of a credential nothing was stored. */
export function callOfRow(row: LogDetail): Call {
  const headers = Object.entries(row.request_headers).filter(([name]) => kept.has(name.toLowerCase()));
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted);
  if (!has("content-type")) headers.push(["content-type", "application/json"]);
  if (row.dialect.startsWith("anthropic") && !has("anthropic-version"))
    headers.push(["anthropic-version", "2023-06-01"]);
  const events = row.dialect === "gemini" && row.stream && row.path.endsWith(":streamGenerateContent");
  const nothing = JSON.stringify({
    model: row.requested_model ?? "",
    ...(row.stream ? { stream: true } : {}),
    messages: [],
  });
  return {
    dialect: dialectAt(row.path) ?? row.dialect,
    method: row.method,
    path: events ? `${row.path}?alt=sse` : row.path,
    headers,
    body: row.method === "GET" || row.method === "HEAD" ? null : (row.request_body ?? nothing),
    stream: row.stream,
  };
}
