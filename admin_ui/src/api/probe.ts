// What a provider offers, asked with its own key, and taking models over from there.
import { data, type Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Probe = Schemas["ProbeOut"];
export type ProbedModel = Schemas["ProbedModel"];
export type Imported = Schemas["ImportOut"];

export const probe = (api: Api, id: string) =>
  data(api.POST("/api/admin/providers/{id}/probe", { params: { path: { id } } }));

export const importModels = (api: Api, id: string, models: string[]) =>
  data(
    api.POST("/api/admin/providers/{id}/import", {
      params: { path: { id } },
      body: { models: models.map((model) => ({ id: model })) },
    }),
  );
