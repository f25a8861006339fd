import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useState, type RefObject } from "react";

/** Lists up to this long are there as a whole: the browser's own search finds everything in them. */
const short = 100;
const guess = 45;

/**
 * Of a long list only the rows in sight exist: which they are, and how much room the others take above and below. `body` is the table's part
 * that scrolls with the page. The widths that the columns have at first are kept, or they would change with every row that comes.
 */
export function useRowsInSight(table: RefObject<HTMLTableElement | null>, count: number, columns: string) {
  const long = count > short;
  const top = useTop(table, long);
  const virtual = useWindowVirtualizer({
    count: long ? count : 0,
    estimateSize: () => guess,
    overscan: 12,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const widths = useWidths(table, long && items.length > 0, columns);
  if (!long) return { long, first: 0, last: count - 1, above: 0, below: 0, widths: null, measure: undefined };
  return {
    long,
    first: items[0]?.index ?? 0,
    last: items.at(-1)?.index ?? -1,
    above: (items[0]?.start ?? top) - top,
    below: virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top),
    widths,
    measure: virtual.measureElement,
  };
}

/** Where the body of the table begins in the page. What stands above it may grow: then the page does, too. */
function useTop(table: RefObject<HTMLTableElement | null>, long: boolean): number {
  const [top, setTop] = useState(0);
  useEffect(() => {
    if (!long) return;
    const measure = () => {
      const body = table.current?.tBodies[0];
      if (body) setTop(Math.round(body.getBoundingClientRect().top + window.scrollY));
    };
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [table, long]);
  return top;
}

interface Kept {
  of: string;
  list: number[];
}

/** `ready`: there are rows, from which the browser has made widths. */
function useWidths(table: RefObject<HTMLTableElement | null>, ready: boolean, columns: string): number[] | null {
  const [kept, setKept] = useState<Kept | null>(null);
  const now = ready && kept?.of === columns ? kept.list : null;
  const ask = ready && !now;
  useLayoutEffect(() => {
    const heads = table.current?.tHead?.rows[0]?.cells;
    if (!ask || !heads) return;
    // What the browser has laid out can only be measured after it has.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setKept({ of: columns, list: [...heads].map((head) => head.getBoundingClientRect().width) });
  }, [table, ask, columns]);
  useEffect(() => {
    if (!ready) return;
    const forget = () => setKept(null);
    window.addEventListener("resize", forget);
    return () => window.removeEventListener("resize", forget);
  }, [ready]);
  return now;
}
