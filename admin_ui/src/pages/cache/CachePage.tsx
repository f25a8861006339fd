import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Eraser } from "lucide-react";
import { useState } from "react";
import { rangeOptions } from "@/format/ranges";
import { cacheSearch, type CacheSearch } from "@/format/search";
import { spanLabel } from "@/format/spans";
import { ownZone } from "@/format/zone";
import { useAllowed } from "@/frame/access";
import { Chip } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Segments } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { ClearCache } from "./ClearCache";
import { GatewayCache } from "./GatewayCache";
import { ProviderCache } from "./ProviderCache";

const place = getRouteApi("/frame/cache");
const ranges = rangeOptions("24h", "7d", "30d", "90d");
const longer = rangeOptions("7d", "30d", "90d");

/** Answers that the gateway gave again and what that saved; and, beside it, what providers had in their own caches. */
export function CachePage() {
  const search = cacheSearch({ ...place.useSearch() });
  const navigate = useNavigate({ from: "/cache" });
  const may = useAllowed();
  const [clearing, setClearing] = useState(false);
  const change = (part: Partial<CacheSearch>) => void navigate({ search: (old) => cacheSearch({ ...old, ...part }) });
  const both = may("cache") && may("usage");
  const providers = !may("cache") || search.whose === "providers";
  const range = search.range ?? "7d";
  const { from, to } = search;
  const zoomed = !providers && from !== undefined && to !== undefined;
  const choose = (next: typeof range) =>
    change({ range: next === "7d" ? undefined : next, from: undefined, to: undefined });
  const long = range === "30d" || range === "90d" ? range : "7d";
  const own = { id: "gateway", label: "Gateway’s own", content: <GatewayCache search={search} change={change} /> };
  const theirs = { id: "providers", label: "Providers’", content: <ProviderCache range={long} /> };
  return (
    <Page
      title="Cache"
      purpose={
        providers
          ? "How much of your prompts the providers had in their own caches, and what that saved."
          : "Answers that were given again without asking a provider, and what that saved."
      }
      actions={
        <>
          {zoomed ? (
            <Chip
              name="Time"
              value={spanLabel({ from, to }, ownZone())}
              onRemove={() => change({ from: undefined, to: undefined })}
            />
          ) : (
            <Segments
              label="Time range"
              value={providers ? long : range}
              options={providers ? longer : ranges}
              onChange={choose}
            />
          )}
          {!providers && may("cache", "DELETE") && (
            <Button icon={Eraser} onClick={() => setClearing(true)}>
              Clear…
            </Button>
          )}
        </>
      }
    >
      {both ? (
        <Tabs
          label="Whose cache"
          value={providers ? "providers" : "gateway"}
          onChange={(id) =>
            change(
              id === "providers"
                ? { whose: "providers", from: undefined, to: undefined, route: undefined, model: undefined }
                : { whose: undefined },
            )
          }
          tabs={[own, theirs]}
        />
      ) : providers ? (
        theirs.content
      ) : (
        own.content
      )}
      {clearing && <ClearCache onClose={() => setClearing(false)} />}
    </Page>
  );
}
