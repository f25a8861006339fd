// What the pages of chats, dialogs and balances keep in their addresses; texts are none of their business.
import { listSearch, type ListSearch } from "./search";

type Raw = Record<string, unknown>;

/** The open dialog, and what the list of dialogs is filtered by. */
export type ChatSearch = Pick<ListSearch, "open" | "q">;

export function chatSearch(raw: Raw): ChatSearch {
  const { open, q } = listSearch(raw);
  return { ...(open ? { open } : {}), ...(q ? { q } : {}) };
}

/** Who has dialogs, or the agents: `open` is an owner, or an agent. `like`: the built-in agent that a new one takes the place of. */
export interface DialogsSearch extends ListSearch {
  list?: "agents";
  like?: string;
}

export function dialogsSearch(raw: Raw): DialogsSearch {
  const kept: DialogsSearch = listSearch(raw);
  if (raw.list === "agents") kept.list = raw.list;
  else delete kept.create;
  if (kept.create && typeof raw.like === "string" && raw.like) kept.like = raw.like;
  return kept;
}
