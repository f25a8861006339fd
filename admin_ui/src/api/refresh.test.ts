import { beforeEach, expect, test, vi } from "vitest";
import { createApi } from "./client";
import { Refresher } from "./refresh";
import { SessionStore } from "./session";

const base = "https://gw.example";
const user = { id: "u", username: "admin", role: "admin" };
const begun = (token: string, seconds = 900) => ({
  token,
  expiresAt: Date.now() + seconds * 1000,
  endsAt: Date.now() + 86_400_000,
  user,
});
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const refused = () => json(401, { error: { type: "unauthorized", message: "Sign in.", request_id: "r" } });

/** One lock for all who hold it, as a browser has for all tabs of an origin. */
function browserLocks(): Pick<LockManager, "request"> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: (_name: string, work: unknown) => {
      const next = last.then(() => (work as () => Promise<unknown>)());
      last = next.catch(() => undefined);
      return next;
    },
  } as Pick<LockManager, "request">;
}

/** The server: one refresh token, which the browser keeps; a second use of one that is used up ends the session. */
class Server {
  access = new Set(["t0"]);
  refreshes = 0;
  bodies: string[] = [];
  down = false;
  busy = 0;
  ended = false;
  #running = 0;

  fetch = async (request: Request): Promise<Response> => {
    if (request.url.endsWith("/api/auth/refresh")) return this.#refresh(request);
    this.bodies.push(await request.clone().text());
    const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
    return this.access.has(token) && !this.ended ? json(200, { items: [] }) : refused();
  };

  async #refresh(request: Request): Promise<Response> {
    expect(request.headers.get("x-refresh")).toBe("1");
    expect(request.headers.get("authorization")).toBeNull();
    expect(request.credentials).toBe("same-origin");
    this.refreshes += 1;
    this.#running += 1;
    if (this.#running > 1) this.ended = true; // the same cookie twice
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#running -= 1;
    if (this.down) throw new TypeError("Failed to fetch");
    if (this.busy) return json(this.busy, { error: { type: "x", message: "Later.", request_id: "r" } });
    if (this.ended) return refused();
    const token = `t${this.refreshes}`;
    this.access.add(token);
    return json(200, { access_token: token, token_type: "bearer", expires_in: 900, session_expires_in: 86_400, user });
  }
}

function tab(server: Server, locks: Pick<LockManager, "request">) {
  const session = new SessionStore(localStorage);
  const api = createApi(base, session, new Refresher(base, session, locks));
  const get = () => api.GET("/api/admin/release", { fetch: server.fetch });
  return { session, api, get };
}

beforeEach(() => localStorage.clear());

test("a fresh token is left alone, one that is about to end is replaced before the request", async () => {
  const server = new Server();
  const { session, get } = tab(server, browserLocks());
  session.set(begun("t0", 61));
  await get();
  expect(server.refreshes).toBe(0);
  session.set(begun("t0", 59));
  await get();
  expect(server.refreshes).toBe(1);
  expect(session.get()?.token).toBe("t1");
  expect(server.bodies).toHaveLength(2);
});

test("many requests at once in many tabs refresh once", async () => {
  const server = new Server();
  const locks = browserLocks();
  const tabs = [tab(server, locks), tab(server, locks), tab(server, locks)];
  tabs[0]?.session.set(begun("t0", 10));
  await Promise.all(tabs.flatMap(({ get }) => [get(), get(), get()]));
  expect(server.refreshes).toBe(1);
  expect(server.ended).toBe(false);
  expect(tabs.map(({ session }) => session.get()?.token)).toEqual(["t1", "t1", "t1"]);
});

test("the same without the lock would end the session: the check above can fail", async () => {
  const server = new Server();
  const none = { request: (_: string, work: unknown) => (work as () => Promise<unknown>)() } as Pick<
    LockManager,
    "request"
  >;
  const tabs = [tab(server, none), tab(server, none)];
  tabs[0]?.session.set(begun("t0", 10));
  await Promise.allSettled(tabs.map(({ get }) => get()));
  expect(server.ended).toBe(true);
});

