// What can be chosen for the deployment, and the configuration as one document.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { staleness } from "./errors";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Settings = Schemas["SettingsOut"];
export type Deployment = Schemas["DeploymentOut"];
export type Publishing = Settings["publishing"];
export type Plan = Schemas["ConfigurationPlan"];
export type PlannedChange = Schemas["PlannedChange"];
export type Applied = Schemas["ConfigurationApplied"];
export type GeneratedKey = Schemas["GeneratedKey"];
export type DocumentFormat = "yaml" | "json";

export const settingsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["settings"],
    queryFn: ({ signal }) => data(api.GET("/api/admin/settings", { signal })),
  });

const fresh = <T>(reply: Promise<{ data?: T }>): Promise<T> =>
  data(reply).catch((problem: unknown) => {
    throw staleness(problem);
  });

/** Choose when edits come into force, unless somebody chose meanwhile. */
export const choosePublishing = (api: Api, publishing: Publishing, version: number) =>
  fresh(api.PATCH("/api/admin/settings", { params: { header: { "if-match": `"${version}"` } }, body: { publishing } }));

/** Choose which answers are kept of models without a route; null = none. */
export const chooseCache = (api: Api, cache: Schemas["CacheRuleIO"] | null, version: number) =>
  fresh(api.PATCH("/api/admin/settings", { params: { header: { "if-match": `"${version}"` } }, body: { cache } }));

/** Everything that is configured as a text; secrets are references in it. */
export const documentQuery = (api: Api, format: DocumentFormat) =>
  queryOptions({
    queryKey: ["configuration", format],
    queryFn: async ({ signal }) =>
      String(
        await data<unknown>(
          api.GET("/api/admin/configuration", { params: { query: { format } }, parseAs: "text", signal }),
        ),
      ),
    staleTime: 0,
  });

export interface Proposal {
  document: string;
  prune: boolean;
  /** Values of the environment variables that the document names. */
  variables: Record<string, string>;
}

/** What a document would change; nothing is written. */
export const planConfiguration = (api: Api, proposal: Proposal) =>
  data(api.POST("/api/admin/configuration/plan", { body: proposal }));

/** Make the configuration what a document says, if that is still what the plan was made for. */
export const applyConfiguration = (api: Api, proposal: Proposal, fingerprint: string) =>
  data(api.POST("/api/admin/configuration/apply", { body: { ...proposal, fingerprint } }));
