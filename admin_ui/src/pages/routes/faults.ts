import { ApiError, fieldError } from "@/api/errors";
import { DraftProblem } from "./route-draft";
import { rowAt, type Group } from "./rules";

/** What is wrong with a field of the form, found here or by the API. */
export function faultAt(error: Error | null, field: string): string | undefined {
  if (error instanceof DraftProblem) return error.field === field ? error.message : undefined;
  return fieldError(error, field);
}

/** What is wrong with a condition, and in which of its rows, as far as that is known. */
export function ruleFault(
  error: Error | null,
  field: string,
  group: Group | null,
): { node?: number; message: string } | undefined {
  const message = faultAt(error, field);
  if (message === undefined) return undefined;
  if (error instanceof DraftProblem) return { node: error.node, message };
  const path = error instanceof ApiError ? (error.field ?? "").replace(/^body\./, "").slice(field.length + 1) : "";
  return { node: group ? rowAt(group, path) : undefined, message };
}
