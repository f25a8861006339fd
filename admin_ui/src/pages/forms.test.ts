import { expect, test } from "vitest";
import { bounds } from "@/api/overview";
import { stack } from "@/charts/stack";
import { blankKey, keyBody } from "./keys/KeyFields";
import {
  blankModel,
  modelBody,
  modelChanges,
  modelDraft,
  newModelBody,
  priceOf,
  withFacts,
} from "./models/ModelFields";
import { pretty } from "@/format/json";
import { health } from "./overview/Rankings";
import { accountBody, blankAccount } from "./teams/AccountFields";
import { freed } from "./teams/words";
import { freeId } from "./providers/NewProvider";
import { blankDraft, bodyOf, parseHeaders, urlProblem } from "./providers/ProviderFields";

test.each(["127.0.0.1", "ftp://x", "https://u:p@x", "https://x/?a=1", "https://x/#a", "javascript:alert(1)"])(
  "%s is no base URL",
  (text) => {
    expect(urlProblem(text, false)).toBeTruthy();
  },
);

test("an empty base URL is fine only where the kind has one", () => {
  expect(urlProblem(" ", false)).toBeUndefined();
  expect(urlProblem("", true)).toBeTruthy();
  expect(urlProblem("https://llm.example.com/v1", true)).toBeUndefined();
});

test("header lines", () => {
  expect(parseHeaders("X-A: b: c\n\n X-D:e")).toEqual({ "X-A": "b: c", "X-D": "e" });
  expect(parseHeaders("no colon")).toBeNull();
  expect(() => bodyOf({ ...blankDraft, headers: "no colon" })).toThrow(/line of its own/);
  expect(() => bodyOf({ ...blankDraft, timeouts: { ...blankDraft.timeouts, idle: "0" } })).toThrow(/Between chunks/);
});

test("an id that is taken gets a number", () => {
  expect(freeId("openai_compatible", [])).toBe("openai-compatible");
  expect(freeId("openai", ["openai", "openai-2"])).toBe("openai-3");
});

test("a price is complete or absent, and decimal", () => {
  const { price } = blankModel("p");
  expect(priceOf(price)).toBeNull();
  expect(priceOf({ ...price, input: "0.15", output: " 0.6 " })).toMatchObject({
    input: "0.15",
    output: "0.6",
    cache_read: null,
    request: "0",
  });
  const tiers = [{ above: 200_000, input: "6", output: "22.5" }];
  expect(priceOf({ ...price, input: "3", output: "15" }, { tiers })).toMatchObject({ tiers });
  expect(() => priceOf({ ...price, input: "0.15" })).toThrow(/both/);
  expect(() => priceOf({ ...price, input: "1e3", output: "1" })).toThrow(/decimal/);
});

test("a price by pictures, seconds or requests alone needs no other; one by tokens of sound does", () => {
  const price = { ...blankModel("p").price, per_image_output: "0.04" };
  expect(priceOf(price)).toMatchObject({ input: "0", output: "0", per_image_output: "0.04" });
  expect(priceOf({ ...blankModel("p").price, request: "0.002" })).toMatchObject({ input: "0", request: "0.002" });
  expect(() => priceOf({ ...blankModel("p").price, audio_input: "6" })).toThrow(/both/);
  expect(() => priceOf({ ...price, per_image_output: "-1" })).toThrow(/decimal/);
});

test("what the form does not show of a price is kept", () => {
  const price = {
    input: "2.5",
    output: "10",
    cache_read: null,
    cache_write_5m: null,
    cache_write_1h: null,
    reasoning: null,
    request: "0",
    tiers: [],
    audio_input: "40",
    per_image_output: "0.04",
    priority: { input: "4.25", output: "17" },
  };
  const model = { ...blankModel("p"), id: "m", display_name: null, context_window: null, max_output_tokens: null };
  const draft = modelDraft({
    ...model,
    price,
    effective_price: price,
    price_source: "model",
    version: 1,
    updated_at: 1,
  });
  expect(modelBody({ ...draft, price: { ...draft.price, output: "11" } }).price).toEqual({ ...price, output: "11" });
});

const listed = {
  input: "0.15",
  output: "0.6",
  cache_read: "0.075",
  request: "0",
  priority: { input: "1", output: "2" },
};
const entry = {
  provider_kind: "openai",
  upstream_model: "gpt-4o-mini",
  kind: "chat" as const,
  context_window: 128_000,
  max_output_tokens: 16_384,
  price: { cache_write_5m: null, cache_write_1h: null, reasoning: null, ...listed },
};

