import { data, type Api } from "@/api/client";
import type { Route } from "@/api/types";

/** Makes a deleted route again as it was. */
export const remakeRoute = (api: Api, route: Route) =>
  data(
    api.POST("/api/admin/routes", {
      body: {
        id: route.id,
        strategy: route.strategy,
        sticky_by: route.sticky_by,
        targets: route.targets,
        canary: route.canary,
        mirror: route.mirror,
        hedge_seconds: route.hedge_seconds,
        on_disconnect: route.on_disconnect,
        retry: route.retry,
        guardrails: route.guardrails,
        cache: route.cache,
        active: route.active,
      },
    }),
  );
