import { expect, test } from "vitest";
import { endText, faultText, kindText, nextText, skipText } from "./attempts";

test("a provider's status says more than that it sent one", () => {
  expect(faultText("upstream_status", 429)).toMatch(/fewer requests/);
  expect(faultText("upstream_status", 503)).toBe("The provider failed.");
  expect(faultText("overloaded_error", 529)).toMatch(/overloaded/);
  expect(faultText("401")).toMatch(/refused the key/);
  expect(faultText("upstream_cut", 200)).toMatch(/broke off/);
  expect(faultText(null, 200)).toBeNull();
});

test("words that are not known are shown as they are", () => {
  expect(faultText("new_fault")).toBe("new_fault");
  expect(nextText("new_step")).toBe("Then: new_step");
  expect(kindText("new_kind")).toEqual({ label: "new_kind", hint: "new_kind" });
});

test("every way on and every end but success has a sentence of its own", () => {
  const words = ["retry", "next_key", "next_target", "stop_client_error", "stop_client_gone", "stop_after_content"];
  words.push("stop_time", "stop_calls", "stop_budget", "stop_retry_after", "stop_probe", "exhausted");
  const said = words.map(nextText);
  expect(new Set(said).size).toBe(words.length);
  expect(said.every((text) => text && !words.some((word) => text === `Then: ${word}`))).toBe(true);
  expect(nextText("stop_success")).toBeNull();
  expect(kindText("call")).toBeNull();
});

test("a skipped target says why it was not asked, as it was then", () => {
  const words = ["rules", "paused", "inactive", "not_allowed", "excluded", "capability", "breaker_open", "probe_taken"];
  words.push("cooling", "quota", "dead", "no_key");
  for (const word of words) expect(skipText(word)).toMatch(/^Not asked: .*[a-z]\.$/);
  expect(new Set(words.map(skipText)).size).toBe(words.length);
  expect(skipText("cannot_carry")).toMatch(/^Not asked\. The request uses/);
  expect(skipText("new_word")).toBe("Not asked. new_word");
});

test("calls that nobody needed any more are not called failed", () => {
  expect(endText({ fault: "cancelled", next: "stop_hedged" })).toBe("ended: another was first");
  for (const fault of ["client_gone", "request_stopped", "cancelled"]) {
    expect(endText({ fault, next: "stop_client_gone" })).toMatch(/^ended/);
    expect(faultText(fault)).not.toBe(fault);
  }
  expect(endText({ fault: "upstream_reset", next: "next_target" })).toBeNull();
  expect(endText({ fault: null, next: "stop_success" })).toBeNull();
});
