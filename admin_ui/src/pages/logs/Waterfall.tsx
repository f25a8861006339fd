import { ArrowDown } from "lucide-react";
import type { Attempt } from "@/api/types";
import { endText, faultText, kindText, nextText, skipText } from "@/format/attempts";
import { duration } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { Tooltip } from "@/ui/Tooltip";
import { Money } from "@/ui/Value";
import { inOrder, isTry, summary, timeline, type Bar } from "./timeline";

interface Props {
  attempts: Attempt[];
  total: number;
  candidates: number;
  /** The masked credentials of upstream keys, by id. */
  keyHints: ReadonlyMap<string, string>;
  running: boolean;
  /** The environment was killed: what it had called went with it. */
  interrupted: boolean;
  /** The answer came from the cache. */
  givenAgain: boolean;
}

/** The story of a request, one bar per call of an upstream on the request's own time: waiting for the first byte, then receiving. */
export function Waterfall({ attempts: stored, total, candidates, keyHints, running, interrupted, givenAgain }: Props) {
  const attempts = inOrder(stored);
  if (attempts.length === 0) {
    return (
      <section className="section" aria-label="Attempts">
        <h3>Attempts</h3>
        <p className="muted">
          {running
            ? "Still running: its attempts are written when it ends."
            : interrupted
              ? "Not known: the environment ended before it could write them."
              : givenAgain
                ? "No upstream was called: the answer was kept from an earlier request."
                : "No upstream was called: the request was answered or refused before that."}
        </p>
      </section>
    );
  }
  const { scale, bars, ticks } = timeline(attempts, total);
  const calls = attempts.filter(({ kind }) => kind !== "skip");
  const tries = calls.filter(isTry);
  return (
    <section className="section" aria-label="Attempts">
      <h3>
        Attempts <span className="muted">{summary(attempts, candidates)}</span>
      </h3>
      <div className="waterfall">
        {calls.length > 0 && (
          <div className="axis" aria-hidden>
            {ticks.map((at) => (
              <span key={at} style={{ left: `${(100 * at) / scale}%` }}>
                {at === 0 ? "0" : duration(at)}
              </span>
            ))}
          </div>
        )}
        <ol>
          {attempts.map((attempt, index) => (
            <Row
              key={index}
              attempt={attempt}
              bar={bars[index] ?? { from: 0, wait: 0, flow: 0 }}
              number={tries.indexOf(attempt) + 1}
              keyHint={attempt.upstream_key_id ? (keyHints.get(attempt.upstream_key_id) ?? null) : null}
            />
          ))}
        </ol>
      </div>
      {calls.length > 0 && <Legend calls={calls} />}
    </section>
  );
}

const Legend = ({ calls }: { calls: Attempt[] }) => (
  <p className="muted small row wrap chart-legend">
    <span>
      <span className="key c2" />
      waiting for the first byte
    </span>
    <span>
      <span className="key c1" />
      receiving
    </span>
    {calls.some((call) => call.fault && !endText(call)) && (
      <span>
        <span className="key c-error" />
        failed
      </span>
    )}
    {calls.some((call) => endText(call)) && (
      <span>
        <span className="key c-ended" />
        ended
      </span>
    )}
  </p>
);

interface RowProps {
  attempt: Attempt;
  bar: Bar;
  /** Of the calls that an answer was wanted of; 0 = it is none of them. */
  number: number;
  keyHint: string | null;
}

function Row({ attempt, bar, number, keyHint }: RowProps) {
  const kind = kindText(attempt.kind);
  const skipped = attempt.kind === "skip";
  const ended = endText(attempt);
  const hedged = attempt.next === "stop_hedged";
  const fault = skipped ? skipText(attempt.fault) : hedged ? null : faultText(attempt.fault, attempt.status);
  const next = skipped ? null : nextText(attempt.next);
  return (
    <li className={`attempt ${skipped ? "skipped" : ended ? "ended" : attempt.fault ? "failed" : ""}`}>
      <div className="line">
        <strong>
          {number > 0 && `${number}. `}
          {attempt.provider}
        </strong>
        <span className="mono">{attempt.model}</span>
        {kind && (
          <Tooltip text={kind.hint}>
            <span>
              <Badge state={skipped ? "idle" : "info"}>{kind.label}</Badge>
            </span>
          </Tooltip>
        )}
        {!skipped && <Outcome attempt={attempt} />}
        <span className="muted num times">
          {!skipped && timesText(attempt)}
          {attempt.cost_nano !== null && (
            <>
              {" · cost "}
              <Money nano={attempt.cost_nano} />
            </>
          )}
        </span>
      </div>
      {!skipped && (
        <div className="track" aria-hidden>
          <span className="wait" style={{ left: `${bar.from}%`, width: `max(2px, ${bar.wait}%)` }} />
          {bar.flow > 0 && <span className="flow" style={{ left: `${bar.from + bar.wait}%`, width: `${bar.flow}%` }} />}
        </div>
      )}
      {(fault !== null || attempt.upstream_key_id) && (
        <p className="small why">
          {fault !== null && <span>{fault}</span>}{" "}
          {attempt.upstream_key_id && (
            <span className="muted nowrap">
              Key <span className="mono">{keyHint ?? attempt.upstream_key_id}</span>
            </span>
          )}
        </p>
      )}
      {next && (
        <p className="small next">
          <ArrowDown className="icon" aria-hidden />
          <span>{next}</span>
        </p>
      )}
    </li>
  );
}

/** What became of a call: the provider's status, and our word for a fault that is not the status alone. */
function Outcome({ attempt }: { attempt: Attempt }) {
  const { fault, status } = attempt;
  const ended = endText(attempt);
  if (ended) return <Badge state="idle">{[status, ended].filter((part) => part !== null).join(" ")}</Badge>;
  if (!fault) return <Badge state="ok">{status ?? "ok"}</Badge>;
  const own = fault === "upstream_status" ? null : fault;
  return <Badge state="error">{[status, own].filter((part) => part !== null).join(" ") || fault}</Badge>;
}

const timesText = ({ began_ms, first_byte_ms, total_ms }: Attempt) =>
  [
    began_ms === null ? "" : `began at ${duration(began_ms)}`,
    first_byte_ms === null ? "no first byte" : `first byte after ${duration(first_byte_ms)}`,
    `took ${duration(total_ms)}`,
  ]
    .filter(Boolean)
    .join(" · ");
