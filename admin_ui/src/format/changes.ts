// What became of things, as rows that people read: one line per value that differs.
import { exact } from "./times";

type Fields = Record<string, unknown>;

/** One thing before and after: the fields that differ. */
export interface Change {
  noun: string;
  id: string;
  before: Fields | null;
  after: Fields | null;
}

/** `unknown`: something changed, and the values were not kept. */
export type ChangeKind = "added" | "removed" | "changed" | "unknown";

export function kindOf({ before, after }: Change): ChangeKind {
  if (before && after) return "changed";
  return after ? "added" : before ? "removed" : "unknown";
}

/** A value that differs; undefined = there is none. */
export interface DiffLine {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

const texts = (fields: Fields | null, ...names: string[]): string =>
  names
    .map((name) => fields?.[name])
    .filter((value) => typeof value === "string" && value)
    .join(" · ");

/** What a thing is called, as its change says it: a name, or for a provider's credential where it is used and how it ends. */
export function nameIn({ noun, before, after }: Change): string | undefined {
  for (const fields of [after, before]) {
    const own = texts(fields, noun === "user" ? "username" : "name");
    const said = own || (noun === "upstream_key" && fields?.hint ? texts(fields, "provider", "hint") : "");
    if (said) return said;
  }
  return undefined;
}

/** The names by `noun id`; of a thing with several the first one, which is the newest where the newest comes first. */
export function namesIn(changes: readonly Change[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const change of changes) {
    const [key, name] = [`${change.noun} ${change.id}`, nameIn(change)];
    if (name && !names.has(key)) names.set(key, name);
  }
  return names;
}

type Leaves = Map<string, string>;

const plain = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const scalar = (value: unknown) => typeof value !== "object" || value === null;
const moment = /(^|_)(at|until|since|expires)$/;

function said(name: string, value: unknown): string {
  if (typeof value === "number" && value > 1e12 && moment.test(name)) return exact(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Values by path (`timeouts.connect`, `targets[0].model`); what is empty is no value, a list of words is one. */
function collect(leaves: Leaves, path: string, value: unknown): void {
  if (value === null || value === undefined || value === "") return;
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(scalar)) leaves.set(path, value.map((item) => said(path, item)).join(", "));
    else value.forEach((item, at) => collect(leaves, `${path}[${at}]`, item));
  } else if (plain(value)) {
    for (const [name, item] of Object.entries(value)) collect(leaves, path ? `${path}.${name}` : name, item);
  } else leaves.set(path, said(path.split(".").at(-1) ?? path, value));
}

function leavesOf(fields: Fields | null): Leaves {
  const leaves: Leaves = new Map();
  collect(leaves, "", fields);
  return leaves;
}

/** The lines of a change, in the order of the fields. The id of what came or went is its name already. */
export function diffLines({ id, before, after }: Change): DiffLine[] {
  const [old, present] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...present.keys()])]
    .map((path) => ({ path, before: old.get(path), after: present.get(path) }))
    .filter((line) => line.before !== line.after && !(line.path === "id" && (line.after ?? line.before) === id));
}

const counted = ["added", "changed", "removed", "unknown"] as const;

/** "2 added · 1 changed"; "nothing" when there is none. */
export function changesText(changes: readonly Change[]): string {
  const kinds = changes.map(kindOf);
  const parts = counted.flatMap((kind) => {
    const times = kinds.filter((one) => one === kind).length;
    return times ? [`${times} ${kind === "unknown" ? "not kept" : kind}`] : [];
  });
  return parts.join(" · ") || "nothing";
}

const words: Record<string, string> = {
  provider: "Provider",
  upstream_key: "Upstream key",
  model: "Model",
  route: "Route",
  virtual_key: "Virtual key",
  team: "Team",
  end_user: "End user",
  user: "User",
  invitation: "Invitation",
  release: "Release",
  request: "Request",
  target: "Target",
  settings: "Settings",
  configuration: "Configuration",
};

/** "Upstream key" of `upstream_key`. */
export const nounWord = (noun: string): string => {
  const spaced = noun.replaceAll(/[_-]/g, " ");
  return words[noun] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
};
