import { useSyncExternalStore } from "react";
import { exactMoney, money } from "@/format/numbers";
import { ago, exact } from "@/format/times";
import { Tooltip } from "./Tooltip";

const subscribe = (tell: () => void) => {
  const timer = setInterval(tell, 15_000);
  return () => clearInterval(timer);
};
// Rounded, so that reading twice in one render gives one answer.
const read = () => Math.floor(Date.now() / 5000) * 5000;

/** The present, refreshed every quarter of a minute. */
export const useNow = () => useSyncExternalStore(subscribe, read);

/** How long ago, the absolute time on hover. */
export function Ago({ ms }: { ms: number }) {
  const now = useNow();
  return (
    <Tooltip text={exact(ms)}>
      <time dateTime={new Date(ms).toISOString()} className="nowrap">
        {ms > now && ms - now < 20_000 ? "just now" : ago(ms, now)}
      </time>
    </Tooltip>
  );
}

/** An amount with sensible digits, the exact one on hover. */
export function Money({ nano }: { nano: number }) {
  return (
    <Tooltip text={exactMoney(nano)}>
      <span className="num">{money(nano)}</span>
    </Tooltip>
  );
}
