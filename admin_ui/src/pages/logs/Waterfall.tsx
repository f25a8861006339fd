import type { Attempt } from "@/api/types";
import { duration } from "@/format/numbers";
import { Badge } from "@/ui/Badge";

interface Props {
  attempts: Attempt[];
  total: number;
  candidates: number;
}

/** One bar per call of an upstream, one after the other on the request's own time: waiting for the first byte, then receiving. */
export function Waterfall({ attempts, total, candidates }: Props) {
  if (attempts.length === 0) {
    return (
      <section className="section" aria-label="Attempts">
        <h3>Attempts</h3>
        <p className="muted">No upstream was called: the request was answered or refused before that.</p>
      </section>
    );
  }
  const called = attempts.reduce((sum, attempt) => sum + attempt.total_ms, 0);
  const scale = Math.max(total, called, 1);
  // What is not spent in calls is the gateway's own time; it is small and drawn as the gap before the first call.
  const starts = attempts.map(
    (_, index) =>
      Math.max(0, total - called) + attempts.slice(0, index).reduce((sum, attempt) => sum + attempt.total_ms, 0),
  );
  return (
    <section className="section" aria-label="Attempts">
      <h3>
        Attempts{" "}
        <span className="muted">
          {attempts.length} of {Math.max(candidates, attempts.length)} possible targets
        </span>
      </h3>
      <ol className="waterfall">
        {attempts.map((attempt, index) => (
          <Bar key={index} attempt={attempt} from={starts[index] ?? 0} scale={scale} number={index + 1} />
        ))}
      </ol>
      <p className="muted small row wrap chart-legend">
        <span>
          <span className="key c2" />
          waiting for the first byte
        </span>
        <span>
          <span className="key c1" />
          receiving
        </span>
      </p>
    </section>
  );
}

function Bar({ attempt, from, scale, number }: { attempt: Attempt; from: number; scale: number; number: number }) {
  const wait = attempt.first_byte_ms ?? attempt.total_ms;
  const part = (ms: number) => `${(100 * ms) / scale}%`;
  return (
    <li className={`attempt ${attempt.fault ? "failed" : ""}`}>
      <div className="line">
        <strong>
          {number}. {attempt.provider}
        </strong>
        <span className="mono">{attempt.model}</span>
        {attempt.fault ? (
          <Badge state="error">{attempt.fault}</Badge>
        ) : (
          <Badge state="ok">{attempt.status ?? "ok"}</Badge>
        )}
        {attempt.fault && attempt.status !== null && <span className="num">HTTP {attempt.status}</span>}
        <span className="muted num">
          {attempt.first_byte_ms === null ? "no first byte" : `first byte ${duration(attempt.first_byte_ms)}`} ·{" "}
          {duration(attempt.total_ms)}
        </span>
        {attempt.upstream_key_id && <span className="muted mono truncate">{attempt.upstream_key_id}</span>}
        {attempt.next !== "stop" && <span className="muted">then {attempt.next}</span>}
      </div>
      <div className="track" aria-hidden>
        <span className="wait" style={{ left: part(from), width: `max(2px, ${part(wait)})` }} />
        {attempt.total_ms > wait && (
          <span className="flow" style={{ left: part(from + wait), width: part(attempt.total_ms - wait) }} />
        )}
      </div>
    </li>
  );
}
