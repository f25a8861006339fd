import { beforeEach, expect, test, vi } from "vitest";
import { authorized } from "./authorized";
import { ApiError } from "./errors";
import { Refresher } from "./refresh";
import { SessionStore } from "./session";

const base = "https://gw.example";
const user = { id: "u", username: "kim", role: "user" };
const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

beforeEach(() => localStorage.clear());

/** A server that takes the token `good` alone and gives it to whoever refreshes. */
function server(good = "t1") {
  const asked: string[] = [];
  const fetch = vi.fn(async (given: RequestInfo | URL) => {
    const request = given as Request;
    if (request.url.endsWith("/api/auth/refresh"))
      return reply(200, { access_token: "t1", token_type: "bearer", expires_in: 900, session_expires_in: 9000, user });
    asked.push(`${request.headers.get("authorization")} ${await request.text()}`);
    return reply(request.headers.get("authorization") === `Bearer ${good}` ? 200 : 401, {});
  });
  return { asked, fetch };
}

function signedIn(fetch: typeof globalThis.fetch, seconds = 900) {
  const session = new SessionStore(localStorage);
  const now = Date.now();
  session.set({ token: "t0", expiresAt: now + seconds * 1000, endsAt: now + 86_400_000, user });
  return { session, ask: authorized(base, session, new Refresher(base, session, undefined), fetch) };
}

test("a token that is refused is replaced, and the same message sent once more", async () => {
  const { asked, fetch } = server();
  const { ask, session } = signedIn(fetch);
  const answer = await ask("/api/v1/dialogs/d/messages", { method: "POST", json: { content: "hi" } });
  expect(answer.status).toBe(200);
  expect(asked).toEqual(['Bearer t0 {"content":"hi"}', 'Bearer t1 {"content":"hi"}']);
  expect(session.get()?.token).toBe("t1");
});

test("one that is about to end is replaced before", async () => {
  const { asked, fetch } = server();
  await signedIn(fetch, 20).ask("/x");
  expect(asked).toEqual(["Bearer t1 "]);
});

test("a second refusal ends the session", async () => {
  const { asked, fetch } = server("another");
  const { ask, session } = signedIn(fetch);
  expect((await ask("/x")).status).toBe(401);
  expect(asked).toHaveLength(2);
  expect(session.get()).toBeNull();
  expect(session.lost).toBe(true);
});

test("nobody there is an error of its own; leaving is not", async () => {
  const down = signedIn(() => Promise.reject(new TypeError("Failed to fetch"))).ask;
  await expect(down("/x")).rejects.toMatchObject({ status: 0 });
  const left = signedIn(() => Promise.reject(new DOMException("left", "AbortError"))).ask;
  await expect(left("/x")).rejects.not.toBeInstanceOf(ApiError);
});
