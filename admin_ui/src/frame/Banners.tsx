import { onlineManager, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileDiff, RotateCw, Unplug, WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { ApiError } from "@/api/errors";
import { releaseQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { Button, buttonClass } from "@/ui/Button";
import { useAllowed } from "./access";

/** What the whole page must know: there is no connection, or edits wait to be published. */
export function Banners() {
  const online = useSyncExternalStore(
    (tell) => onlineManager.subscribe(tell),
    () => onlineManager.isOnline(),
  );
  return (
    <>
      {online ? <Lost /> : <Offline />}
      <DraftBar />
    </>
  );
}

const Offline = () => (
  <div className="banner" role="status">
    <WifiOff className="icon" aria-hidden />
    <span>You are offline. What you see may be old; it refreshes when the connection is back.</span>
  </div>
);

const pause = 5000;

/** Whether the last thing that was read could not be reached. */
function useLost(): boolean {
  const queries = useQueryClient();
  const [lost, setLost] = useState(false);
  useEffect(
    () =>
      queries.getQueryCache().subscribe((event) => {
        if (event.type !== "updated") return;
        const { action } = event;
        if (action.type === "success" && !action.manual) setLost(false);
        else if (action.type === "failed") setLost(action.error instanceof ApiError && action.error.status === 0);
      }),
    [queries],
  );
  return lost;
}

/** The gateway does not answer: asks again every few seconds, and reads everything anew when it does. */
function Lost() {
  const queries = useQueryClient();
  const lost = useLost();
  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(() => void queries.refetchQueries({ queryKey: ["me"] }), pause);
    return () => {
      clearInterval(timer);
      void queries.invalidateQueries();
    };
  }, [lost, queries]);
  if (!lost) return null;
  return (
    <div className="banner" role="status">
      <Unplug className="icon" aria-hidden />
      <span>The gateway does not answer. What you see may be old; it is tried again every few seconds.</span>
      <Button size="compact" icon={RotateCw} onClick={() => void queries.refetchQueries({ type: "active" })}>
        Try now
      </Button>
    </div>
  );
}

/** In draft mode: how much is edited and not in force. */
function DraftBar() {
  const { api } = useApp();
  const may = useAllowed();
  const found = useQuery({ ...releaseQuery(api), enabled: may("release") }).data;
  if (!found?.pending) return null;
  const { pending, number } = found;
  return (
    <div className="banner info" role="status">
      <FileDiff className="icon" aria-hidden />
      <span>
        {pending === 1 ? "1 change" : `${pending} changes`} not published.
        <span className="wide-only inline"> Requests still run under release #{number}.</span>
      </span>
      <Link to="/releases" search={{ draft: true }} className={buttonClass({ size: "compact" })}>
        Review
      </Link>
    </div>
  );
}
