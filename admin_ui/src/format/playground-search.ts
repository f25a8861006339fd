import { isDialect, type Dialect } from "@/conversation/model";

/** What the playground keeps in its URL; texts are none of its business. */
export interface PlaygroundSearch {
  model?: string;
  /** The model to compare with. */
  with?: string;
  compare?: true;
  dialect?: Dialect;
  /** The request whose recorded body is to be opened. */
  from?: string;
}

const name = (value: unknown) => {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text && text.length <= 512 ? text : undefined;
};

/** Keeps what the page understands; the usual dialect is not written down. */
export function playgroundSearch(raw: Record<string, unknown>): PlaygroundSearch {
  const kept: PlaygroundSearch = {};
  if (name(raw.model)) kept.model = name(raw.model);
  if (raw.compare === true) {
    kept.compare = true;
    if (name(raw.with)) kept.with = name(raw.with);
  }
  if (isDialect(raw.dialect) && raw.dialect !== "openai_chat") kept.dialect = raw.dialect;
  if (typeof raw.from === "string" && /^req_[0-9a-f]{32}$/.test(raw.from)) kept.from = raw.from;
  return kept;
}
