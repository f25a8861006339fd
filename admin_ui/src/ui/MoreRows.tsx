import type { Pages } from "@/api/use-pages";
import { count } from "@/format/numbers";
import { Button } from "./Button";

/** Under a list of which there is more: how much of it is shown, and the way to the rest. */
export function MoreRows<T>({ pages: { rows, total, more, busy, loadMore } }: { pages: Pages<T> }) {
  if (!more || !rows) return null;
  return (
    <div className="more-rows">
      <span className="muted small num">
        {count(rows.length)} of {total == null ? "more" : count(total)} shown
      </span>
      <Button busy={busy} onClick={loadMore}>
        Show more
      </Button>
    </div>
  );
}
