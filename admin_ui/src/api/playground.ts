// The virtual key with which the playground calls the gateway. It lives in the query cache alone: never in a storage, an address or a page.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";

const early = 120_000;

/** An hour's key; one that ends within two minutes counts as old and is replaced at the next call. */
export const playgroundKeyQuery = (api: Api) =>
  queryOptions({
    queryKey: ["playground-key"],
    queryFn: () => data(api.POST("/api/admin/playground")),
    staleTime: (query) => (query.state.data ? query.state.data.expires_at - early - query.state.dataUpdatedAt : 0),
    gcTime: 3_600_000,
    retry: false,
  });
