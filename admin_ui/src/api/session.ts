import type { components } from "./schema";

/**
 * Who is signed in, kept for all tabs of this browser. `token` is good until `expiresAt`; until `endsAt` it can be replaced by
 * another (refresh.ts). What it is replaced with, the refresh token, is in a cookie that no script can read.
 */
export interface Session {
  token: string;
  expiresAt: number;
  endsAt: number;
  user: { id: string; username: string; role: string; access?: Record<string, readonly string[]> };
}

const place = "gateway.session";
type Listener = () => void;

/** The session of a reply to a sign-in, a registration or a refresh. */
export function sessionOf(reply: components["schemas"]["TokenOut"]): Session {
  const now = Date.now();
  return {
    token: reply.access_token,
    expiresAt: now + reply.expires_in * 1000,
    endsAt: now + reply.session_expires_in * 1000,
    user: reply.user,
  };
}

function parse(text: string | null): Session | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<Session>;
    if (
      typeof value.token !== "string" ||
      typeof value.expiresAt !== "number" ||
      typeof value.user?.username !== "string"
    )
      return null;
    const endsAt = typeof value.endsAt === "number" ? value.endsAt : value.expiresAt;
    return endsAt > Date.now() ? ({ ...value, endsAt } as Session) : null;
  } catch {
    return null;
  }
}

/** A session store over `storage`; `get` is null once the session has ended. */
export class SessionStore {
  readonly #listeners = new Set<Listener>();
  #told: string | undefined;
  #lost = false;
  #seen: { text: string | null; value: Session | null } = { text: null, value: null };

  constructor(private readonly storage: Storage) {
    this.#told = this.get()?.user.id;
    window.addEventListener("storage", (event) => {
      // Another tab's new token is nobody's coming or going.
      if ((event.key === place || event.key === null) && this.#told !== this.get()?.user.id) this.#tell();
    });
  }

  get = (): Session | null => {
    const text = this.storage.getItem(place);
    if (text !== this.#seen.text) {
      this.#seen = { text, value: parse(text) };
      if (text && !this.#seen.value) this.#lost = true;
    }
    if (this.#seen.value && this.#seen.value.endsAt <= Date.now()) {
      this.#seen.value = null;
      this.#lost = true;
    }
    return this.#seen.value;
  };

  set(session: Session | null): void {
    if (session) {
      this.#lost = false;
      this.storage.setItem(place, JSON.stringify(session));
    } else this.storage.removeItem(place);
    this.#tell();
  }

  /** Go on with other tokens: nobody has come or gone, so nobody is told. */
  renew(session: Session): void {
    this.storage.setItem(place, JSON.stringify(session));
  }

  /** The session ended by itself: the API does not take its token any more. */
  lose(): void {
    this.#lost = true;
    this.set(null);
  }

  /** Whether somebody was signed in here whose session ended without their doing. */
  get lost(): boolean {
    return this.#lost;
  }

  subscribe = (listener: Listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell() {
    this.#told = this.get()?.user.id;
    for (const listener of this.#listeners) listener();
  }
}
