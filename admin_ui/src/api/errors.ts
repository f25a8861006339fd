/** The admin API said no, or could not be reached (`status` 0). `field` is the path of the offending field, if one is to blame. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly field?: string,
    readonly requestId?: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

interface Told {
  type?: unknown;
  message?: unknown;
  field?: unknown;
  request_id?: unknown;
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

/** What a body says of an error: in the admin API's own shape, or in the flat one of /api/v1. */
function told(body: unknown): Told | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if ("error" in body) return body.error as Told;
  if (!("code" in body)) return undefined;
  const flat = body as Told & { code: unknown; details?: { field?: unknown } | null };
  return { type: flat.code, message: flat.message, request_id: flat.request_id, field: flat.details?.field };
}

/** An ApiError from a reply's status and parsed body, whatever that body is. */
export function apiError(status: number, body: unknown): ApiError {
  const given = told(body);
  const fallback = status >= 500 ? "The gateway's admin API failed." : `The admin API answered ${status}.`;
  return new ApiError(
    status,
    text(given?.type) ?? "unknown",
    text(given?.message) ?? fallback,
    text(given?.field),
    text(given?.request_id),
  );
}

export const unreachable = () =>
  new ApiError(0, "unreachable", "The gateway cannot be reached. Check your connection; nothing was changed.");

/** The message for one field of a form: `field` may come as `body.price.input` or `price.input`, and may be one of a list, `tags[0]`. */
export function fieldError(error: Error | null, name: string): string | undefined {
  if (!(error instanceof ApiError) || !error.field) return undefined;
  const field = error.field.replace(/^body\./, "");
  return field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`) ? error.message : undefined;
}

/** A 412 in words that say what to do. */
export function staleness(problem: unknown): Error {
  if (problem instanceof ApiError && problem.status === 412) {
    return new ApiError(
      412,
      problem.type,
      "Someone else has changed this meanwhile. Close and open it again to see the present state.",
      undefined,
      problem.requestId,
    );
  }
  return problem instanceof Error ? problem : new Error(String(problem));
}