test("a new model's price is left to the catalog where nobody changed what it said", () => {
  const draft = withFacts(blankModel("p"), entry);
  expect(newModelBody(draft, "openai", entry)).not.toHaveProperty("price");
  const dearer = { ...draft, price: { ...draft.price, input: "0.2" } };
  expect(newModelBody(dearer, "openai", entry).price).toMatchObject({ input: "0.2", output: "0.6" });
  expect(newModelBody({ ...draft, upstream_model: "mine" }, "openai", entry).price).toMatchObject(listed);
  expect(newModelBody(draft, "vllm", entry).price).toMatchObject(listed);
  expect(newModelBody({ ...draft, price: blankModel("p").price }, "openai", entry).price).toBeNull();
  expect(newModelBody({ ...blankModel("p"), upstream_model: "gpt-4o-mini" }, "openai", null).price).toBeNull();
});

test("an edited model sends what was changed, and nothing that the catalog may say better", () => {
  const draft = withFacts(blankModel("p"), entry);
  expect(modelChanges(draft, { ...draft, upstream_model: "gpt-5-pro" })).toEqual({ upstream_model: "gpt-5-pro" });
  expect(modelChanges(draft, { ...draft, upstream_model: " " })).toEqual({ upstream_model: null });
  expect(modelChanges(draft, { ...draft, price: { ...draft.price, output: "1" }, active: false })).toEqual({
    price: { ...entry.price, output: "1" },
    active: false,
  });
  expect(modelChanges(draft, { ...draft })).toEqual({});
});

test("deleting a team says that its keys become unlimited", () => {
  const on = { active: true };
  expect(freed("team", on, [])).toBe("No key names this team.");
  expect(freed("team", on, ["Bot"])).toBe(
    "One key becomes unlimited at once, but for its own and its user’s limits: Bot.",
  );
  expect(freed("user", on, ["a", "b", "c", "d"])).toBe(
    "4 keys become unlimited at once, but for their own and their teams’ limits: a, b, c and others.",
  );
  expect(freed("user", { active: false }, ["a", "b"])).toMatch(
    /This end user is disabled: without it, they work again\.$/,
  );
});

test("a key's body", () => {
  expect(keyBody({ ...blankKey, name: " A ", networks: "10.0.0.0/8, 203.0.113.7\n" })).toMatchObject({
    name: "A",
    ip_allow: ["10.0.0.0/8", "203.0.113.7"],
    valid_until: null,
    log_ttl_days: null,
  });
  expect(keyBody({ ...blankKey, name: "A", team: " research ", user: "" })).toMatchObject({
    team_id: "research",
    user_id: null,
    limits: null,
  });
  expect(() => keyBody({ ...blankKey, limits: { ...blankKey.limits, concurrent: "0" } })).toThrow(/The limits/);
  expect(() => keyBody({ ...blankKey, log_ttl_days: "401" })).toThrow(/1 to 400/);
  expect(keyBody({ ...blankKey, expiry: "2030-01-02T03:04" }).valid_until).toBe(new Date("2030-01-02T03:04").getTime());
});

test("the body of a team has no token balance, that of a user does; an empty name is left out", () => {
  expect(accountBody("team", { ...blankAccount, name: " " })).toEqual({
    active: true,
    limits: null,
    allowed_models: [],
    allowed_providers: [],
    valid_until: null,
  });
  expect(accountBody("user", { ...blankAccount, name: "Ada" })).toMatchObject({ name: "Ada", token_balance: false });
});

test("bodies: JSON is indented, anything else stays", () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(pretty("data: x\n\n")).toBe("data: x\n\n");
});

test("health by the share of errors", () => {
  expect(health(0, 0).word).toBe("no traffic");
  expect(health(1000, 1).word).toBe("healthy");
  expect(health(100, 2).word).toBe("some errors");
  expect(health(100, 10).word).toBe("failing");
});

test("stacked bars: the whole first, then what lies below; nothing counts as zero", () => {
  expect(
    stack([
      [1, null],
      [2, 3],
    ]),
  ).toEqual([
    [3, 3],
    [1, 0],
  ]);
});

test("long ranges are asked by the day", () => {
  const now = 100 * 86_400_000;
  expect(bounds({ range: "7d" }, now).bucket).toBe("hour");
  expect(bounds({ range: "30d" }, now)).toEqual({ from: 70 * 86_400_000, to: now, bucket: "day" });
  expect(bounds({ from: 5, to: 10 }, now)).toEqual({ from: 5, to: 10, bucket: "hour" });
});
