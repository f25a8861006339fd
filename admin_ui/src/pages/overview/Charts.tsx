import type { Overview } from "@/api/overview";
import { TimeChart } from "@/charts/TimeChart";
import { duration, money, short } from "@/format/numbers";
import { Skeleton } from "@/ui/Page";

/** Requests, cost, latency and tokens over time; a drag across one zooms all. */
export function Charts({ data, onZoom }: { data: Overview | undefined; onZoom: (from: number, to: number) => void }) {
  if (!data) {
    return (
      <div className="split" aria-busy>
        {[1, 2, 3, 4].map((number) => (
          <div className="card card-body" key={number}>
            <Skeleton width={200} height={271} />
          </div>
        ))}
      </div>
    );
  }
  const { series } = data;
  const shared = { times: series.map((point) => point.start), end: data.to, onZoom };
  const of = (pick: (point: (typeof series)[number]) => number | null) => series.map(pick);
  return (
    <div className="split">
      <TimeChart
        {...shared}
        title="Requests"
        kind="bars"
        format={short}
        series={[
          { label: "Answered", values: of((point) => point.requests - point.errors), color: "c1" },
          { label: "Errors", values: of((point) => point.errors), color: "c-error" },
        ]}
      />
      <TimeChart
        {...shared}
        title="Cost"
        kind="bars"
        format={money}
        series={[{ label: "Cost", values: of((point) => point.cost_nano), color: "c3" }]}
      />
      <TimeChart
        {...shared}
        title="Time to first byte"
        kind="lines"
        format={duration}
        series={[
          { label: "p50", values: of((point) => point.first_byte_p50_ms), color: "c1" },
          { label: "p95", values: of((point) => point.first_byte_p95_ms), color: "c4" },
        ]}
      />
      <TimeChart
        {...shared}
        title="Tokens"
        kind="bars"
        format={short}
        series={[
          { label: "Input", values: of((point) => point.input_tokens), color: "c2" },
          { label: "Output", values: of((point) => point.output_tokens), color: "c1" },
        ]}
      />
    </div>
  );
}
