import type { Standing } from "@/api/limits";
import { amount, exactAmount, isBudget, limitNames, partNames, standingText, taken, tightest } from "@/format/limits";
import { untilText } from "@/format/health";
import { percent } from "@/format/numbers";
import { ago, exact } from "@/format/times";
import { Badge } from "@/ui/Badge";
import { Meter } from "@/ui/Meter";
import { Tooltip } from "@/ui/Tooltip";
import { useNow } from "@/ui/Value";
import type { ReactNode } from "react";

/** Settled solid, held hatched; a limit of nothing is a full bar. */
function Bar({ one, label }: { one: Standing; label: string }) {
  const text = standingText(one);
  if (one.limit === 0) return <Meter label={label} value={1} max={1} text={text} />;
  return <Meter label={label} value={Math.max(0, one.used)} held={one.held} max={one.limit} text={text} />;
}

/** The tightest budget of a key, user or team in a cell of a list. */
export function TightestBudget({ limits, name }: { limits: readonly Standing[] | undefined; name: string }) {
  const one = limits && tightest(limits);
  if (!one) return <span className="sub">–</span>;
  const period = one.name === "total" ? "in total" : `per ${one.name}`;
  return (
    <Tooltip text={`${limitNames[one.name]}: ${standingText(one)}`}>
      <span className="quota budget-cell">
        <span className="small num nowrap">
          {amount(one, one.used + one.held)} <span className="sub">of</span> {amount(one, one.limit)}{" "}
          <span className="sub">{period}</span>
        </span>
        <Bar one={one} label={`Budget of ${name} ${period}`} />
      </span>
    </Tooltip>
  );
}

interface BarsProps {
  limits: readonly Standing[];
  /** Whose limits, for the names of the bars. */
  whose: string;
  action?: (one: Standing) => ReactNode;
}

/** Every limit with what is settled, held and left, and when it begins anew. */
export function LimitBars({ limits, whose, action }: BarsProps) {
  return (
    <ul className="limit-bars">
      {limits.map((one) => (
        <LimitBar key={one.name} one={one} whose={whose} action={action?.(one)} />
      ))}
    </ul>
  );
}

function LimitBar({ one, whose, action }: { one: Standing; whose: string; action: ReactNode }) {
  const now = useNow();
  const share = taken(one);
  const { used, held } = partNames(one.name);
  const budget = isBudget(one.name);
  return (
    <li className={budget ? "wide" : undefined}>
      <div className="row wrap between">
        <strong>{limitNames[one.name]}</strong>
        <span className="row wrap">
          {share >= 1 && <Badge state="error">{one.limit === 0 ? "nothing may be spent" : "used up"}</Badge>}
          {share >= 0.9 && share < 1 && <Badge state="warn">{percent(share)}</Badge>}
          {action}
        </span>
      </div>
      <Bar one={one} label={`${limitNames[one.name]} of ${whose}`} />
      <dl className="limit-parts">
        {used && <Part mark="used" name={used} one={one} value={one.used} />}
        {held && <Part mark="held" name={held} one={one} value={one.held} />}
        <Part mark="left" name="left" one={one} value={one.remaining} of={one.limit} />
        {one.reset !== null && (
          <div className={budget ? "limit-reset" : undefined}>
            <dt className="muted">{budget ? "resets" : "all free"}</dt>
            <dd className="num">
              {budget ? (
                untilText(one.reset, now)
              ) : (
                <Tooltip text={exact(one.reset)}>
                  <span>{one.reset > now ? ago(one.reset, now) : "now"}</span>
                </Tooltip>
              )}
            </dd>
          </div>
        )}
      </dl>
    </li>
  );
}

/** One part of a bar, with the look it has there. */
function Part({
  mark,
  name,
  one,
  value,
  of,
}: {
  mark: "used" | "held" | "left";
  name: string;
  one: Standing;
  value: number;
  of?: number;
}) {
  return (
    <div>
      <dt className="muted">
        <span className={`limit-mark ${mark}`} aria-hidden /> {name}
      </dt>
      <dd className="num">
        <Tooltip text={exactAmount(one, value)}>
          <span>{amount(one, value)}</span>
        </Tooltip>
        {of !== undefined && <span className="muted"> of {amount(one, of)}</span>}
      </dd>
    </div>
  );
}
