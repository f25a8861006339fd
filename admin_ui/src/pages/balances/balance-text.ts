import type { BalanceEntry } from "@/api/balances";

/** "500000", "500,000", "500 000" or "500k" in tokens; null for anything else and for 0. */
export function tokensOf(text: string): number | null {
  const found = /^([0-9]{1,15})([kKmM]?)$/.exec(text.replace(/[\s,_]/g, ""));
  if (!found) return null;
  const unit = { "": 1, k: 1000, m: 1_000_000 }[(found[2] ?? "").toLowerCase()] ?? 1;
  const value = Number(found[1]) * unit;
  return value > 0 && value <= 1e15 ? value : null;
}

const mark = " #";

/** The id that a change is kept under: the reason in words, and what makes it one of a kind. */
export const changeId = (reason: string, stamp: string) => `${reason.trim()}${mark}${stamp}`.slice(0, 128);

/** What makes the id of a change one of a kind. */
export const newStamp = () => crypto.getRandomValues(new Uint32Array(2)).join("");

/** Why a balance changed: what, and what is worth knowing about it. Of an administrator's change, `message_id` is the id it was kept under. */
export function reasonOf({ reason, message_id: id, model }: Pick<BalanceEntry, "reason" | "message_id" | "model">) {
  if (reason === "llm_usage") return { what: "Request", note: model ?? "" };
  const words = { admin_top_up: "Topped up", admin_deduct: "Deducted" }[reason] ?? reason;
  const at = id?.lastIndexOf(mark) ?? -1;
  return { what: words, note: id && at > 0 ? id.slice(0, at) : "" };
}
