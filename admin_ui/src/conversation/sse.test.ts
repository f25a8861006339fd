import { expect, test } from "vitest";
import { SseReader, sseEvents, type SseEvent } from "./sse";

const bytes = (text: string) => new TextEncoder().encode(text);

function read(parts: Uint8Array[]): SseEvent[] {
  const reader = new SseReader();
  return parts.flatMap((part) => reader.feed(part));
}

const stream = [
  ": a comment\r\n",
  'event: delta\r\ndata: {"text":"žluťoučký 🐎"}\r\n\r\n',
  "data: two\ndata:  lines\n\n",
  "data\n\n",
  "id: 7\nretry: 10\nevent: empty\n\n",
  "event: error\rdata: broken\r\r",
  "data: [DONE]\n\n",
].join("");
const events = [
  { event: "delta", data: '{"text":"žluťoučký 🐎"}' },
  { event: "message", data: "two\n lines" },
  { event: "message", data: "" },
  { event: "error", data: "broken" },
  { event: "message", data: "[DONE]" },
];

test("a stream in one piece", () => {
  expect(read([bytes(stream)])).toEqual(events);
});

test("a stream cut at every byte gives the same events, also inside a character or a line end", () => {
  const whole = bytes(stream);
  for (let at = 0; at <= whole.length; at += 1) expect(read([whole.slice(0, at), whole.slice(at)])).toEqual(events);
  expect(read([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(events);
});

test("an event counts when its empty line has come, not before", () => {
  const reader = new SseReader();
  expect(reader.feed(bytes("data: a\n"))).toEqual([]);
  expect(reader.feed(bytes("\n"))).toEqual([{ event: "message", data: "a" }]);
  expect(reader.feed(bytes("data: never"))).toEqual([]);
});

test("the name of an event does not stay for the next one", () => {
  expect(sseEvents("event: a\n\ndata: b\n\n")).toEqual([{ event: "message", data: "b" }]);
});

test("a byte order mark and bytes that are no UTF-8 do not stop it", () => {
  expect(read([Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf), bytes("data: a\n\n")])).toEqual([
    { event: "message", data: "a" },
  ]);
  expect(read([bytes("data: "), Uint8Array.of(0xff), bytes("\n\n")])).toEqual([{ event: "message", data: "\ufffd" }]);
});

test("a field with no colon, with no space, and with one too many", () => {
  expect(sseEvents("data:a\ndata: b\ndata:  c\n\n")).toEqual([{ event: "message", data: "a\nb\n c" }]);
});
