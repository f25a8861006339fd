import { useQuery } from "@tanstack/react-query";
import { timelineDays, timelineQuery } from "@/api/log-files";
import { useApp } from "@/app-context";
import { TimeChart } from "@/charts/TimeChart";
import type { LogSearch } from "@/format/log-search";
import { count, short } from "@/format/numbers";
import { stepWord, timelineCount, timelineSeries } from "@/format/timeline-series";
import { ownZone } from "@/format/zone";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Page";

interface Props {
  search: LogSearch;
  change: (part: Partial<LogSearch>) => void;
}

/** When the requests of the list came, by class of status. A drag, or the keyboard, chooses the list's time range. */
export function RequestsTimeline({ search, change }: Props) {
  const { api } = useApp();
  const { data, error, refetch } = useQuery(timelineQuery(api, search));
  if (error && !data) {
    return (
      <section className="card card-body row wrap between small" aria-label="Timeline">
        <span className="muted">The timeline could not be read: {error.message}</span>
        <Button size="compact" onClick={() => void refetch()}>
          Try again
        </Button>
      </section>
    );
  }
  if (!data) {
    return (
      <section className="card card-body small-waiting" aria-label="Timeline" aria-busy>
        <Skeleton width={200} height={170} />
      </section>
    );
  }
  const zone = ownZone();
  const ranged = search.range !== undefined || search.from !== undefined;
  return (
    <TimeChart
      small
      title="Timeline"
      note={`${timelineCount(data, zone)}, in steps of ${stepWord(data.step_ms)}${ranged ? "" : `, last ${timelineDays} days`}`}
      times={data.bars.map((bar) => bar.start)}
      end={data.to}
      zone={zone}
      kind="bars"
      series={timelineSeries(data)}
      format={short}
      exact={count}
      onZoom={(from, to) => change({ from, to, range: undefined })}
      zoomWord="narrows the list to it"
      onPick={(status) => change({ status })}
      pickWord="Filter by status"
    />
  );
}
