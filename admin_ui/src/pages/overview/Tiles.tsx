import { Link } from "@tanstack/react-router";
import type { Overview, Totals } from "@/api/overview";
import { count, duration, exactMoney, money, percent, short } from "@/format/numbers";
import { Skeleton } from "@/ui/Page";
import { Tile } from "@/ui/Tile";
import { Tooltip } from "@/ui/Tooltip";

const rate = (totals: Totals) => (totals.requests ? totals.errors / totals.requests : 0);

/** The five figures of the page, each with its unit and what it was before. */
export function Tiles({ data, compared }: { data: Overview | undefined; compared: string }) {
  if (!data) return <Waiting />;
  const { totals: now, previous: before } = data;
  const tokens = (totals: Totals) => totals.input_tokens + totals.output_tokens;
  return (
    <div className="tiles">
      <Tile
        what="Requests"
        value={short(now.requests)}
        exact={count(now.requests)}
        now={now.requests}
        before={before.requests}
        compared={compared}
      />
      <Tile
        what="Cost"
        value={money(now.cost_nano)}
        exact={exactMoney(now.cost_nano)}
        now={now.cost_nano}
        before={before.cost_nano}
        compared={compared}
        note={
          now.unpriced > 0
            ? `${count(now.unpriced)} ${now.unpriced === 1 ? "request" : "requests"} without a price`
            : undefined
        }
      >
        {now.total_cost_nano !== now.cost_nano && <Altogether totals={now} />}
        {now.saved_nano > 0 && <Saved totals={now} />}
      </Tile>
      <Tile
        what="Errors"
        value={percent(rate(now))}
        exact={`${count(now.errors)} of ${count(now.requests)} requests`}
        now={rate(now)}
        before={rate(before)}
        compared={compared}
        better="down"
      />
      <Tile
        what="First byte p50 / p95"
        wide
        value={
          now.first_byte_p50_ms == null
            ? "–"
            : `${duration(now.first_byte_p50_ms)} / ${now.first_byte_p95_ms == null ? "–" : duration(now.first_byte_p95_ms)}`
        }
        exact={
          now.total_p50_ms == null
            ? "No request was answered"
            : `Whole requests: p50 ${duration(now.total_p50_ms)}, p95 ${duration(now.total_p95_ms ?? 0)}`
        }
        now={now.first_byte_p95_ms ?? 0}
        before={before.first_byte_p95_ms ?? 0}
        compared={compared}
        better="down"
      />
      <Tile
        what="Tokens"
        value={short(tokens(now))}
        exact={`${count(now.input_tokens)} in, ${count(now.output_tokens)} out`}
        now={tokens(now)}
        before={tokens(before)}
        compared={compared}
      />
    </div>
  );
}

/** What was paid beyond the answers, for hedges that lost and for mirrored copies, is no traffic; the bill has it. */
const Altogether = ({ totals }: { totals: Totals }) => (
  <Tooltip text={`${exactMoney(totals.total_cost_nano)} with hedges that lost and mirrored copies`}>
    <Link className="small muted" to="/usage">
      {money(totals.total_cost_nano)} paid altogether
    </Link>
  </Tooltip>
);

/** What answers that were given again would have cost is paid to nobody; the page of the cache has it. */
const Saved = ({ totals }: { totals: Totals }) => (
  <Tooltip
    text={`${exactMoney(totals.saved_nano)} by ${count(totals.cache_hits)} ${totals.cache_hits === 1 ? "answer" : "answers"} from the cache`}
  >
    <Link className="small muted" to="/cache">
      {money(totals.saved_nano)} saved by the cache
    </Link>
  </Tooltip>
);

const Waiting = () => (
  <div className="tiles" aria-busy>
    {["Requests", "Cost", "Errors", "First byte p50 / p95", "Tokens"].map((what) => (
      <div className={what.startsWith("First") ? "card tile wide" : "card tile"} key={what}>
        <span className="what">{what}</span>
        <Skeleton width={8} height={31} />
        <Skeleton width={16} />
      </div>
    ))}
  </div>
);
