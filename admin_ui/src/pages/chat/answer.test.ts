import { expect, test, vi } from "vitest";
import type { AuthorizedFetch } from "@/api/authorized";
import { unreachable } from "@/api/errors";
import { send, stopAnswer, type Reply } from "./answer";

const question = { id: "msg_1", content: "Say: hello" };

/** Sends the question to something that answers with these bytes; every reply that was told. */
async function told(fetch: AuthorizedFetch, signal = new AbortController().signal): Promise<Reply[]> {
  const replies: Reply[] = [];
  await send({ fetch, dialog: "dlg_1", question, signal, tell: (reply) => replies.push(reply) });
  return replies;
}

const streaming = (...pieces: string[]): AuthorizedFetch => {
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      for (const piece of pieces) stream.enqueue(new TextEncoder().encode(piece));
      stream.close();
    },
  });
  return () => Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
};

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
const hel = event({ content: "hel", done: false });
const lo = event({ content: "lo", done: false });
const end = event({ content: "", done: true, message_id: "msg_2", prompt_tokens: 12, completion_tokens: 3 });

test("the answer comes piece by piece, wherever it is cut", async () => {
  const replies = await told(streaming(hel.slice(0, 9), hel.slice(9) + lo, end));
  expect(replies.map(({ text }) => text)).toEqual(["", "hel", "hello", "hello"]);
  expect(replies.at(-1)).toEqual({ state: "done", text: "hello", messageId: "msg_2", tokens: 15 });
});

test("the question goes under the id that was chosen for it", async () => {
  let sent: unknown;
  await told((path, init) => {
    sent = [path, init?.method, init?.json];
    return streaming(end)("");
  });
  expect(sent).toEqual(["/api/v1/dialogs/dlg_1/messages", "POST", { content: "Say: hello", message_id: "msg_1" }]);
});

test("what is said in the stream to have gone wrong, and a stream without its end, leave what came", async () => {
  const failed = await told(
    streaming(hel, event({ error: { code: "LLM_TIMEOUT", message: "Too slow." }, done: true })),
  );
  expect(failed.at(-1)).toMatchObject({ state: "failed", text: "hel", trouble: { status: 200, code: "LLM_TIMEOUT" } });
  const cut = await told(streaming(hel));
  expect(cut.at(-1)).toMatchObject({ state: "failed", text: "hel", trouble: { code: "BROKEN_OFF" } });
});

test("a refusal is told by its status and code; nobody has answered is one, too", async () => {
  const body = { code: "INSUFFICIENT_TOKENS", message: "3 tokens are left.", request_id: "r" };
  const poor = await told(() => Promise.resolve(new Response(JSON.stringify(body), { status: 402 })));
  expect(poor.at(-1)).toMatchObject({
    state: "failed",
    trouble: { status: 402, code: "INSUFFICIENT_TOKENS", message: "3 tokens are left." },
  });
  const rule = { code: "VALIDATION_ERROR", message: "Not this.", details: { reason: "guardrail_blocked" } };
  const blocked = await told(() => Promise.resolve(new Response(JSON.stringify(rule), { status: 400 })));
  expect(blocked.at(-1)).toMatchObject({ trouble: { status: 400, code: "CONTENT_FILTERED", message: "Not this." } });
  const alone = await told(() => Promise.reject(unreachable()));
  expect(alone.at(-1)).toMatchObject({ state: "failed", trouble: { status: 0, code: "unreachable" } });
});

test("what somebody stopped elsewhere is stopped here", async () => {
  const stopped = { error: { code: "STOPPED", message: "The request was stopped on demand." }, done: true };
  const replies = await told(streaming(hel, event(stopped)));
  expect(replies.at(-1)).toEqual({ state: "stopped", text: "hel" });
});

test("a stop is asked for until the question is there to be stopped", async () => {
  vi.useFakeTimers();
  const statuses = [404, 503, 202];
  const sent: string[] = [];
  const stopping = stopAnswer(
    (path, init) => {
      sent.push(`${init?.method} ${path}`);
      return Promise.resolve(new Response("{}", { status: statuses.shift() ?? 202 }));
    },
    "dlg_1",
    "msg:1",
  );
  await vi.runAllTimersAsync();
  await stopping;
  expect(sent).toEqual(Array(3).fill("DELETE /api/v1/dialogs/dlg_1/messages/msg%3A1/run"));
  let calls = 0;
  const lost = stopAnswer(() => ((calls += 1), Promise.reject(unreachable())), "dlg_1", "msg_1");
  await vi.runAllTimersAsync();
  await lost;
  expect(calls).toBe(5);
  vi.useRealTimers();
});

test("whoever stops keeps what came", async () => {
  const stop = new AbortController();
  const replies = await told((_path, init) => {
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        stream.enqueue(new TextEncoder().encode(hel));
        init?.signal?.addEventListener("abort", () => stream.error(new DOMException("left", "AbortError")));
        setTimeout(() => stop.abort());
      },
    });
    return Promise.resolve(new Response(body));
  }, stop.signal);
  expect(replies.at(-1)).toEqual({ state: "stopped", text: "hel" });
});
