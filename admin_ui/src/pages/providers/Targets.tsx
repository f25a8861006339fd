import { closeBreaker, type ProviderHealth, type TargetHealth } from "@/api/routing";
import { useApp } from "@/app-context";
import { faultText } from "@/format/attempts";
import { breakerStates, untilText } from "@/format/health";
import { count, duration, percent } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Tooltip } from "@/ui/Tooltip";
import { Ago, useNow } from "@/ui/Value";
import { useHealthAct } from "./health-hooks";

/** The circuit breaker of each model that was called of late, with its last fault. */
export function Targets({ health }: { health: ProviderHealth }) {
  return (
    <section className="section" aria-label="Circuit breakers">
      <h3>
        Models <span className="muted">calls of the last minutes, circuit breakers</span>
      </h3>
      {health.targets.length === 0 ? (
        <p className="muted small">No model of this provider is configured or was called.</p>
      ) : (
        <ul className="card key-list">
          {health.targets.map((target) => (
            <TargetLine key={target.model} provider={health.id} target={target} />
          ))}
        </ul>
      )}
    </section>
  );
}

function TargetLine({ provider, target }: { provider: string; target: TargetHealth }) {
  const { api } = useApp();
  const now = useNow();
  const { tone, word, hint } = breakerStates[target.breaker];
  const close = useHealthAct(
    () => closeBreaker(api, provider, target.model),
    `The breaker of ${target.model} was closed.`,
  );
  const calls = target.ok + target.bad;
  return (
    <li>
      <span className="mono target-name">{target.model}</span>
      <Tooltip text={hint}>
        <span>
          <Badge state={tone}>breaker {word}</Badge>
        </span>
      </Tooltip>
      <span className="muted small num grow">
        {calls === 0
          ? "no calls"
          : `${count(calls)} ${calls === 1 ? "call" : "calls"}, ${percent(target.bad / calls)} failed`}
        {target.p50_ms !== null && ` · first content p50 ${duration(target.p50_ms)}`}
        {target.p95_ms !== null && `, p95 ${duration(target.p95_ms)}`}
      </span>
      {target.breaker !== "closed" && (
        <Button
          size="compact"
          busy={close.isPending}
          aria-label={`Close the breaker of ${target.model}`}
          onClick={() => close.mutate()}
        >
          Close
        </Button>
      )}
      {(target.last_fault || target.breaker === "open") && (
        <p className="small why">
          {target.breaker === "open" && `Tried again at ${untilText(target.until ?? now, now)}. `}
          {target.last_fault && (
            <>
              Last fault: {faultText(target.last_fault)}{" "}
              {target.last_fault_at !== null && (
                <span className="muted">
                  <Ago ms={target.last_fault_at} />
                </span>
              )}
            </>
          )}
        </p>
      )}
    </li>
  );
}
