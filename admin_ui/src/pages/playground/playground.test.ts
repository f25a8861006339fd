import { expect, test } from "vitest";
import { callOf, type Talk } from "@/conversation/asking";
import { ask, waiting, type Outcome } from "./ask";
import { begun, blank, edited, keep, linesFor, opened, removed, restore, told, upTo, type Sheet } from "./sheet";

const talk: Talk = { system: "", lines: [{ role: "user", text: "Hi" }], settings: { stop: [], json: false } };
const call = callOf("openai_chat", "m", talk);
const piece = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta, finish_reason: finish }] })}\n\n`;

/** Runs one request against a reply; gives everything that was told. `stopAt` ends it after so many tellings. */
async function run(reply: () => Response | Promise<Response>, stopAt = Infinity) {
  const said: Outcome[] = [];
  const stop = new AbortController();
  let asked: RequestInit | undefined;
  let clock = 0;
  await ask({
    call,
    key: "secret",
    model: "m",
    signal: stop.signal,
    now: () => (clock += 10),
    fetch: (_, init) => {
      asked = init;
      return Promise.resolve(reply());
    },
    tell: (outcome) => {
      said.push(outcome);
      if (said.length === stopAt) stop.abort();
    },
  });
  return { said, last: said.at(-1) ?? waiting(""), asked };
}

const streamed = (parts: string[], fails = false, headers = {}) => {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts[at];
      at += 1;
      if (part !== undefined) controller.enqueue(new TextEncoder().encode(part));
      else if (fails) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8", ...headers } });
};

test("an answer grows piece by piece, with what the headers and the usage say", async () => {
  const headers = {
    "x-gateway-request-id": "req_1",
    "x-gateway-target": "demo%20one/a%2Fb",
    "x-gateway-losses": "seed;dropped, stop;dropped",
  };
  const usage = `data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}\n\ndata: [DONE]\n\n`;
  const { said, last, asked } = await run(() =>
    streamed([piece({ content: "Hel" }), piece({ content: "lo" }), piece({}, "stop") + usage], false, headers),
  );
  expect(said.map(({ text }) => text)).toEqual(expect.arrayContaining(["", "Hel", "Hello"]));
  expect(last).toMatchObject({
    state: "done",
    text: "Hello",
    finish: "stop",
    counts: { input: 3, output: 2 },
    requestId: "req_1",
    target: "demo one/a/b",
    losses: ["seed;dropped", "stop;dropped"],
  });
  expect(last.firstMs).toBeLessThan(last.totalMs ?? 0);
  expect(new Headers(asked?.headers).get("authorization")).toBe("Bearer secret");
});

test("a refusal says what happened and what to do", async () => {
  const body = JSON.stringify({ error: { message: "Rate limit of key day." } });
  const { last } = await run(() => new Response(body, { status: 429, headers: { "retry-after": "7" } }));
  expect(last).toMatchObject({ state: "failed", status: 429, trouble: { what: "Rate limit of key day." } });
  expect(last.trouble?.todo).toMatch(/^Wait 7 s/);
  const page = await run(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  expect(page.last.trouble?.what).toBe("<h1>Bad gateway</h1>");
});

test.each([
  ["an answer that ends without its end", () => streamed([piece({ content: "Hel" })]), "broke off"],
  ["a lost connection", () => streamed([piece({ content: "Hel" })], true), "connection was lost"],
  [
    "an error in the stream",
    () => streamed([piece({ content: "Hel" }), 'data: {"error":{"message":"gone"}}\n\n']),
    "gone",
  ],
])("%s keeps what came and says so", async (_, reply, words) => {
  const { last } = await run(reply);
  expect(last).toMatchObject({ state: "failed", text: "Hel" });
  expect(last.trouble?.what).toContain(words);
});

test("no connection at all", async () => {
  const { last } = await run(() => Promise.reject(new TypeError("Failed to fetch")));
  expect(last).toMatchObject({ state: "failed", trouble: { what: "The gateway could not be reached." } });
});

test("a stop is no failure and keeps what came", async () => {
  const { last } = await run(() => streamed([piece({ content: "Hel" })], true), 2);
  expect(last).toMatchObject({ state: "stopped", text: "Hel" });
  expect(last.trouble).toBeUndefined();
});

const done = (text: string): Outcome => ({ ...waiting("m"), state: "done", text });

function compared(): Sheet {
  const sheet = begun({ ...blank(), next: "Hi" }, [waiting("a"), waiting("b")]);
  if (!sheet) throw new Error("nothing was begun");
  return told(told(sheet, 2, 0, done("from a")), 2, 1, done("from b"));
}

test("each model goes on with its own answers; one that was added later with the first one's", () => {
  const sheet = compared();
  expect(linesFor(sheet.turns, 0).map((line) => line.raw ?? line.text)).toEqual(["Hi", "from a"]);
  expect(linesFor(sheet.turns, 1).map((line) => line.raw ?? line.text)).toEqual(["Hi", "from b"]);
  expect(linesFor(sheet.turns, 2).map((line) => line.raw ?? line.text)).toEqual(["Hi", "from a"]);
});

test("nothing is asked when nothing is written, and a turn can be asked again", () => {
  expect(begun(blank(), [waiting("a")])).toBeUndefined();
  const sheet = compared();
  expect(begun(sheet, [waiting("a")])).toBeUndefined();
  const again = begun(upTo(sheet, 1), [waiting("a")]);
  expect(again?.turns.map(({ id, role }) => [id, role])).toEqual([
    [1, "user"],
    [4, "assistant"],
  ]);
});

test("turns are edited and removed; an edited answer is nobody's", () => {
  const sheet = edited(compared(), 2, 1, "mine");
  expect(sheet.turns[1]?.said).toEqual([{ text: "from a", outcome: done("from a") }, { text: "mine" }]);
  expect(removed(sheet, 1).turns.map(({ id }) => id)).toEqual([2]);
});

test("a recorded talk is opened with its last question ready to be sent", () => {
  const raw = { dialect: "openai_chat" as const, value: { role: "tool", content: "ok" } };
  const lines = [
    { role: "user", text: "One" },
    { role: "tool", raw },
    { role: "user", text: "Two" },
  ] as Talk["lines"];
  const sheet = opened({ ...talk, lines }, 5);
  expect(sheet).toMatchObject({
    next: "Two",
    serial: 8,
    turns: [
      { id: 6, role: "user" },
      { id: 7, role: "tool", raw },
    ],
  });
});

test("a reload loses nothing; a running answer has stopped, and another user finds nothing", () => {
  sessionStorage.clear();
  const sheet = told(compared(), 2, 1, { ...waiting("b"), text: "half" });
  expect(keep(sessionStorage, "anna", sheet)).toBe(true);
  const back = restore(sessionStorage, "anna");
  expect(back.turns[1]?.said.map(({ outcome }) => outcome?.state)).toEqual(["done", "stopped"]);
  expect(restore(sessionStorage, "ben")).toEqual(blank());
  expect(sessionStorage).toHaveLength(0);
  sessionStorage.setItem("gateway.playground.anna", '{"turns":[{"id":"x"}],"settings":{}}');
  expect(restore(sessionStorage, "anna")).toEqual(blank());
});
