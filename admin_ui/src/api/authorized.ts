import { unreachable } from "./errors";
import type { Refresher } from "./refresh";
import type { SessionStore } from "./session";

/** `fetch` in the name of whoever is signed in. */
export type AuthorizedFetch = (
  path: string,
  init?: Omit<RequestInit, "headers"> & { json?: unknown },
) => Promise<Response>;

const left = (error: unknown) => error instanceof DOMException && error.name === "AbortError";

/**
 * For answers that are read as they come, which the typed client does not: the access token goes along, one that is about to end or is refused is
 * replaced first, and the request is then sent once more. The reply may be an error; an ApiError is thrown when there is none.
 */
export function authorized(
  base: string,
  session: SessionStore,
  refresh: Refresher,
  fetch: typeof globalThis.fetch = (...given) => globalThis.fetch(...given),
): AuthorizedFetch {
  return async (path, { json, ...init } = {}) => {
    const send = (token: string | undefined) => {
      const headers = new Headers(json === undefined ? {} : { "content-type": "application/json" });
      if (token) headers.set("authorization", `Bearer ${token}`);
      const body = json === undefined ? undefined : JSON.stringify(json);
      return fetch(new Request(base + path, { ...init, headers, body })).catch((error: unknown) => {
        throw left(error) ? error : unreachable();
      });
    };
    const old = session.get()?.token;
    if (old && refresh.due()) await refresh.renew(old, fetch);
    const sent = session.get()?.token;
    const reply = await send(sent);
    if (reply.status !== 401 || !sent) return reply;
    await refresh.renew(sent, fetch);
    const token = session.get()?.token;
    if (!token || token === sent) return reply;
    const second = await send(token);
    // A session that somebody began in the meantime is not the one that was refused.
    if (second.status === 401 && session.get()?.token === token) session.lose();
    return second;
  };
}
