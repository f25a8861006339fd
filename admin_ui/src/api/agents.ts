// Agents that were made here: what dialogs that name one say where they say nothing themselves.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { everything } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Agent = Schemas["AgentOut"];
export type AgentBody = Schemas["AgentIn"];
export type AgentPatch = Schemas["AgentPatch"];

export const agentsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["agents"],
    queryFn: ({ signal }) =>
      everything((cursor) => data(api.GET("/api/admin/agents", { params: { query: { limit: 100, cursor } }, signal }))),
  });

export const createAgent = (api: Api, body: AgentBody) => data<Agent>(api.POST("/api/admin/agents", { body }));

export const updateAgent = (api: Api, id: string, body: AgentPatch, version: number) =>
  data<Agent>(
    api.PATCH("/api/admin/agents/{id}", { params: { path: { id }, header: { "if-match": `"${version}"` } }, body }),
  );

export const deleteAgent = (api: Api, id: string) => api.DELETE("/api/admin/agents/{id}", { params: { path: { id } } });
