import { useQuery } from "@tanstack/react-query";
import { GitCommitHorizontal } from "lucide-react";
import { releaseQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { exact } from "@/format/times";
import { Badge } from "@/ui/Badge";
import { Skeleton } from "@/ui/Page";
import { Tooltip } from "@/ui/Tooltip";

/** Which deployment this is; production stands out. */
export function StageBadge() {
  const { config } = useApp();
  const production = /^prod/i.test(config.stage);
  return <Badge state={production ? "warn" : "idle"}>{config.stage}</Badge>;
}

/** The configuration release that requests run under. */
export function ReleaseBadge() {
  const { api } = useApp();
  const { data } = useQuery(releaseQuery(api));
  if (!data) return <Skeleton width={9} />;
  const text = data.release
    ? `Release ${data.release.slice(0, 12)}… with ${data.providers} providers, ${data.models} models, ${data.routes} routes${data.updated_at ? `, since ${exact(data.updated_at)}` : ""}`
    : "Nothing has been published yet: add a provider and a model.";
  return (
    <Tooltip text={text}>
      <button type="button" className="button quiet compact" aria-label={`Release ${data.number}. ${text}`}>
        <GitCommitHorizontal className="icon" aria-hidden />
        <span className="num">#{data.number}</span>
      </button>
    </Tooltip>
  );
}