test("a 401 is answered by one refresh and the same request again, body and all", async () => {
  const server = new Server();
  const { session, api } = tab(server, browserLocks());
  session.set(begun("gone"));
  await api.POST("/api/admin/keys", { body: { name: "k" } as never, fetch: server.fetch });
  expect(server.refreshes).toBe(1);
  expect(server.bodies).toEqual(['{"name":"k"}', '{"name":"k"}']);
  expect(session.get()?.token).toBe("t1");
});

test("several 401s at once refresh once", async () => {
  const server = new Server();
  const { session, get } = tab(server, browserLocks());
  session.set(begun("gone"));
  await Promise.all([get(), get(), get(), get()]);
  expect(server.refreshes).toBe(1);
});

test("a second 401 ends the session and is not tried a third time", async () => {
  const server = new Server();
  const { session, get } = tab(server, browserLocks());
  session.set(begun("gone"));
  const add = vi.spyOn(server.access, "add").mockReturnThis(); // new tokens are worth nothing
  await expect(get()).rejects.toMatchObject({ status: 401 });
  expect(add).toHaveBeenCalledOnce();
  expect(server.bodies).toHaveLength(2);
  expect(session.get()).toBeNull();
});

test("a session that the server has ended is over in every tab", async () => {
  const server = new Server();
  const locks = browserLocks();
  const [one, two] = [tab(server, locks), tab(server, locks)];
  one.session.set(begun("t0", 10));
  server.ended = true;
  const outcomes = await Promise.allSettled([one.get(), two.get()]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(server.refreshes).toBe(1);
  expect(two.session.get()).toBeNull();
});

test.each([429, 500, 503])("a server that answers %i has not ended the session", async (status) => {
  const server = new Server();
  const { session, get } = tab(server, browserLocks());
  session.set(begun("t0", 10));
  server.busy = status;
  await expect(get()).rejects.toMatchObject({ status });
  server.busy = 0;
  await get();
  expect(session.get()?.token).toBe("t2");
});

test("nor has one that cannot be reached", async () => {
  const server = new Server();
  const { session, get } = tab(server, browserLocks());
  session.set(begun("t0", 10));
  server.down = true;
  await expect(get()).rejects.toMatchObject({ status: 0, type: "unreachable" });
  expect(session.get()?.token).toBe("t0");
});

test("whoever signs out while a refresh is on its way stays signed out", async () => {
  const server = new Server();
  const { session, get } = tab(server, browserLocks());
  session.set(begun("t0", 10));
  const reading = get().catch(() => undefined);
  await Promise.resolve();
  session.set(null);
  await reading;
  expect(session.get()).toBeNull();
});

test("signing in and out never refreshes", async () => {
  const server = new Server();
  const { session, api } = tab(server, browserLocks());
  session.set(begun("gone", 10));
  const body = { username: "a", password: "b" };
  await expect(api.POST("/api/auth/login", { body, fetch: server.fetch })).rejects.toMatchObject({ status: 401 });
  await expect(api.POST("/api/auth/logout", { fetch: server.fetch })).rejects.toMatchObject({ status: 401 });
  expect(server.refreshes).toBe(0);
  expect(session.get()).not.toBeNull();
});

test("other tabs hear who comes and goes, not of new tokens", () => {
  const session = new SessionStore(localStorage);
  const told = vi.fn();
  session.subscribe(told);
  const elsewhere = (value: unknown) => {
    localStorage.setItem("gateway.session", JSON.stringify(value));
    window.dispatchEvent(new StorageEvent("storage", { key: "gateway.session" }));
  };
  elsewhere(begun("t0"));
  expect(told).toHaveBeenCalledTimes(1);
  elsewhere(begun("t1"));
  expect(told).toHaveBeenCalledTimes(1);
  elsewhere(null);
  expect(told).toHaveBeenCalledTimes(2);
});
