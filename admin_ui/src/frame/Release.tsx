import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitCommitHorizontal } from "lucide-react";
import { releaseQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { shortHash } from "@/format/release-search";
import { exact } from "@/format/times";
import { Badge } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { Skeleton } from "@/ui/Page";
import { Tooltip } from "@/ui/Tooltip";

/** Which deployment this is; production stands out. */
export function StageBadge() {
  const { config } = useApp();
  const production = /^prod/i.test(config.stage);
  return <Badge state={production ? "warn" : "idle"}>{config.stage}</Badge>;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The configuration release that requests run under; leads to what it changed. */
export function ReleaseBadge() {
  const { api } = useApp();
  const { data } = useQuery(releaseQuery(api));
  if (!data) return <Skeleton width={9} />;
  const text = data.release
    ? `Release ${shortHash(data.release)}… with ${counted(data.providers, "provider")}, ${counted(data.models, "model")}, ${counted(data.routes, "route")}${data.updated_at ? `, since ${exact(data.updated_at)}` : ""}`
    : "Nothing has been published yet: add a provider and a model.";
  const look = {
    className: buttonClass({ tone: "quiet", size: "compact" }),
    "aria-label": `Release ${data.number}. ${text}`,
  };
  const content = (
    <>
      <GitCommitHorizontal className="icon" aria-hidden />
      <span className="num">#{data.number}</span>
    </>
  );
  return (
    <Tooltip text={text}>
      {data.release ? (
        <Link to="/releases/$hash" params={{ hash: data.release }} search={{ number: data.number }} {...look}>
          {content}
        </Link>
      ) : (
        <Link to="/releases" search={{}} {...look}>
          {content}
        </Link>
      )}
    </Tooltip>
  );
}
