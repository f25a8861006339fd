import { data, type Api } from "@/api/client";
import type { Guardrail } from "@/api/guardrails";
import { guardrailBody, guardrailDraft } from "./guardrail-draft";

/** Makes a deleted guardrail again as it was. */
export const remakeGuardrail = (api: Api, guardrail: Guardrail) =>
  data(api.POST("/api/admin/guardrails", { body: guardrailBody(guardrailDraft(guardrail)) }));
