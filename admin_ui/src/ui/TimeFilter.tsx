import { rangeMs, rangeOptions, type Range } from "@/format/ranges";
import { clock, day } from "@/format/times";
import { DAY, ownZone } from "@/format/zone";
import { Chip } from "./Badge";
import { CustomRange } from "./CustomRange";
import { Segments } from "./Field";
import { useNow } from "./Value";

/** A time range in a word, or two ends in Unix ms; nothing = all there is. */
export interface TimeChoice {
  range?: Range;
  from?: number;
  to?: number;
}

const all = "all";
const stamp = (ms: number) => `${day(ms)} ${clock(ms)}`;

/** The time of a list: all, one of some ranges up to now, or two moments, which are a chip. */
export function TimeFilter({
  value: { range, from, to },
  ranges,
  onChange,
}: {
  value: TimeChoice;
  ranges: readonly Range[];
  onChange: (next: Record<keyof TimeChoice, undefined> | TimeChoice) => void;
}) {
  const now = useNow();
  const own = from !== undefined && to !== undefined ? { from, to } : undefined;
  const none = { range: undefined, from: undefined, to: undefined };
  return (
    <>
      {own ? (
        <Chip name="Time" value={`${stamp(own.from)} – ${stamp(own.to)}`} onRemove={() => onChange(none)} />
      ) : (
        <Segments
          label="Time range"
          value={range ?? all}
          options={[{ value: all, label: "All" }, ...rangeOptions(...ranges)]}
          onChange={(next) => onChange({ ...none, range: next === all ? undefined : next })}
        />
      )}
      <CustomRange
        zone={ownZone()}
        span={own ?? { from: now - (range ? rangeMs(range) : DAY), to: now }}
        onChange={(span) => onChange({ ...none, ...span })}
      />
    </>
  );
}
