import type { Model } from "@/api/types";
import type { Figures, UsageReport } from "@/api/usage";
import { cacheShare, saved, written } from "@/format/cache-savings";

/** What one model at one provider read from and wrote to the provider's cache. */
export interface CacheRow {
  key: string;
  provider: string;
  model: string;
  requests: number;
  share: number | null;
  read: number;
  written: number;
  /** Nano-dollars; null where no price is known. */
  saved: number | null;
}

/** The model that a log row means: the one of that name at that provider. */
const modelOf = (
  models: readonly Model[] | undefined,
  id: string | null | undefined,
  provider: string | null | undefined,
) =>
  models?.find((one) => one.id === id && one.provider === provider) ??
  models?.find((one) => one.upstream_model === id && one.provider === provider);

const rowOf = (figures: Figures) => ({
  requests: figures.requests,
  share: cacheShare(figures),
  read: figures.cache_read_tokens,
  written: written(figures),
});

/** The groups of a report by provider and model, those with most tokens from cache first; `models` tells the prices. */
export function cacheRows(report: UsageReport, models: readonly Model[] | undefined): CacheRow[] {
  return report.groups
    .map(({ ids, names, figures }) => {
      const price = modelOf(models, ids.model, ids.provider)?.effective_price;
      return {
        key: `${ids.provider ?? ""} ${ids.model ?? ""}`,
        provider: names.provider ?? ids.provider ?? "no provider",
        model: names.model ?? ids.model ?? "no model",
        ...rowOf(figures),
        saved: price ? saved(figures, price) : null,
      };
    })
    .filter((row) => row.share !== null)
    .sort((a, b) => b.read - a.read || b.requests - a.requests);
}

export const savedOf = (rows: readonly CacheRow[]) => rows.reduce((sum, row) => sum + (row.saved ?? 0), 0);
