// What the form of a guardrail holds, as text where people type, and the request body it makes.
import { ApiError } from "@/api/errors";
import type { Guardrail, GuardrailAction, GuardrailBody, GuardrailKind, PiiKind, Role, Stage } from "@/api/guardrails";

export interface GuardrailDraft {
  id: string;
  name: string;
  notes: string;
  kind: GuardrailKind;
  stages: Stage[];
  /** Whose words of a request it looks at. */
  roles: Role[];
  action: GuardrailAction;
  /** One per line. */
  keywords: string;
  patterns: string;
  pii: PiiKind[];
  max_characters: string;
  max_tokens: string;
  model: string;
  categories: string[];
  threshold: string;
  everywhere: boolean;
  active: boolean;
  message: string;
}

/** In the order of the form. */
export const everyRole: readonly Role[] = ["user", "system", "assistant"];

export const blankGuardrail: GuardrailDraft = {
  id: "",
  name: "",
  notes: "",
  kind: "deny",
  stages: ["input"],
  roles: [...everyRole],
  action: "block",
  keywords: "",
  patterns: "",
  pii: [],
  max_characters: "",
  max_tokens: "",
  model: "",
  categories: [],
  threshold: "",
  everywhere: false,
  active: true,
  message: "",
};

const digits = (value: number | null | undefined) => (value == null ? "" : String(value));

export const guardrailDraft = (guardrail: Guardrail): GuardrailDraft => ({
  id: guardrail.id,
  name: guardrail.name ?? "",
  notes: guardrail.notes ?? "",
  kind: guardrail.kind,
  stages: [...guardrail.stages],
  roles: everyRole.filter((role) => guardrail.roles.includes(role)),
  action: guardrail.action,
  keywords: guardrail.keywords.join("\n"),
  patterns: guardrail.patterns.join("\n"),
  pii: [...guardrail.pii],
  max_characters: digits(guardrail.max_characters),
  max_tokens: digits(guardrail.max_tokens),
  model: guardrail.model ?? "",
  categories: [...guardrail.categories],
  threshold: digits(guardrail.threshold),
  everywhere: guardrail.everywhere,
  active: guardrail.active,
  message: guardrail.message ?? "",
});

/** The lines that hold something; a pattern keeps the spaces inside it. */
export const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** What a kind can do with what it finds. */
export const actionsOf = (kind: GuardrailKind): GuardrailAction[] =>
  kind === "deny" || kind === "pii" ? ["block", "mask", "annotate"] : ["block", "annotate"];

/** Where a kind can look. */
export const stagesOf = (kind: GuardrailKind): Stage[] => (kind === "max_input" ? ["input"] : ["input", "output"]);

/** The draft as another kind: what that one cannot do is taken back. */
export function withKind(draft: GuardrailDraft, kind: GuardrailKind): GuardrailDraft {
  const stages = draft.stages.filter((stage) => stagesOf(kind).includes(stage));
  return {
    ...draft,
    kind,
    action: actionsOf(kind).includes(draft.action) ? draft.action : "block",
    stages: stages.length > 0 ? stages : ["input"],
  };
}

/** The roles in their order, with one of them put in or taken out. */
export const withRole = (roles: readonly Role[], role: Role, on: boolean): Role[] =>
  everyRole.filter((one) => (one === role ? on : roles.includes(one)));

/** The stages in their order, with one of them put in or taken out. */
export const withStage = (stages: readonly Stage[], stage: Stage, on: boolean): Stage[] =>
  (["input", "output"] as const).filter((one) => (one === stage ? on : stages.includes(one)));

const whole = (text: string) => /^[1-9][0-9]{0,8}$/.test(text.trim());
const share = (text: string) => /^(0(\.\d{1,6})?|1(\.0{1,6})?|\.\d{1,6})$/.test(text.trim());

export type Faults = Partial<Record<keyof GuardrailDraft, string>>;

