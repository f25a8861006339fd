import type { ProviderHealth, ProviderState } from "@/api/routing";
import { faultText } from "@/format/attempts";
import { providerStates, untilText } from "@/format/health";
import { Badge } from "@/ui/Badge";
import { Note } from "@/ui/Note";
import { pauseText } from "@/ui/Pause";
import { useNow } from "@/ui/Value";

/** The state of a provider: an icon and a word. */
export function HealthBadge({ state }: { state: ProviderState }) {
  const { tone, word } = providerStates[state];
  return <Badge state={tone}>{word}</Badge>;
}

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Why a provider is not simply ok, in a few words; "" when it is. */
export function healthText(health: ProviderHealth, now: number): string {
  if (health.state === "paused" && health.paused_until) return pauseText(health.paused_until, now);
  const keys = (["dead", "cooling", "quota_used"] as const).flatMap((state) => {
    const found = health.keys.filter((key) => key.state === state);
    if (found.length === 0) return [];
    const of = health.keys.length > 1 ? `${found.length} of ${plural(health.keys.length, "key")}` : "its key is";
    const word = { dead: "dead", cooling: "cooling", quota_used: "out of quota" }[state];
    const ends = Math.min(...found.map((key) => key.until ?? Infinity));
    return [`${of} ${word}${Number.isFinite(ends) && ends > now ? ` until ${untilText(ends, now)}` : ""}`];
  });
  const open = health.targets.filter((target) => target.breaker !== "closed");
  const breakers =
    open.length === 0 ? [] : [`${plural(open.length, "breaker")} open: ${open.map(({ model }) => model).join(", ")}`];
  const parts = [...keys, ...breakers];
  if (parts.length === 0 && health.reason) parts.push(faultText(health.reason) ?? health.reason);
  return parts.join("; ");
}

/** At the top of a provider that is not simply ok: what is the matter. */
export function HealthNote({ health }: { health: ProviderHealth }) {
  const now = useNow();
  const why = healthText(health, now);
  const tone = health.state === "down" ? "error" : health.state === "degraded" ? "warn" : "info";
  return (
    <Note tone={tone}>
      <strong>{sentences[health.state]}</strong>
      {why && <div>{why.charAt(0).toUpperCase() + why.slice(1)}.</div>}
    </Note>
  );
}

const sentences: Record<ProviderState, string> = {
  ok: "Everything works.",
  degraded: "It works in part.",
  down: "Requests cannot be served from here just now.",
  paused: "It is paused.",
  inactive: "It is disabled.",
};
