// Health of the upstreams, dry runs, and the acts that go with them.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type KeyHealth = Schemas["KeyHealthOut"];
export type TargetHealth = Schemas["TargetHealthOut"];
export type ProviderHealth = Schemas["ProviderHealthOut"];
export type ProviderState = ProviderHealth["state"];
export type Breaker = TargetHealth["breaker"];
export type Verdict = Schemas["VerdictOut"];
export type PlanStep = Schemas["StepOut"];
export type Judged = Schemas["JudgedOut"];
export type ShareShown = Schemas["ShareShownOut"];
export type Plan = Schemas["PlanOut"];
export type PlanQuestion = Schemas["PlanIn"];
export type Dialect = NonNullable<PlanQuestion["dialect"]>;

export const healthQuery = (api: Api) =>
  queryOptions({
    queryKey: ["health"],
    queryFn: ({ signal }) => data(api.GET("/api/admin/health", { signal })),
    refetchInterval: 10_000,
  });

export const planQuery = (api: Api, question: PlanQuestion) =>
  queryOptions({
    queryKey: ["plan", question],
    queryFn: ({ signal }) => data(api.POST("/api/admin/plan", { body: question, signal })),
    staleTime: 10_000,
    gcTime: 60_000,
  });

/** A dead or cooling key is tried again with the next request. */
export const reviveKey = (api: Api, provider: string, key: string) =>
  api.POST("/api/admin/providers/{id}/keys/{key_id}/revive", { params: { path: { id: provider, key_id: key } } });

/** A target's breaker is closed by hand. */
export const closeBreaker = (api: Api, provider: string, model: string) =>
  api.POST("/api/admin/providers/{id}/targets/close", { params: { path: { id: provider } }, body: { model } });

/** A running request is asked to end. */
export const stopRequest = (api: Api, id: string) =>
  api.POST("/api/admin/logs/{id}/stop", { params: { path: { id } } });
