import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { marked, seriesAt, snap, type Mark } from "./brush";
import { colors } from "./series";
import { stack } from "./stack";
import { heights, ticks } from "./ticks";
import type { ChartProps } from "./TimeChart";

type Props = ChartProps & { zone: string; onHover: (index: number | null) => void; mark: Mark | null };

const labelRoom = 64;

function draw(host: HTMLElement, props: Props, latest: () => Props): uPlot {
  const { times, end, kind, series, format, onZoom, onPick, zone } = props;
  const css = getComputedStyle(document.documentElement);
  const token = (name: string) => css.getPropertyValue(name).trim();
  // A bucket is drawn around its middle, so that it takes up the time that it counts.
  const middles = times.map((start, index) => (start + (times[index + 1] ?? end)) / 2000);
  const bars = kind === "bars";
  const shown = bars ? [...series].reverse() : series;
  const values = bars ? stack(series.map((line) => line.values)) : series.map((line) => line.values);
  const axis = {
    stroke: token("--text-3"),
    grid: { stroke: token("--edge"), width: 1 },
    ticks: { show: false },
    font: `12px ${token("--sans")}`,
  };
  const names = ticks(times, end, zone, Math.max(2, Math.floor((host.clientWidth - 60) / labelRoom)));
  const chart = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: {
        sync: { key: "charts", setSeries: false },
        points: { show: !bars },
        drag: { x: Boolean(onZoom), y: false, setScale: false },
        y: false,
      },
      scales: {
        x: { time: true, range: () => [(times[0] ?? 0) / 1000, end / 1000] },
        y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 22,
          splits: () => names.map(({ at }) => at / 1000),
          values: () => names.map(({ label }) => label),
        },
        {
          ...axis,
          size: 60,
          values: (_chart, splits) => splits.map(format),
          space: props.small ? 28 : 36,
          ...heights(series.map((line) => line.values)),
        },
      ],
      series: [
        {},
        ...shown.map((line) => ({
          label: line.label,
          stroke: token(colors[line.color]),
          fill: bars ? token(colors[line.color]) : undefined,
          width: bars ? 0 : 2,
          // A value between two gaps has no line: few values are shown as points as well.
          points: { show: !bars && line.values.filter((value) => value !== null).length < 13, size: 6 },
          spanGaps: false,
          paths: bars ? uPlot.paths.bars?.({ size: [0.78, 40], radius: 0.12 }) : undefined,
        })),
      ],
      hooks: {
        setCursor: [
          ({ cursor }) => latest().onHover(cursor.left !== undefined && cursor.left >= 0 ? (cursor.idx ?? null) : null),
        ],
        setSelect: [
          (drawn) => {
            const { left, width } = drawn.select;
            const zoom = latest().onZoom;
            if (!zoom || width < 8) return;
            const [from = 0, to = 0] = [left, left + width].map((x) => drawn.posToVal(x, "x") * 1000);
            drawn.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            zoom(...snap(from, to, times, end));
          },
        ],
      },
    },
    [middles, ...values] as uPlot.AlignedData,
    host,
  );
  if (onPick && bars) {
    // uPlot keeps the click that ends a drag to itself.
    chart.over.addEventListener("click", (event) => {
      const box = chart.over.getBoundingClientRect();
      const bucket = chart.posToIdx(event.clientX - box.left);
      const value = chart.posToVal(event.clientY - box.top, "y");
      const found = seriesAt(
        series.map((line) => line.values),
        bucket,
        value,
      );
      const id = found === undefined ? undefined : series[found]?.id;
      if (id !== undefined) latest().onPick?.(id);
    });
  }
  return chart;
}

/** Shows what the keyboard has marked. */
function showMark(chart: uPlot, mark: Mark | null, { times, end }: Props) {
  if (!mark) {
    chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    chart.setCursor({ left: -10, top: -10 });
    return;
  }
  const [first, last] = marked(mark);
  const x = (ms: number) => chart.valToPos(ms / 1000, "x");
  const [left, right] = [x(times[first] ?? 0), x(times[last + 1] ?? end)];
  const height = chart.over.clientHeight;
  chart.setSelect({ left, width: right - left, top: 0, height }, false);
  chart.setCursor({ left: x(((times[mark.at] ?? 0) + (times[mark.at + 1] ?? end)) / 2), top: height / 2 });
}

/** The canvas. It is drawn anew when data, size or theme change: the figures are few. */
export function Plot(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot>(undefined);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { times, end, series, zone, mark } = props;
  const signature = JSON.stringify([times, end, series, zone]);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const redraw = () => {
      drawn.current?.destroy();
      drawn.current = element.clientWidth > 0 ? draw(element, latest.current, () => latest.current) : undefined;
    };
    const size = new ResizeObserver(redraw);
    size.observe(element);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      size.disconnect();
      theme.disconnect();
      drawn.current?.destroy();
      drawn.current = undefined;
    };
  }, [signature]);
  const had = useRef(false);
  useEffect(() => {
    // Without a mark, now or before, the pointer has the cursor.
    if (drawn.current && (mark || had.current)) showMark(drawn.current, mark, latest.current);
    had.current = mark !== null;
  }, [mark]);
  return <div ref={host} className="chart-plot" />;
}
