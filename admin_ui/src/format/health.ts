import type { Breaker, KeyHealth, ProviderHealth, ProviderState } from "@/api/routing";
import { faultText } from "./attempts";
import { ago, clock, day } from "./times";

type Tone = "ok" | "warn" | "error" | "off" | "idle" | "time";

/** What a state looks like: the tone of its badge and its word. */
export const providerStates: Record<ProviderState, { tone: Tone; word: string }> = {
  ok: { tone: "ok", word: "ok" },
  degraded: { tone: "warn", word: "degraded" },
  down: { tone: "error", word: "down" },
  paused: { tone: "time", word: "paused" },
  inactive: { tone: "off", word: "disabled" },
};

export const breakerStates: Record<Breaker, { tone: Tone; word: string; hint: string }> = {
  closed: { tone: "ok", word: "closed", hint: "Requests go through." },
  open: { tone: "error", word: "open", hint: "Too many faults just now: requests go elsewhere." },
  half_open: { tone: "warn", word: "half-open", hint: "One call in the whole fleet may try whether it works again." },
};

/** "14:05 (in 3 min.)", with the date when it is another day. */
export function untilText(ms: number, now: number): string {
  const time = day(ms) === day(now) ? clock(ms).slice(0, 5) : `${day(ms)} ${clock(ms).slice(0, 5)}`;
  return `${time} (${ms <= now ? "any moment" : ago(ms, now)})`;
}

const endText = (ms: number | null, now: number) => (ms === null ? "later" : `at ${untilText(ms, now)}`);

/** The state of a key as a badge, and why in a sentence. */
export function keyState(key: KeyHealth, now: number): { tone: Tone; word: string; why: string | null } {
  switch (key.state) {
    case "dead":
      return {
        tone: "error",
        word: "dead",
        why: `${reasonText(key.reason) ?? "The provider refuses this key."} Tried again by itself ${endText(key.until, now)}, or at once when its value is replaced.`,
      };
    case "cooling":
      return {
        tone: "time",
        word: "cooling",
        why: `${reasonText(key.reason) ?? "The provider wants a pause."} Used again ${endText(key.until, now)}.`,
      };
    case "quota_used":
      return {
        tone: "warn",
        word: "quota used up",
        why: `Used again when the quota resets ${endText(key.until, now)}.`,
      };
    case "inactive":
      return { tone: "off", word: "disabled", why: null };
    case "ok":
      return { tone: "ok", word: "usable", why: null };
  }
}

/** A stable word as its sentence; a text of the provider's stays as it is, ended like a sentence. */
function reasonText(reason: string | null): string | null {
  const text = faultText(reason);
  return text && !/[.!?]$/.test(text) ? `${text}.` : text;
}

/** Worst first, then by name: what needs attention leads. */
export function worstFirst<T extends Pick<ProviderHealth, "id" | "state">>(list: readonly T[]): T[] {
  const order: ProviderState[] = ["down", "degraded", "paused", "ok", "inactive"];
  return [...list].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.id.localeCompare(b.id));
}
