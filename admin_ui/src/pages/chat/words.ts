import type { OwnTokens } from "@/api/dialogs";
import { count, short } from "@/format/numbers";
import { filtered, type Trouble } from "./answer";

/** What one can do about it. */
export function todo({ status, code }: Trouble): string {
  if (status === 402 || code === "INSUFFICIENT_TOKENS")
    return "Ask an administrator for more tokens, or allow fewer for an answer: max tokens, in the settings of the chat.";
  if (code === filtered) return "The same words would be held back again. Put it in other words.";
  if (status === 0) return "Check your connection, then try again. It stays one message and is paid for once.";
  if (status === 401) return "Sign in again.";
  if (status === 403) return "A limit or a rule forbids it. Choose another model, or ask who set it.";
  if (status === 404) return "The chat or its model is gone. Begin another chat, or choose another model.";
  if (status === 409) return "Its answer may still be on its way: look again in a moment.";
  if (status === 429) return "Wait a moment, then try again.";
  if (status >= 400 && status < 500) return "Change what the message names: the text, the model, or the settings.";
  return "Try again, or choose another model. It stays one message and is paid for once.";
}

/** Whether nothing can be asked any more. */
export const usedUp = ({ pays, balance, limit, total_used }: OwnTokens): boolean =>
  pays && (balance <= 0 || (limit !== null && total_used >= limit));

/** "12.3k tokens left", and the exact figures. */
export function tokensText({ balance, held, total_used, limit }: OwnTokens): [short: string, exact: string] {
  const exact = [
    `${count(balance)} tokens left`,
    held > 0 ? `${count(held)} held for answers on their way` : "",
    `${count(total_used)} used${limit === null ? "" : ` of ${count(limit)} at most`}`,
  ];
  return [`${short(Math.max(0, balance))} tokens left`, exact.filter(Boolean).join(", ")];
}
