import createClient, { type Client, type Middleware } from "openapi-fetch";
import { apiError, unreachable } from "./errors";
import { Refresher } from "./refresh";
import type { paths } from "./schema";
import type { SessionStore } from "./session";

export type Api = Client<paths>;

/** They begin or end sessions themselves: a 401 says nothing about the present one, and nothing is refreshed for them. */
const doors = new Set(["/api/auth/login", "/api/auth/register", "/api/auth/logout", "/api/auth/refresh"]);

const bearer = (token: string) => `Bearer ${token}`;

/**
 * A typed client of the admin API. Every failure arrives as an ApiError. A token that is about to end is replaced before a request; a
 * 401 has it replaced too and the request sent once more, and only the 401 after that ends the session.
 */
export function createApi(base: string, session: SessionStore, refresher?: Refresher): Api {
  // An empty base would make relative URLs, which Request refuses outside a page; the page's own origin is what "" means.
  const origin = base || location.origin;
  const refresh = refresher ?? new Refresher(origin, session);
  const again = new Map<string, Request>();
  const middleware: Middleware = {
    async onRequest({ request, schemaPath, options, id }) {
      const inside = !doors.has(schemaPath);
      const old = session.get()?.token;
      if (inside && old && refresh.due()) await refresh.renew(old, options.fetch);
      const token = session.get()?.token;
      if (token) request.headers.set("authorization", bearer(token));
      if (token && inside) again.set(id, request.clone());
      return request;
    },
    async onResponse({ request, response, schemaPath, options, id }) {
      const copy = again.get(id);
      again.delete(id);
      if (response.ok) return undefined;
      let last = response;
      if (response.status === 401 && copy) last = await secondTry(copy, options.fetch, response);
      if (last.ok) return last;
      const sent = (copy ?? request).headers.get("authorization");
      const present = session.get();
      // A session that somebody began in the meantime is not the one that was refused.
      if (last.status === 401 && !doors.has(schemaPath) && present && sent === bearer(present.token)) session.lose();
      const body: unknown = await last.json().catch(() => null);
      throw apiError(last.status, body);
    },
    onError({ error, id }) {
      again.delete(id);
      if (error instanceof DOMException && error.name === "AbortError") return error;
      return unreachable();
    },
  };

  /** The reply to the same request with another token; the first reply when there is none. */
  async function secondTry(copy: Request, fetch: typeof globalThis.fetch, first: Response): Promise<Response> {
    await refresh.renew((copy.headers.get("authorization") ?? "").slice("Bearer ".length), fetch);
    const token = session.get()?.token;
    if (!token || copy.headers.get("authorization") === bearer(token)) return first;
    copy.headers.set("authorization", bearer(token));
    return fetch(copy).catch((error: unknown) => {
      throw error instanceof DOMException && error.name === "AbortError" ? error : unreachable();
    });
  }

  const api = createClient<paths>({ baseUrl: origin });
  api.use(middleware);
  return api;
}

/** The data of a reply. openapi-fetch types it as possibly absent; after the middleware above it never is. */
export async function data<T>(reply: Promise<{ data?: T }>): Promise<T> {
  const { data: value } = await reply;
  return value as T;
}
