import createClient, { type Client, type Middleware } from "openapi-fetch";
import { apiError, unreachable } from "./errors";
import type { paths } from "./schema";
import type { SessionStore } from "./session";

export type Api = Client<paths>;

/** A typed client of the admin API. Every failure arrives as an ApiError; a 401 ends the session. */
export function createApi(base: string, session: SessionStore): Api {
  const middleware: Middleware = {
    onRequest({ request }) {
      const token = session.get()?.token;
      if (token) request.headers.set("authorization", `Bearer ${token}`);
      return request;
    },
    async onResponse({ response, schemaPath }) {
      if (response.ok) return undefined;
      if (response.status === 401 && schemaPath !== "/api/auth/login") session.set(null);
      const body: unknown = await response.json().catch(() => null);
      throw apiError(response.status, body);
    },
    onError({ error }) {
      if (error instanceof DOMException && error.name === "AbortError") return error;
      return unreachable();
    },
  };
  // An empty base would make relative URLs, which Request refuses outside a page; the page's own origin is what "" means.
  const api = createClient<paths>({ baseUrl: base || location.origin });
  api.use(middleware);
  return api;
}

/** The data of a reply. openapi-fetch types it as possibly absent; after the middleware above it never is. */
export async function data<T>(reply: Promise<{ data?: T }>): Promise<T> {
  const { data: value } = await reply;
  return value as T;
}
