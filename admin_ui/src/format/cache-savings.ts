import type { Figures } from "@/api/usage";
import type { Price } from "@/api/types";

/** USD per million tokens, a decimal string, in pico-dollars per token: exact. */
function pico(usd: string): bigint {
  const [whole = "0", part = ""] = usd.split(".");
  return BigInt(whole + part.slice(0, 6).padEnd(6, "0"));
}

type InputPrice = Pick<Price, "input" | "cache_read" | "cache_write_5m" | "cache_write_1h">;
type Tokens = Pick<Figures, "cache_read_tokens" | "cache_write_5m_tokens" | "cache_write_1h_tokens">;

/**
 * What the cached tokens would have cost as fresh input, less what they cost: nano-dollars, negative when writing cost more than reading
 * saved. At these prices of ordinary requests: other prices for long inputs or another service class are not in it.
 */
export function saved(tokens: Tokens, price: InputPrice): number {
  const input = pico(price.input);
  const gain = (count: number, own: string | null | undefined) =>
    BigInt(count) * (input - (own == null ? input : pico(own)));
  const sum =
    gain(tokens.cache_read_tokens, price.cache_read) +
    gain(tokens.cache_write_5m_tokens, price.cache_write_5m) +
    gain(tokens.cache_write_1h_tokens, price.cache_write_1h);
  // Rounded towards zero, once.
  return Number(sum / 1000n);
}

/** The part of all input that a provider had in its cache; null without input. */
export const cacheShare = (figures: Pick<Figures, "cache_read_tokens" | "input_tokens">): number | null =>
  figures.input_tokens > 0 ? figures.cache_read_tokens / figures.input_tokens : null;

export const written = (figures: Tokens) => figures.cache_write_5m_tokens + figures.cache_write_1h_tokens;
