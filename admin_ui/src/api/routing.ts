// Health of the upstreams, dry runs, and the acts that go with them.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";

export type KeyState = "ok" | "cooling" | "dead" | "quota_used" | "inactive";
export type Breaker = "closed" | "open" | "half_open";

export interface KeyHealth {
  id: string;
  hint: string;
  state: KeyState;
  /** When the state ends by itself. */
  until: number | null;
  reason: string | null;
  used_tokens: number;
  daily_quota: number;
  window_ends: number | null;
}

export interface TargetHealth {
  model: string;
  breaker: Breaker;
  until: number | null;
  ok: number;
  bad: number;
  p50_ms: number | null;
  p95_ms: number | null;
  last_fault: string | null;
  last_fault_at: number | null;
}

export type ProviderState = "ok" | "degraded" | "down" | "paused" | "inactive";

export interface ProviderHealth {
  id: string;
  name: string;
  state: ProviderState;
  reason: string | null;
  paused_until: number | null;
  keys: KeyHealth[];
  targets: TargetHealth[];
}

interface HealthReply {
  taken_at: number;
  providers: ProviderHealth[];
}

export interface Verdict {
  /** Leads to the node in its rule; "" is the rule itself. */
  path: string;
  kind: "all" | "any" | "not" | "leaf";
  holds: boolean;
  field?: string | null;
  op?: string | null;
  value?: unknown;
  /** What the request has there, as text; null = nothing. */
  seen?: string | null;
  children?: Verdict[];
}

export interface PlanCandidate {
  provider: string;
  model: string;
  role: string;
  half_open: boolean;
  keys: string[];
  estimate_nano: number | null;
  p50_ms: number | null;
  ok: number;
  bad: number;
}

export interface PlanReply {
  route: string | null;
  strategy: string | null;
  candidates: PlanCandidate[];
  skipped: { provider: string; model: string; reason: string; until_ms: number }[];
  mirror: { provider: string; model: string } | null;
  verdicts: { provider: string; model: string; verdict: Verdict | null }[];
  error?: { type: string; message: string } | null;
}

export interface PlanQuestion {
  key_id: string;
  model: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  draft_route?: unknown;
}

interface Loose {
  GET: (path: string, init?: object) => Promise<{ data?: unknown }>;
  POST: (path: string, init?: object) => Promise<{ data?: unknown }>;
}
const loose = (api: Api) => api as unknown as Loose;

export const healthQuery = (api: Api) =>
  queryOptions({
    queryKey: ["health"],
    queryFn: async ({ signal }) => (await data(loose(api).GET("/api/admin/health", { signal }))) as HealthReply,
    refetchInterval: 10_000,
  });

export const planQuery = (api: Api, question: PlanQuestion) =>
  queryOptions({
    queryKey: ["plan", question],
    queryFn: async ({ signal }) =>
      (await data(loose(api).POST("/api/admin/plan", { body: question, signal }))) as PlanReply,
    staleTime: 10_000,
    gcTime: 60_000,
  });

/** A dead or cooling key is tried again with the next request. */
export const reviveKey = (api: Api, provider: string, key: string) =>
  data(
    loose(api).POST("/api/admin/providers/{id}/keys/{key_id}/revive", {
      params: { path: { id: provider, key_id: key } },
    }),
  );

/** A target's breaker is closed by hand. */
export const closeBreaker = (api: Api, provider: string, model: string) =>
  data(loose(api).POST("/api/admin/health/close", { body: { provider, model } }));

/** A running request is asked to end. */
export const stopRequest = (api: Api, id: string) =>
  data(loose(api).POST("/api/admin/logs/{id}/stop", { params: { path: { id } } }));
