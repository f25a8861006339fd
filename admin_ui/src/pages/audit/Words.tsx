import { Link } from "@tanstack/react-router";
import type { AuditEntry, Outcome } from "@/api/audit";
import { namesIn, nounWord } from "@/format/changes";
import { isHash, shortHash } from "@/format/release-search";
import { Badge } from "@/ui/Badge";

const states = {
  done: { state: "ok", word: "done" },
  refused: { state: "warn", word: "refused" },
  failed: { state: "error", word: "failed" },
  unknown: { state: "idle", word: "not known" },
} as const satisfies Record<Outcome, { state: string; word: string }>;

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const { state, word } = states[outcome];
  return <Badge state={state}>{word}</Badge>;
}

/** What an outcome means, for whoever wonders. */
export const outcomeText: Record<Outcome, string> = {
  done: "It was done.",
  refused: "It was refused; nothing was changed.",
  failed: "It ended with an error. What is listed below was changed all the same.",
  unknown: "It was begun, and how it ended was never written: it may have been done or not.",
};

/** Who did it: a user, a configuration document, or nobody whom the deployment knows. */
export function Actor({ entry: { actor_name, actor_id, actor_role } }: { entry: AuditEntry }) {
  if (!actor_id && !actor_name) return <span className="muted">nobody known</span>;
  const name = actor_name || actor_id;
  return (
    <span className="breakable" title={actor_id}>
      {actor_role === "document" ? <span className="nowrap">a document</span> : name}
      {actor_role && actor_role !== "document" && <span className="muted"> {actor_role}</span>}
    </span>
  );
}

/** Whether somebody did it to themselves, such as signing in: then there is no other thing to name. */
export const ofOneself = ({ noun, noun_id, actor_id }: AuditEntry) => noun === "user" && noun_id === actor_id;

/** What the things of entries are called, by `noun id`. */
export const namesOf = (entries: readonly AuditEntry[]) => namesIn(entries.flatMap((entry) => entry.changes));

/** What the thing of an entry is called, by the entry itself, or by its neighbours. */
export const nameOf = (entry: AuditEntry, around?: ReadonlyMap<string, string>): string | undefined => {
  const key = `${entry.noun} ${entry.noun_id}`;
  return namesOf([entry]).get(key) ?? around?.get(key);
};

/** The thing that an entry is about, by kind, name and id; where it has a page of its own, a link. */
export function Thing({ noun, id, name }: { noun: string; id: string; name: string | undefined }) {
  const shown = name ?? (noun === "release" ? shortHash(id) : id);
  return (
    <span className="breakable">
      <span className="muted">{nounWord(noun)}</span>{" "}
      <span className="thing-name">
        <ThingLink noun={noun} id={id} shown={shown} />
      </span>
      {shown !== id && noun !== "release" && <span className="mono sub thing-id">{id}</span>}
    </span>
  );
}

function ThingLink({ noun, id, shown }: { noun: string; id: string; shown: string }) {
  switch (noun) {
    case "provider":
      return (
        <Link to="/providers" search={{ open: id }}>
          {shown}
        </Link>
      );
    case "model":
      return (
        <Link to="/models" search={{ open: id }}>
          {shown}
        </Link>
      );
    case "route":
      return (
        <Link to="/routes/edit" search={{ id }}>
          {shown}
        </Link>
      );
    case "guardrail":
      return (
        <Link to="/guardrails" search={{ open: id }}>
          {shown}
        </Link>
      );
    case "cache":
      return <Link to={id === "default" ? "/settings" : "/cache"}>{shown}</Link>;
    case "virtual_key":
      return (
        <Link to="/keys" search={{ open: id }}>
          {shown}
        </Link>
      );
    case "team":
      return (
        <Link to="/teams" search={{ open: id }}>
          {shown}
        </Link>
      );
    case "end_user":
      return (
        <Link to="/teams" search={{ tab: "users", open: id }}>
          {shown}
        </Link>
      );
    case "user":
      return (
        <Link to="/teams" search={{ tab: "people", open: id }}>
          {shown}
        </Link>
      );
    case "request":
      return (
        <Link to="/logs/$id" params={{ id }} className="mono">
          {shown}
        </Link>
      );
    case "release":
      if (isHash(id))
        return (
          <Link to="/releases/$hash" params={{ hash: id }} className="mono">
            {shown}
          </Link>
        );
  }
  return <span>{shown}</span>;
}
