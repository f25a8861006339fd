// Guardrails: the list, and what one would find in a text.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { everything } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Guardrail = Schemas["GuardrailOut"];
export type GuardrailBody = Schemas["GuardrailIn"];
export type GuardrailKind = Guardrail["kind"];
export type GuardrailAction = Guardrail["action"];
export type Stage = Guardrail["stages"][number];
export type Role = Guardrail["roles"][number];
export type PiiKind = Guardrail["pii"][number];

export const guardrailsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["guardrails"],
    queryFn: ({ signal }) =>
      everything((cursor) =>
        data(api.GET("/api/admin/guardrails", { params: { query: { limit: 100, cursor } }, signal })),
      ),
  });

/** What a guardrail, as a form has it, finds in a text. Nothing is stored, and nobody is asked. */
export const tryQuery = (api: Api, asked: { guardrail: GuardrailBody; stage: Stage; role: Role; text: string }) =>
  queryOptions({
    queryKey: ["guardrail-try", asked],
    queryFn: ({ signal }) => data(api.POST("/api/admin/guardrails/try", { body: asked, signal })),
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
  });

export type LogVerdict = Schemas["GuardrailVerdictOut"];