/** What is not finished, by field; an empty object when all is. */
export function faults(draft: GuardrailDraft): Faults {
  const found: Faults = {};
  if (draft.stages.length === 0) found.stages = "Choose requests, answers or both.";
  if (draft.stages.includes("input") && draft.roles.length === 0) found.roles = "Choose at least one.";
  if (draft.kind === "deny" && lines(draft.keywords).length + lines(draft.patterns).length === 0)
    found.keywords = "Give a word, or a pattern below.";
  if (draft.kind === "pii" && draft.pii.length === 0) found.pii = "Choose at least one kind.";
  if (draft.kind === "max_input") {
    for (const name of ["max_characters", "max_tokens"] as const)
      if (draft[name].trim() && !whole(draft[name])) found[name] = "A whole number above 0.";
    if (!draft.max_characters.trim() && !draft.max_tokens.trim()) found.max_characters = "Give one of the two.";
    if (draft.max_tokens.trim() && draft.roles.length < everyRole.length)
      found.roles = "Tokens are estimated for the whole request: choose all.";
  }
  if (draft.kind === "moderation") {
    if (!draft.model.trim()) found.model = "Choose the model that judges.";
    if (draft.threshold.trim() && !share(draft.threshold)) found.threshold = "A number from 0 to 1.";
  }
  return found;
}

const number = (text: string) => (text.trim() ? Number(text) : null);
const words = (text: string) => text.trim() || null;

/** The body that makes this guardrail. What other kinds have is not sent. */
export function guardrailBody(draft: GuardrailDraft): GuardrailBody {
  const { kind } = draft;
  const on = <T>(own: GuardrailKind, value: T, none: T) => (kind === own ? value : none);
  return {
    id: draft.id.trim(),
    name: words(draft.name),
    notes: words(draft.notes),
    kind,
    stages: draft.stages,
    // Of what looks at answers alone nobody has chosen them.
    roles: draft.stages.includes("input") ? draft.roles : [...everyRole],
    action: draft.action,
    keywords: on("deny", lines(draft.keywords), []),
    patterns: on("deny", lines(draft.patterns), []),
    pii: on("pii", draft.pii, []),
    max_characters: on("max_input", number(draft.max_characters), null),
    max_tokens: on("max_input", number(draft.max_tokens), null),
    model: on("moderation", words(draft.model), null),
    categories: on("moderation", draft.categories, []),
    threshold: on("moderation", number(draft.threshold), null),
    everywhere: draft.everywhere,
    active: draft.active,
    message: words(draft.message),
  };
}

/** The parts that differ, for a change of a stored one; its id and kind are fixed. */
export function guardrailChanges(before: GuardrailDraft, now: GuardrailDraft) {
  const [old, next] = [guardrailBody(before), guardrailBody(now)];
  const names = Object.keys(next) as (keyof GuardrailBody)[];
  return Object.fromEntries(
    names
      .filter((name) => name !== "id" && name !== "kind" && JSON.stringify(next[name]) !== JSON.stringify(old[name]))
      .map((name) => [name, next[name]]),
  );
}

/** What the API said, with which of several entries it is about: "Entry 2: …". */
export function lineMessage(error: Error): string {
  const at = error instanceof ApiError ? /\[(\d+)\]$/.exec(error.field ?? "")?.[1] : undefined;
  return at === undefined ? error.message : `Entry ${Number(at) + 1}: ${error.message}`;
}

/** "mask-pii", then "mask-pii-2" when that is taken. */
export function freeId(base: string, taken: ReadonlySet<string>): string {
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id;
}

/** Beginnings that most deployments want, each whole enough to be saved as it is. */
export const starters: readonly { title: string; line: string; draft: GuardrailDraft }[] = [
  {
    title: "Mask personal data in prompts",
    line: "Providers get [email] or [iban] in place of addresses, numbers and accounts.",
    draft: {
      ...blankGuardrail,
      id: "mask-personal-data",
      name: "Mask personal data in prompts",
      kind: "pii",
      action: "mask",
      pii: ["email", "phone", "credit_card", "iban", "us_ssn"],
      everywhere: true,
    },
  },
  {
    title: "Block credentials",
    line: "A request or answer with an API key, an access token or a private key in it goes no further.",
    draft: {
      ...blankGuardrail,
      id: "block-credentials",
      name: "Block credentials",
      kind: "pii",
      stages: ["input", "output"],
      pii: ["secret"],
      everywhere: true,
      message: "This contains what looks like a credential. Take it out and send it again.",
    },
  },
  {
    title: "Cap the input",
    line: "Prompts above 100,000 tokens are refused before they cost anything.",
    draft: {
      ...blankGuardrail,
      id: "cap-input",
      name: "Cap the input",
      kind: "max_input",
      max_tokens: "100000",
      everywhere: true,
      message: "The input is too long. Send less of it.",
    },
  },
];
