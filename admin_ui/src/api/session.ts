/** Who is signed in, kept for all tabs of this browser until the token expires or someone signs out. */
export interface Session {
  token: string;
  expiresAt: number;
  user: { id: string; username: string; role: string };
}

const place = "gateway.session";
type Listener = () => void;

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
    return value.expiresAt > Date.now() ? (value as Session) : null;
  } catch {
    return null;
  }
}

/** A session store over `storage`; `get` is null once the token has expired. */
export class SessionStore {
  readonly #listeners = new Set<Listener>();
  #seen: { text: string | null; value: Session | null } = { text: null, value: null };

  constructor(private readonly storage: Storage) {
    window.addEventListener("storage", (event) => {
      if (event.key === place || event.key === null) this.#tell();
    });
  }

  get = (): Session | null => {
    const text = this.storage.getItem(place);
    if (text !== this.#seen.text) this.#seen = { text, value: parse(text) };
    if (this.#seen.value && this.#seen.value.expiresAt <= Date.now()) this.#seen.value = null;
    return this.#seen.value;
  };

  set(session: Session | null): void {
    if (session) this.storage.setItem(place, JSON.stringify(session));
    else this.storage.removeItem(place);
    this.#tell();
  }

  subscribe = (listener: Listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
