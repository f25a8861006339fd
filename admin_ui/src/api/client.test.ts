import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApi } from "./client";
import { apiError, ApiError, fieldError, staleness } from "./errors";
import { SessionStore } from "./session";
import { loadConfig, parseConfig } from "@/config";

const user = { id: "u", username: "admin", role: "admin" };
const begun = (token = "t0", seconds = 900) => ({
  token,
  expiresAt: Date.now() + seconds * 1000,
  endsAt: Date.now() + 86_400_000,
  user,
});
const answer = (status: number, body: unknown) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

test("the token goes along, and a 401 ends the session", async () => {
  const session = new SessionStore(localStorage);
  session.set(begun());
  const seen: (string | null)[] = [];
  const api = createApi("https://api.example", session);
  const fetch = vi.fn((request: Request) => {
    seen.push(request.headers.get("authorization"));
    return Promise.resolve(answer(401, { error: { type: "unauthorized", message: "Sign in.", request_id: "adm_1" } }));
  });
  await expect(api.GET("/api/admin/release", { fetch })).rejects.toMatchObject({
    status: 401,
    message: "Sign in.",
    requestId: "adm_1",
  });
  expect(seen).toEqual(["Bearer t0", null]); // the second one is the refresh, which the server refuses too
  expect(session.get()).toBeNull();
});

test("a wrong password does not end another session", async () => {
  const session = new SessionStore(localStorage);
  session.set(begun());
  const api = createApi("https://api.example", session);
  const fetch = () => Promise.resolve(answer(401, {}));
  await expect(api.POST("/api/auth/login", { body: { username: "a", password: "b" }, fetch })).rejects.toBeInstanceOf(
    ApiError,
  );
  expect(session.get()).not.toBeNull();
});

test("no network is an error with words", async () => {
  const api = createApi("https://api.example", new SessionStore(localStorage));
  const fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  await expect(api.GET("/api/admin/release", { fetch })).rejects.toMatchObject({ status: 0, type: "unreachable" });
});

test.each([null, "text", 5, [], {}, { error: null }, { error: "x" }, { error: { message: 5 } }])(
  "a reply of %j still makes an error with words",
  (body) => {
    expect(apiError(502, body).message).toBe("The gateway's admin API failed.");
  },
);

test("a field's error is found by its path", () => {
  const error = new ApiError(422, "validation_error", "Too fine.", "body.price.input");
  expect(fieldError(error, "price.input")).toBe("Too fine.");
  expect(fieldError(error, "price")).toBe("Too fine.");
  expect(fieldError(error, "pri")).toBeUndefined();
  expect(fieldError(new Error("x"), "price")).toBeUndefined();
});

test("a stale change says what to do", () => {
  expect(staleness(new ApiError(412, "precondition_failed", "x")).message).toMatch(/Someone else/);
  expect(staleness(new ApiError(500, "x", "kept")).message).toBe("kept");
});

test.each([
  "{",
  "null",
  '{"token":1}',
  '{"token":"t","expiresAt":"x","user":{}}',
  '{"token":"t","expiresAt":1,"user":{"username":"a"}}',
])("a stored session of %s is none", (text) => {
  localStorage.setItem("gateway.session", text);
  expect(new SessionStore(localStorage).get()).toBeNull();
});

test("a session ends when its time is over", () => {
  vi.useFakeTimers({ now: 1000 });
  const session = new SessionStore(localStorage);
  session.set({ token: "t", expiresAt: 1500, endsAt: 2000, user });
  expect(session.get()?.token).toBe("t");
  vi.setSystemTime(2000);
  expect(session.get()).toBeNull();
  vi.useRealTimers();
});

test("config.json: only http addresses, no trailing slash, defaults for the rest", () => {
  expect(parseConfig({ apiBase: "javascript:alert(1)", proxyUrl: "https://gw.example/", stage: " prod " })).toEqual({
    apiBase: "",
    proxyUrl: "https://gw.example",
    stage: "prod",
  });
  for (const broken of [null, 5, "x", [], {}])
    expect(parseConfig(broken)).toEqual({ apiBase: "", proxyUrl: "", stage: "dev" });
});

test("a missing or broken config.json means the defaults", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(answer(200, "<html>")));
  expect(await loadConfig()).toEqual({ apiBase: "", proxyUrl: "", stage: "dev" });
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("x")));
  expect(await loadConfig()).toEqual({ apiBase: "", proxyUrl: "", stage: "dev" });
});

test("an error in the flat shape of /api/v1 is read like the others", () => {
  const body = { code: "VALIDATION_ERROR", message: "Too long.", request_id: "r", details: { field: "title" } };
  expect(apiError(400, body)).toMatchObject({
    type: "VALIDATION_ERROR",
    message: "Too long.",
    field: "title",
    requestId: "r",
  });
  expect(apiError(402, { code: "INSUFFICIENT_TOKENS", message: "None left." }).field).toBeUndefined();
});
