import { ApiError, fieldError } from "@/api/errors";
import { DraftProblem } from "./route-draft";
import { rowAt, type Group } from "./rules";

const named = (error: DraftProblem, field: string) => [error, ...error.others].find((one) => one.field === field);

/** What is wrong with a field of the form, found here or by the API. */
export function faultAt(error: Error | null, field: string): string | undefined {
  if (error instanceof DraftProblem) return named(error, field)?.message;
  return fieldError(error, field);
}

export interface RuleFault {
  /** The row. */
  node?: number;
  /** What of the row is to blame, as the API calls it: field, op, value or zone; absent: not known. */
  part?: string;
  message: string;
}

/** What is wrong with a condition, and in which of its rows, as far as that is known. */
export function ruleFault(error: Error | null, field: string, group: Group | null): RuleFault | undefined {
  const message = faultAt(error, field);
  if (message === undefined) return undefined;
  if (error instanceof DraftProblem) return { node: named(error, field)?.node, message };
  const path = error instanceof ApiError ? (error.field ?? "").replace(/^body\./, "").slice(field.length + 1) : "";
  const part = /(?:^|[.\]])(field|op|value|zone)(?:\[\d+\])?$/.exec(path)?.[1];
  return { node: group ? rowAt(group, path) : undefined, part, message };
}
