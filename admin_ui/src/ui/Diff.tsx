import { ChevronRight, CircleCheck, CirclePlus, CircleMinus, CircleQuestionMark, PencilLine } from "lucide-react";
import type { ReactNode } from "react";
import {
  changesText,
  diffLines,
  kindOf,
  nounWord,
  type Change,
  type ChangeKind,
  type DiffLine,
} from "@/format/changes";

const icons = { added: CirclePlus, removed: CircleMinus, changed: PencilLine, unknown: CircleQuestionMark };
const kinds: Record<ChangeKind, string> = {
  added: "added",
  removed: "removed",
  changed: "changed",
  unknown: "changed, values not kept",
};
/** More than so many things begin closed; so do things that came or went with more than so many fields. */
const few = 12;
const short = 16;

interface Props<T extends Change> {
  changes: readonly T[];
  /** What it means that there are none. */
  none: ReactNode;
  /** Beside the name of a thing. */
  beside?: (change: T) => ReactNode;
}

/** Changes one below the other: which thing, what became of it, and each value before and after. */
export function Diff<T extends Change>({ changes, none, beside }: Props<T>) {
  if (changes.length === 0) {
    return (
      <p className="diff-none">
        <CircleCheck className="icon" aria-hidden />
        <span>{none}</span>
      </p>
    );
  }
  return (
    <div className="stack tight">
      <p className="small muted num" role="status">
        {changesText(changes)}
      </p>
      <ul className="diff">
        {changes.map((change) => (
          <li key={`${change.noun} ${change.id}`}>
            <One change={change} open={changes.length <= few} beside={beside?.(change)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function One({ change, open, beside }: { change: Change; open: boolean; beside: ReactNode }) {
  const kind = kindOf(change);
  const Icon = icons[kind];
  const lines = diffLines(change);
  const name = (
    <>
      <Icon className={`icon ${kind}`} aria-hidden />
      <span className="grow">
        <span className="muted">{nounWord(change.noun)}</span> <strong className="breakable">{change.id}</strong>
      </span>
      {beside}
      <span className={`kind ${kind}`}>{kinds[kind]}</span>
    </>
  );
  if (lines.length === 0) return <div className="diff-name">{name}</div>;
  return (
    <details open={open && (kind === "changed" || lines.length <= short)}>
      <summary className="diff-name">
        <ChevronRight className="icon chevron" aria-hidden />
        {name}
      </summary>
      <Lines lines={lines} kind={kind} label={`${nounWord(change.noun)} ${change.id}`} />
    </details>
  );
}

function Lines({ lines, kind, label }: { lines: DiffLine[]; kind: ChangeKind; label: string }) {
  const both = kind === "changed";
  return (
    <table className={both ? "diff-lines both" : "diff-lines"} aria-label={label}>
      <thead className={both ? undefined : "visually-hidden"}>
        <tr>
          <th scope="col">Field</th>
          {kind !== "added" && <th scope="col">Before</th>}
          {kind !== "removed" && <th scope="col">After</th>}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row" className="mono">
              {path}
            </th>
            {kind !== "added" && <td>{before === undefined ? <Nothing /> : <del>{before}</del>}</td>}
            {kind !== "removed" && <td>{after === undefined ? <Nothing /> : <ins>{after}</ins>}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Nothing = () => <span className="muted">none</span>;
