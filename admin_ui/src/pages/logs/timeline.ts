import type { Attempt } from "@/api/types";

/** Where an attempt lies on the request's time axis; shares of its width in percent. */
export interface Bar {
  from: number;
  /** Until the first byte. */
  wait: number;
  /** From the first byte to the end. */
  flow: number;
}

export interface Timeline {
  /** The end of the axis in milliseconds. */
  scale: number;
  bars: Bar[];
  ticks: number[];
}

const most = 5;

/** Round moments from 0 on, at most five, for an axis that ends at `scale` milliseconds. */
export function ticks(scale: number): number[] {
  const rough = scale / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  // The last tick keeps away from the edge, where its label would be cut.
  return Array.from({ length: most + 1 }, (_, index) => index * step).filter((at) => at <= scale * 0.83);
}

/** When each attempt began. Rows from before that was noted: one after the other, the gateway's own time before the first. */
function begins(attempts: readonly Attempt[], total: number): number[] {
  const called = attempts.reduce((sum, attempt) => sum + attempt.total_ms, 0);
  let last = Math.max(0, total - called);
  return attempts.map((attempt) => {
    const at = attempt.began_ms ?? last;
    last = at + attempt.total_ms;
    return at;
  });
}

/** Attempts as they began: of calls beside each other the row holds the one first that was known first. Those without a moment keep their place. */
export function inOrder(attempts: readonly Attempt[]): Attempt[] {
  let last = 0;
  const placed = attempts.map((attempt) => ({ attempt, at: (last = attempt.began_ms ?? last) }));
  return placed.sort((a, b) => a.at - b.at).map(({ attempt }) => attempt);
}

/** Calls that the gateway makes for its own ends, which no answer comes from: a question made comparable, a text judged. */
const ownEnds: Readonly<Record<string, [one: string, many: string]>> = {
  embedding: ["question compared", "questions compared"],
  moderation: ["text judged", "texts judged"],
};

/** Whether an attempt was a call that an answer was wanted of. */
export const isTry = ({ kind }: Pick<Attempt, "kind">) => kind !== "skip" && !Object.hasOwn(ownEnds, kind);

/** "1 call; 1 target was not asked": how many calls were made, and how many targets saw none, for a reason or because it did not come to them. */
export function summary(attempts: readonly Attempt[], candidates: number): string {
  const name = ({ provider, model }: Attempt) => `${provider}/${model}`;
  const calls = attempts.filter(isTry);
  const called = new Set(calls.map(name));
  const passed = attempts.filter(({ kind }) => kind === "skip").map(name);
  const skipped = new Set(passed.filter((target) => !called.has(target))).size;
  const targets = (count: number) => `${count} ${count === 1 ? "target was" : "targets were"} not`;
  // Targets that were skipped at their turn are candidates as well; those that health or the rules excluded are not.
  const left = skipped === 0 ? Math.max(0, candidates - called.size) : 0;
  const own = Object.entries(ownEnds).map(([kind, [one, many]]) => {
    const count = attempts.filter((attempt) => attempt.kind === kind).length;
    return count > 0 && `${count} ${count === 1 ? one : many}`;
  });
  return [
    `${calls.length} ${calls.length === 1 ? "call" : "calls"}`,
    ...own,
    skipped > 0 && `${targets(skipped)} asked`,
    left > 0 && `${targets(left)} needed`,
  ]
    .filter(Boolean)
    .join("; ");
}

/** The attempts of a request on one axis. Calls beside each other (hedges, mirrors) may overlap and may end after the answer. */
export function timeline(attempts: readonly Attempt[], total: number): Timeline {
  const starts = begins(attempts, total);
  const ends = attempts.map((attempt, index) => (starts[index] ?? 0) + attempt.total_ms);
  const scale = Math.max(total, ...ends, 1);
  const share = (ms: number) => (100 * Math.max(0, ms)) / scale;
  const bars = attempts.map((attempt, index) => {
    const wait = Math.min(attempt.first_byte_ms ?? attempt.total_ms, attempt.total_ms);
    return { from: share(starts[index] ?? 0), wait: share(wait), flow: share(attempt.total_ms - wait) };
  });
  return { scale, bars, ticks: ticks(scale) };
}
