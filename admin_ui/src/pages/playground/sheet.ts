// What is on the page: a conversation, what is being written, and the settings. Pure; each change gives a new sheet.
import type { Line, Settings, Talk } from "@/conversation/asking";
import { isDialect, type Dialect } from "@/conversation/model";
import { isObject } from "@/format/json";
import type { Outcome } from "./ask";

/** What one of the compared models said, or the user. Without an outcome somebody wrote or edited it by hand. */
export interface Said {
  text: string;
  outcome?: Outcome;
}

export interface Turn {
  id: number;
  role: string;
  /** One for the user; of an answer one per model, in the order of the models. */
  said: Said[];
  /** A message with more than text, as its client wrote it. */
  raw?: { dialect: Dialect; value: unknown };
}

export interface Sheet {
  /** Counts what was opened or cleared, and turns; nothing gets a number twice. */
  serial: number;
  system: string;
  turns: Turn[];
  /** What is being written. */
  next: string;
  settings: Settings;
  more?: Talk["more"];
}

export const blank = (serial = 0): Sheet => ({
  serial,
  system: "",
  turns: [],
  next: "",
  settings: { stop: [], json: false },
});

/** What a model is sent: its own answers of before, and where it has none, the first one's. */
export function linesFor(turns: readonly Turn[], side: number): Line[] {
  return turns.map((turn) => {
    if (turn.raw) return { role: turn.role, raw: turn.raw };
    const role = turn.role === "assistant" ? "assistant" : "user";
    return { role, text: (turn.said[side] ?? turn.said[0])?.text ?? "" };
  });
}

/** Puts what was written below the conversation, and room for the answers under it. Undefined when there is nothing to ask. */
export function begun(sheet: Sheet, outcomes: Outcome[]): Sheet | undefined {
  const { serial, next } = sheet;
  const own = next.trim() ? [{ id: serial + 1, role: "user", said: [{ text: next }] }] : [];
  const turns = [...sheet.turns, ...own];
  const last = turns.at(-1);
  if (!last || last.role === "assistant") return undefined;
  const answer = { id: serial + 2, role: "assistant", said: outcomes.map((outcome) => ({ text: "", outcome })) };
  return { ...sheet, serial: serial + 2, next: "", turns: [...turns, answer] };
}

const changed = (sheet: Sheet, id: number, change: (turn: Turn) => Turn): Sheet => ({
  ...sheet,
  turns: sheet.turns.map((turn) => (turn.id === id ? change(turn) : turn)),
});

const replaced = (said: Said[], side: number, one: Said) => said.map((old, at) => (at === side ? one : old));

/** What has come of an answer so far. */
export const told = (sheet: Sheet, id: number, side: number, outcome: Outcome): Sheet =>
  changed(sheet, id, (turn) => ({ ...turn, said: replaced(turn.said, side, { text: outcome.text, outcome }) }));

/** A text changed by hand is no longer what a model said. */
export const edited = (sheet: Sheet, id: number, side: number, text: string): Sheet =>
  changed(sheet, id, (turn) => ({ ...turn, said: replaced(turn.said, side, { text }) }));

export const removed = (sheet: Sheet, id: number): Sheet => ({
  ...sheet,
  turns: sheet.turns.filter((turn) => turn.id !== id),
});

/** The conversation up to a turn, with it. */
export const upTo = (sheet: Sheet, id: number): Sheet => ({
  ...sheet,
  turns: sheet.turns.slice(0, sheet.turns.findIndex((turn) => turn.id === id) + 1),
});

/** A recorded talk as a sheet. Its last message is the one to be sent next, when it is plain text of the user. */
export function opened(talk: Talk, serial: number): Sheet {
  const last = talk.lines.at(-1);
  const next = last && !last.raw && last.role === "user" ? last.text : "";
  const lines = next ? talk.lines.slice(0, -1) : talk.lines;
  const turns = lines.map((line, at): Turn => {
    const id = serial + 1 + at;
    return line.raw
      ? { id, role: line.role, said: [], raw: line.raw }
      : { id, role: line.role, said: [{ text: line.text }] };
  });
  const { system, settings, more } = talk;
  return { serial: serial + 1 + turns.length, system, turns, next, settings, more };
}

export const isBlank = ({ system, turns, next }: Sheet) => turns.length === 0 && !system.trim() && !next.trim();

const place = "gateway.playground.";

/** The sheet of a user in this tab, as a reload left it; what another user left is removed. An answer that was coming has stopped. */
export function restore(storage: Storage, user: string): Sheet {
  for (const name of Object.keys(storage))
    if (name.startsWith(place) && name !== place + user) storage.removeItem(name);
  try {
    const value: unknown = JSON.parse(storage.getItem(place + user) ?? "null");
    return isSheet(value) ? { ...value, turns: value.turns.map(stopped) } : blank();
  } catch {
    return blank();
  }
}

const stopped = (turn: Turn): Turn => ({
  ...turn,
  said: turn.said.map((one) =>
    one.outcome?.state === "running" ? { ...one, outcome: { ...one.outcome, state: "stopped" } } : one,
  ),
});

/** False when the browser has no room for it: a reload would then lose it. */
export function keep(storage: Storage, user: string, sheet: Sheet): boolean {
  try {
    if (isBlank(sheet)) storage.removeItem(place + user);
    else storage.setItem(place + user, JSON.stringify(sheet));
    return true;
  } catch {
    return false;
  }
}

/** Whether it is what this version of the page kept. */
function isSheet(value: unknown): value is Sheet {
  if (!isObject(value) || !Array.isArray(value.turns) || !isObject(value.settings)) return false;
  const { serial, system, next, settings, turns } = value;
  const whole = typeof serial === "number" && typeof system === "string" && typeof next === "string";
  return whole && Array.isArray(settings.stop) && turns.every(isTurn);
}

const isTurn = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.id === "number" &&
  typeof value.role === "string" &&
  Array.isArray(value.said) &&
  value.said.every((one) => isObject(one) && typeof one.text === "string") &&
  (value.raw === undefined || (isObject(value.raw) && isDialect(value.raw.dialect)));
