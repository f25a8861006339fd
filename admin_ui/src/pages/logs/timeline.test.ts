import { expect, test } from "vitest";
import type { Attempt } from "@/api/types";
import { inOrder, summary, ticks, timeline } from "./timeline";

const attempt = (part: Partial<Attempt>): Attempt => ({
  provider: "p",
  model: "m",
  upstream_key_id: null,
  status: 200,
  fault: null,
  first_byte_ms: null,
  total_ms: 0,
  next: "stop",
  kind: "call",
  began_ms: null,
  cost_nano: null,
  ...part,
});

test("attempts stand where they began, split at their first byte", () => {
  const { scale, bars } = timeline(
    [
      attempt({ began_ms: 100, total_ms: 300, status: 500 }),
      attempt({ began_ms: 600, first_byte_ms: 100, total_ms: 400 }),
    ],
    1000,
  );
  expect(scale).toBe(1000);
  expect(bars).toEqual([
    { from: 10, wait: 30, flow: 0 },
    { from: 60, wait: 10, flow: 30 },
  ]);
});

test("calls beside each other overlap, and one that outlives the answer stretches the axis", () => {
  const { scale, bars } = timeline(
    [attempt({ began_ms: 0, total_ms: 500 }), attempt({ began_ms: 250, total_ms: 750, kind: "hedge" })],
    500,
  );
  expect(scale).toBe(1000);
  expect(bars.map((bar) => bar.from)).toEqual([0, 25]);
});

test("rows that do not say when an attempt began are laid end to end, the gateway's own time first", () => {
  const { bars } = timeline([attempt({ total_ms: 300 }), attempt({ total_ms: 500 })], 1000);
  expect(bars.map((bar) => bar.from)).toEqual([20, 50]);
});

test("a running request, a skipped target and a first byte after the end do not break it", () => {
  const { scale, bars } = timeline(
    [attempt({ kind: "skip", began_ms: 1 }), attempt({ began_ms: 2, first_byte_ms: 9, total_ms: 4 })],
    0,
  );
  expect(scale).toBe(6);
  expect(bars[0]).toMatchObject({ wait: 0, flow: 0 });
  expect(bars[1]?.flow).toBe(0);
  expect(timeline([], 0)).toMatchObject({ scale: 1, bars: [] });
});

test.each([
  [1000, [0, 200, 400, 600, 800]],
  [4210, [0, 1000, 2000, 3000]],
  [37, [0, 10, 20, 30]],
  [1, [0, 0.2, 0.4, 0.6, 0.8]],
])("round moments for an axis of %s ms", (scale, expected) => {
  const found = ticks(scale);
  expect(found).toHaveLength(expected.length);
  found.forEach((at, index) => expect(at).toBeCloseTo(expected[index] ?? -1));
});

test("attempts are shown as they began; those that do not say when keep their place", () => {
  const names = (list: Attempt[]) => inOrder(list).map(({ model }) => model);
  const winner = attempt({ model: "winner", began_ms: 250, kind: "hedge" });
  expect(names([winner, attempt({ model: "loser", began_ms: 2 })])).toEqual(["loser", "winner"]);
  expect(names([attempt({ model: "a", began_ms: 5 }), attempt({ model: "b" }), attempt({ model: "c" })])).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("calls and targets are counted as they were", () => {
  const skip = attempt({ provider: "q", kind: "skip", fault: "breaker_open" });
  expect(summary([attempt({})], 1)).toBe("1 call");
  expect(summary([attempt({}), skip], 1)).toBe("1 call; 1 target was not asked");
  expect(summary([skip, { ...skip, model: "n" }], 0)).toBe("0 calls; 2 targets were not asked");
  // A target of which one key was passed over and another one called was asked.
  expect(summary([{ ...skip, provider: "p" }, attempt({})], 1)).toBe("1 call");
  expect(summary([attempt({}), attempt({})], 3)).toBe("2 calls; 2 targets were not needed");
  // What the gateway asked for its own ends is no call of a target.
  const compared = attempt({ provider: "e", model: "vectors", kind: "embedding" });
  expect(summary([compared, attempt({}), attempt({ kind: "moderation" })], 1)).toBe(
    "1 call; 1 question compared; 1 text judged",
  );
});
