// npm's openai client: pictures, speech, transcriptions, translations, moderations, text completions. The upstream's answers are those of test_node_sdks.py.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import OpenAI, { toFile } from "openai";
import { AGENT, DOOR_KEY, DOOR_URL } from "./door.mjs";

const openai = new OpenAI({ baseURL: `${DOOR_URL}/v1`, apiKey: DOOR_KEY, maxRetries: 0, defaultHeaders: { "User-Agent": AGENT } });
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
// Every byte value, in an order that text decoding would break.
const SOUND = Buffer.from(Array.from({ length: 256 * 4096 }, (_, at) => (at * 7 + (at >> 8)) & 255));
const file = () => toFile(SOUND.subarray(0, 100_000), "täst.wav", { type: "audio/wav" });

test("pictures", async () => {
  const made = await openai.images.generate({ model: "picture", prompt: "a cat", n: 1 });
  assert.deepEqual(made.data, [{ b64_json: "AAAA" }]);
});

test("changed pictures", async () => {
  const made = await openai.images.edit({ model: "picture", prompt: "a hat", image: await toFile(SOUND, "a.png", { type: "image/png" }) });
  assert.equal(made.data.length, 1);
});

test("speech, a megabyte", async () => {
  const answer = await openai.audio.speech.create({ model: "voice", input: "Hello", voice: "alloy" });
  assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), sha256(SOUND));
});

test("a transcription", async () => {
  const found = await openai.audio.transcriptions.create({ model: "scribe", file: await file(), timestamp_granularities: ["word"] });
  assert.equal(found.text, "Guten Tag");
});

test("a translation", async () => {
  const found = await openai.audio.translations.create({ model: "scribe", file: await file() });
  assert.equal(found.text, "Guten Tag");
});

test("a transcription that streams", async () => {
  const stream = await openai.audio.transcriptions.create({ model: "scribe", file: await file(), stream: true });
  const heard = [];
  for await (const event of stream) heard.push(event.type);
  assert.deepEqual(heard, ["transcript.text.delta", "transcript.text.done"]);
});

test("moderations", async () => {
  const found = await openai.moderations.create({ model: "moderator", input: "x" });
  assert.equal(found.results[0].flagged, false);
});

test("text completions", async () => {
  const whole = await openai.completions.create({ model: "writer", prompt: "This" });
  assert.equal(whole.choices[0].text, " is");
});
