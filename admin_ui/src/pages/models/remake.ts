import { data, type Api } from "@/api/client";
import type { Model } from "@/api/types";

/** Makes a deleted model again as it was. A price that the catalog gave comes from there again. */
export const remakeModel = (api: Api, model: Model) =>
  data(
    api.POST("/api/admin/models", {
      body: {
        id: model.id,
        provider: model.provider,
        upstream_model: model.upstream_model,
        kind: model.kind,
        display_name: model.display_name,
        context_window: model.context_window,
        max_output_tokens: model.max_output_tokens,
        price: model.price_source === "model" ? model.price : null,
        active: model.active,
      },
    }),
  );
