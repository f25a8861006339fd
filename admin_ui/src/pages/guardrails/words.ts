// What guardrails are, in words: one place for the page, the route editor and the log.
import { BellRing, Eraser, OctagonX, Ruler, ScanEye, ShieldAlert, ShieldBan, type LucideIcon } from "lucide-react";
import type { GuardrailAction, GuardrailKind, PiiKind, Role, Stage } from "@/api/guardrails";

export const kinds: Record<GuardrailKind, { label: string; line: string; icon: LucideIcon }> = {
  deny: { label: "Words and patterns", line: "Looks for words of your own, and for RE2 patterns.", icon: ShieldBan },
  pii: { label: "Personal data", line: "Looks for addresses, card numbers, credentials and their kin.", icon: ScanEye },
  max_input: { label: "Size of the input", line: "Refuses what is longer than you allow.", icon: Ruler },
  moderation: {
    label: "Moderation model",
    line: "Asks a model that judges texts, once more for every request.",
    icon: ShieldAlert,
  },
};

export const actions: Record<GuardrailAction, { label: string; input: string; output: string; icon: LucideIcon }> = {
  block: {
    label: "Block",
    input: "The request is refused with 400 before any provider sees it.",
    output: "The answer ends where it stands, as its provider’s own content filter would end it.",
    icon: OctagonX,
  },
  mask: {
    label: "Mask",
    input: "The provider gets a mark such as [email] in the place of what was found.",
    output: "The client gets a mark such as [email] in the place of what was found.",
    icon: Eraser,
  },
  annotate: {
    label: "Note",
    input: "Everything passes; what was found is counted in the log.",
    output: "Everything passes; what was found is counted in the log.",
    icon: BellRing,
  },
};

export const stages: Record<Stage, string> = { input: "Requests", output: "Answers" };

/** Whose words a request holds. */
export const roles: Record<Role, { label: string; line: string }> = {
  user: { label: "Users", line: "What people write, and what tools gave back." },
  system: { label: "Applications", line: "System prompts, and descriptions of tools." },
  assistant: { label: "Models", line: "Earlier answers, as the client sends them along." },
};

/** What each kind of personal data is, and how it is told from what only looks like it. */
export const pii: Record<PiiKind, { label: string; line: string; example: string }> = {
  email: { label: "E-mail addresses", line: "By their shape.", example: "kim@example.com" },
  phone: {
    label: "Telephone numbers",
    line: "With a country code, or an area code set apart; by their shape alone.",
    example: "+1 212 555 0123",
  },
  credit_card: {
    label: "Card numbers",
    line: "13 to 19 digits whose check digit is right.",
    example: "4111 1111 1111 1111",
  },
  iban: {
    label: "Bank accounts (IBAN)",
    line: "Whose check digits are right.",
    example: "DE89 3704 0044 0532 0130 00",
  },
  us_ssn: {
    label: "US social security numbers",
    line: "123-45-6789, without those never issued.",
    example: "123-45-6789",
  },
  ip_address: { label: "IP addresses", line: "Version 4 and 6, as they are written.", example: "203.0.113.7" },
  secret: {
    label: "Credentials",
    line: "API keys by their vendors’ prefixes, access tokens (JWT), private keys.",
    example: "AKIAIOSFODNN7EXAMPLE",
  },
};

/** A sort of what was found (a kind of personal data, `keyword`, `pattern`, a category of a moderation model) in words. */
export function sortText(sort: string): string {
  if (Object.hasOwn(pii, sort)) return pii[sort as PiiKind].label;
  return { keyword: "Words", pattern: "Patterns", characters: "Characters", tokens: "Tokens" }[sort] ?? sort;
}

/** "was blocked", for a row of the log. */
export const done: Record<GuardrailAction, string> = { block: "blocked", mask: "masked", annotate: "noted" };
