import { apiError, unreachable } from "./errors";
import type { components } from "./schema";
import { type SessionStore, sessionOf } from "./session";

/** So long before its end a token is replaced. */
const early = 60_000;
const lock = "gateway.refresh";

type Fetch = (request: Request) => Promise<Response>;

/**
 * Replaces the access token. The server ends a session whose refresh token is used twice, so no two tabs may try at once: a lock of the
 * browser, held over all of its tabs, lets one go after the other, and whoever comes second finds the token that the first one left in the
 * storage. Where there are no such locks (a page that is not served over TLS), one tab still asks only once at a time.
 */
export class Refresher {
  #running: Promise<void> | null = null;

  constructor(
    private readonly base: string,
    private readonly session: SessionStore,
    private readonly locks: Pick<LockManager, "request"> | undefined = navigator.locks,
  ) {}

  /** True when the present token is about to end. */
  due(): boolean {
    const session = this.session.get();
    return session !== null && session.expiresAt - early <= Date.now();
  }

  /**
   * Have another token than `refused` in the store. Without a session, or when the server ends it, there is none afterwards; an ApiError when
   * the server cannot say.
   */
  renew(refused: string, fetch: Fetch): Promise<void> {
    this.#running ??= this.#locked(refused, fetch).finally(() => (this.#running = null));
    return this.#running;
  }

  async #locked(refused: string, fetch: Fetch): Promise<void> {
    const ask = async () => {
      const session = this.session.get();
      if (session?.token === refused) await this.#ask(refused, fetch);
    };
    await (this.locks ? this.locks.request(lock, ask) : ask());
  }

  async #ask(refused: string, fetch: Fetch): Promise<void> {
    // keepalive: a page that is left or loaded anew must not cost the reply, which holds the only refresh token that is still good.
    const init: RequestInit = {
      method: "POST",
      headers: { "x-refresh": "1" },
      credentials: "same-origin",
      keepalive: true,
    };
    const reply = await fetch(new Request(`${this.base}/api/auth/refresh`, init)).catch(() => {
      throw unreachable();
    });
    const body: unknown = await reply.json().catch(() => null);
    // Whoever signed out or in meanwhile, here or in another tab, has the last word.
    if (this.session.get()?.token !== refused) return;
    if (reply.ok) this.session.renew(sessionOf(body as components["schemas"]["TokenOut"]));
    else if (reply.status === 401) this.session.lose();
    else throw apiError(reply.status, body);
  }
}
