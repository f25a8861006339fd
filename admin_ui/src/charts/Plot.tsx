import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { clock, day } from "@/format/times";
import { stack } from "./stack";
import type { ChartProps } from "./TimeChart";

type Props = ChartProps & { onHover: (index: number | null) => void };

const names = { c1: "--series-1", c2: "--series-2", c3: "--series-3", c4: "--series-4", "c-error": "--error" } as const;

/** Midnight is named by its date, any other time by its hour. */
function tick(ms: number): string {
  const time = clock(ms).slice(0, 5);
  return time === "00:00" ? day(ms).slice(5) : time;
}

function draw(host: HTMLElement, { times, bucket, kind, series, format, onZoom, onHover }: Props): uPlot {
  const css = getComputedStyle(document.documentElement);
  const token = (name: string) => css.getPropertyValue(name).trim();
  const seconds = times.map((ms) => ms / 1000);
  const step = bucket === "day" ? 86_400 : 3600;
  const bars = kind === "bars";
  const shown = bars ? [...series].reverse() : series;
  const values = bars ? stack(series.map((line) => line.values)) : series.map((line) => line.values);
  const axis = {
    stroke: token("--text-3"),
    grid: { stroke: token("--edge"), width: 1 },
    ticks: { show: false },
    font: `12px ${token("--sans")}`,
  };
  const pad = bars ? step / 2 : 0;
  return new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: {
        sync: { key: "overview", setSeries: false },
        points: { show: !bars },
        drag: { x: Boolean(onZoom), y: false, setScale: false },
        y: false,
      },
      scales: {
        x: { time: true, range: () => [(seconds[0] ?? 0) - pad, (seconds.at(-1) ?? 1) + pad] },
        y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          space: 56,
          values: (_chart, splits) => splits.map((at) => tick(at * 1000)),
        },
        { ...axis, size: 60, values: (_chart, splits) => splits.map(format), space: 36 },
      ],
      series: [
        {},
        ...shown.map((line) => ({
          label: line.label,
          stroke: token(names[line.color]),
          fill: bars ? token(names[line.color]) : undefined,
          width: bars ? 0 : 2,
          // A value between two gaps has no line: few values are shown as points as well.
          points: { show: !bars && line.values.filter((value) => value !== null).length < 13, size: 6 },
          spanGaps: false,
          paths: bars ? uPlot.paths.bars?.({ size: [0.72, 40], radius: 0.15 }) : undefined,
        })),
      ],
      hooks: {
        setCursor: [
          (chart) =>
            onHover(chart.cursor.left !== undefined && chart.cursor.left >= 0 ? (chart.cursor.idx ?? null) : null),
        ],
        setSelect: [
          (chart) => {
            if (!onZoom || chart.select.width < 8) return;
            const [from, to] = [chart.select.left, chart.select.left + chart.select.width].map(
              (x) => chart.posToVal(x, "x") * 1000,
            );
            chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            if (from !== undefined && to !== undefined) onZoom(Math.round(from), Math.round(to));
          },
        ],
      },
    },
    [seconds, ...values] as uPlot.AlignedData,
    host,
  );
}

/** The canvas. It is drawn anew when data, size or theme change: the figures are few. */
export function Plot(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { times, series, bucket } = props;
  const signature = JSON.stringify([times, series, bucket]);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let chart: uPlot | undefined;
    const redraw = () => {
      chart?.destroy();
      chart =
        element.clientWidth > 0
          ? draw(element, { ...latest.current, onHover: (at) => latest.current.onHover(at) })
          : undefined;
    };
    const size = new ResizeObserver(redraw);
    size.observe(element);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      size.disconnect();
      theme.disconnect();
      chart?.destroy();
    };
  }, [signature]);
  return <div ref={host} className="chart-plot" />;
}
