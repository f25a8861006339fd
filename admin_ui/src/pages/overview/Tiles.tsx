import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import type { Overview, Totals } from "@/api/overview";
import { change, count, duration, exactMoney, money, percent, short } from "@/format/numbers";
import { Skeleton } from "@/ui/Page";
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
        note={now.unpriced > 0 ? `${count(now.unpriced)} requests without a price` : undefined}
      />
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

interface TileProps {
  what: string;
  value: ReactNode;
  exact: string;
  now: number;
  before: number;
  compared: string;
  better?: "up" | "down";
  note?: string;
}

function Tile({ what, value, exact, now, before, compared, better, note }: TileProps) {
  const moved = change(now, before);
  const Arrow = moved?.up ? ArrowUp : ArrowDown;
  const tone = !moved || !better ? "" : moved.up === (better === "up") ? "good" : "bad";
  return (
    <div className="card tile">
      <span className="what">{what}</span>
      <Tooltip text={exact}>
        {/* The tooltip holds the exact figure, so the keyboard must reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <span className="value" tabIndex={0}>
          {value}
        </span>
      </Tooltip>
      <span className={`change ${tone}`}>
        {note ??
          (moved ? (
            <>
              <Arrow className="icon" aria-hidden />
              <span className="visually-hidden">{moved.up ? "up" : "down"}</span> {moved.text}{" "}
              <span className="muted">vs. {compared.replace(/^the (\d+) (\w+) before$/, "previous $1 $2")}</span>
            </>
          ) : before > 0 ? (
            `as in ${compared}`
          ) : (
            "nothing before"
          ))}
      </span>
    </div>
  );
}

const Waiting = () => (
  <div className="tiles" aria-busy>
    {["Requests", "Cost", "Errors", "First byte p50 / p95", "Tokens"].map((what) => (
      <div className="card tile" key={what}>
        <span className="what">{what}</span>
        <Skeleton width={8} height={31} />
        <Skeleton width={16} />
      </div>
    ))}
  </div>
);
