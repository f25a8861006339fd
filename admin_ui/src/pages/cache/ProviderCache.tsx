import { useQuery } from "@tanstack/react-query";
import { DatabaseZap } from "lucide-react";
import { modelsQuery } from "@/api/queries";
import { usageAsked, usageBeforeQuery, usageQuery, type Figures, type UsageReport } from "@/api/usage";
import { useApp } from "@/app-context";
import { TimeChart } from "@/charts/TimeChart";
import { cacheShare, written } from "@/format/cache-savings";
import { count, exactMoney, money, percent, short } from "@/format/numbers";
import { spanOf, type Compared } from "@/format/spans";
import { ownZone } from "@/format/zone";
import { useAllowed } from "@/frame/access";
import { Note } from "@/ui/Note";
import { Empty, LoadProblem, Skeleton } from "@/ui/Page";
import { Tile } from "@/ui/Tile";
import { useNow } from "@/ui/Value";
import { cacheRows, savedOf, type CacheRow } from "./cache-rows";
import { CacheTable } from "./CacheTable";
import { Teach } from "./Teach";

const minute = 60_000;

/** What of the input providers had in their caches, by model, and what that saved. */
export function ProviderCache({ range }: { range: "7d" | "30d" | "90d" }) {
  const { api } = useApp();
  const zone = ownZone();
  const span = spanOf({ range }, Math.floor(useNow() / minute) * minute, zone);
  const asked = usageAsked({ by: "provider", then: "model" }, span, zone);
  const usage = useQuery(usageQuery(api, asked, true));
  const before = useQuery(usageBeforeQuery(api, asked, span.before)).data?.totals;
  const priced = useAllowed()("models");
  const models = useQuery({ ...modelsQuery(api), enabled: priced }).data;
  const report = usage.data;
  const rows = report && cacheRows(report, models);
  const nothing = report?.totals.cache_read_tokens === 0 && written(report.totals) === 0;
  return (
    <div className="page-part">
      {usage.error && <LoadProblem error={usage.error} retry={() => void usage.refetch()} />}
      {!usage.error && nothing ? (
        <section className="card">
          <Empty
            icon={DatabaseZap}
            title={report.totals.requests === 0 ? "No request in this time" : "No provider found anything in its cache"}
            below={<Teach />}
          >
            Providers keep the beginning of a prompt for some minutes. A request that begins the same way pays a
            fraction for that part, and its answer begins sooner.{" "}
            {report.totals.requests > 0 &&
              `None of the ${count(report.totals.requests)} requests in this time was served so.`}
          </Empty>
        </section>
      ) : (
        !usage.error && (
          <>
            <Tiles report={report} rows={rows} before={before} span={span} priced={priced} />
            <InputChart report={report} zone={zone} />
            <CacheTable rows={rows} priced={priced} />
            <Note>
              “Saved” is what the tokens read from cache would have cost as fresh input, less what they did cost and
              less what writing them cost on top: the tokens of this page at today’s prices of each model. Prices for
              long inputs or other service classes, and models that are not in your list any more, are not in it.
              Answers replayed for a repeated <code>Idempotency-Key</code> call no provider and are counted nowhere.
            </Note>
            <details className="card card-body">
              <summary>How to get more out of it</summary>
              <Teach />
            </details>
          </>
        )
      )}
    </div>
  );
}

interface TilesProps {
  report: UsageReport | undefined;
  rows: CacheRow[] | undefined;
  before: Figures | undefined;
  span: Compared;
  priced: boolean;
}

function Tiles({ report, rows, before, span, priced }: TilesProps) {
  const compared = span.beforeShort;
  if (!report) {
    return (
      <div className="tiles" aria-busy>
        {["Served from cache", "Read from cache", "Written to cache", "Saved"].map((what) => (
          <div className="card tile" key={what}>
            <span className="what">{what}</span>
            <Skeleton width={8} height={31} />
            <Skeleton width={16} />
          </div>
        ))}
      </div>
    );
  }
  const now = report.totals;
  const share = cacheShare(now);
  const nano = savedOf(rows ?? []);
  return (
    <div className="tiles">
      <Tile
        what="Input served from cache"
        value={share === null ? "–" : percent(share)}
        exact={`${count(now.cache_read_tokens)} of ${count(now.input_tokens)} input tokens`}
        now={share ?? 0}
        before={before ? (cacheShare(before) ?? 0) : 0}
        compared={compared}
        better="up"
      />
      <Tile
        what="Tokens read from cache"
        value={short(now.cache_read_tokens)}
        exact={count(now.cache_read_tokens)}
        now={now.cache_read_tokens}
        before={before?.cache_read_tokens ?? 0}
        compared={compared}
        better="up"
      />
      <Tile
        what="Tokens written to cache"
        value={short(written(now))}
        exact={`${count(now.cache_write_5m_tokens)} for 5 minutes, ${count(now.cache_write_1h_tokens)} for an hour`}
        now={written(now)}
        before={before ? written(before) : 0}
        compared={compared}
      />
      {priced && (
        <Tile
          what={nano < 0 ? "Lost by writing" : "Saved"}
          value={money(Math.abs(nano))}
          exact={exactMoney(Math.abs(nano))}
          now={nano}
          before={0}
          compared={compared}
          note={
            nano < 0
              ? "writing cost more than reading saved"
              : `${percent(nano / Math.max(1, nano + now.cost_nano))} of what it would have cost`
          }
        />
      )}
    </div>
  );
}

/** What input consisted of, over time. */
function InputChart({ report, zone }: { report: UsageReport | undefined; zone: string }) {
  if (!report) {
    return (
      <div className="card card-body" aria-busy>
        <Skeleton width={200} height={271} />
      </div>
    );
  }
  const line = (value: (figures: Figures) => number) => report.series.map(({ figures }) => value(figures));
  return (
    <TimeChart
      title="Input tokens"
      kind="bars"
      times={report.series.map(({ start }) => start)}
      end={report.to}
      zone={zone}
      series={[
        { label: "Read from cache", color: "c4", values: line((figures) => figures.cache_read_tokens) },
        { label: "Written to cache", color: "c3", values: line(written) },
        { label: "Fresh", color: "c1", values: line((figures) => figures.fresh_tokens) },
      ]}
      format={short}
      exact={count}
    />
  );
}
