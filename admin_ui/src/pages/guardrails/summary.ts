import type { Guardrail } from "@/api/guardrails";
import { count } from "@/format/numbers";
import { pii } from "./words";

type Looks = Pick<
  Guardrail,
  "kind" | "keywords" | "patterns" | "pii" | "max_characters" | "max_tokens" | "model" | "categories" | "threshold"
>;

const some = (number: number, one: string) => `${count(number)} ${one}${number === 1 ? "" : "s"}`;

/** What a guardrail looks for, in a few words. */
export function summary(guardrail: Looks): string {
  switch (guardrail.kind) {
    case "deny":
      return [
        guardrail.keywords.length > 0 && some(guardrail.keywords.length, "word"),
        guardrail.patterns.length > 0 && some(guardrail.patterns.length, "pattern"),
      ]
        .filter(Boolean)
        .join(", ");
    case "pii":
      return guardrail.pii.map((kind) => pii[kind].label).join(", ");
    case "max_input":
      return [
        guardrail.max_characters != null && `above ${some(guardrail.max_characters, "character")}`,
        guardrail.max_tokens != null && `above ${some(guardrail.max_tokens, "token")}`,
      ]
        .filter(Boolean)
        .join(", ");
    case "moderation":
      return [
        guardrail.model,
        guardrail.categories.join(", "),
        guardrail.threshold != null && `from ${guardrail.threshold}`,
      ]
        .filter(Boolean)
        .join(": ");
  }
}
