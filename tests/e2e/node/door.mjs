// What every client of the pair tests has in common: the door, and a fetch that names us and notes each request's id and model.
import { after } from "node:test";

export const { DOOR_URL, DOOR_KEY, AGENT } = process.env;
// The demo models of the local stack, one per dialect that an upstream speaks; tests/e2e/pairs.py says what they answer.
export const UPSTREAMS = [
  { dialect: "openai_chat", model: "demo-gpt", called: "demo-gpt" },
  { dialect: "openai_responses", model: "demo-responses", called: "gpt-5-codex" },
  { dialect: "anthropic_messages", model: "demo-claude", called: "demo-claude" },
  { dialect: "gemini", model: "demo-gemini", called: "demo-gemini" },
  { dialect: "bedrock_converse", model: "demo-bedrock", called: "anthropic.claude-demo-1" },
];
export const TEXT = "Grüße from the cached wörld: 日本語, \u{1F469}\u200D\u{1F680}, “quotes”, a\\b and <b>tags</b>.";
export const SAY = `Say: ${TEXT}`;
export const THINK = "Say: forty-two";
export const THOUGHT = "The newest message is “Say: forty-two”. I should answer it as I always do.";
export const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const PLACE = { type: "object", properties: { place: { type: "string" } }, required: ["place"], additionalProperties: false };
export const WEATHER = "What is the weather in Rome?";
export const ANSWER = "The tool answered: 7 degrees";
export const CITY = { name: "Rome", inhabitants: 1, capital: true };
export const CITY_SCHEMA = {
  type: "object",
  properties: { name: { type: "string" }, inhabitants: { type: "integer" }, capital: { type: "boolean" } },
  required: ["name", "inhabitants", "capital"],
  additionalProperties: false,
};
export const seen = (called) =>
  `Hello! Nice to hear from you. I was shown 1 image. I am ${called}, the demo model of this gateway. ` +
  "I know nothing, but I answer word by word, and this very request is now a row in your logs.";

const noted = [];

export async function fetchNoted(url, init = {}) {
  const headers = new Headers(init.headers);
  headers.set("user-agent", AGENT);
  const answer = await fetch(url, { ...init, headers });
  const target = new URL(url).pathname.match(/\/models\/([^/:]+):/);
  const model = target ? target[1] : JSON.parse(init.body).model;
  noted.push([answer.headers.get("x-gateway-request-id"), model, answer.status]);
  return answer;
}

// The Python side looks the rows up by these ids.
after(() => console.log(`NOTED ${JSON.stringify(noted)}`));
