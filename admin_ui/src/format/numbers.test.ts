import { expect, test } from "vitest";
import { change, duration, exactMoney, isDecimal, money, percent, short, windowSize } from "./numbers";

test.each([
  [0, "$0.00"],
  [412_090_000_000, "$412.09"],
  [999_999_999, "$1.00"],
  [12_400_000, "$0.0124"],
  [1_250, "$0.00000125"],
  [1, "$0.000000001"],
  [50_000_000, "$0.05"],
  [500_000_000, "$0.50"],
  [12_345_000_000_000, "$12.3k"],
])("%d nano-dollars read as %s", (nano, text) => {
  expect(money(nano)).toBe(text);
});

test("the exact amount shows every nano-dollar", () => {
  expect(exactMoney(1_234_567)).toBe("$0.001234567");
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1k"],
  [12_345, "12.3k"],
  [999_600, "1M"],
  [4_580_000, "4.58M"],
])("%d is short for %s", (value, text) => {
  expect(short(value)).toBe(text);
});

test.each([
  [0.42, "0.4 ms"],
  [312.4, "312 ms"],
  [4210, "4.21 s"],
  [185_000, "3 min 5 s"],
])("%d ms reads as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("a change needs something to compare with", () => {
  expect(change(5, 0)).toBeNull();
  expect(change(5, 5)).toBeNull();
  expect(change(118, 100)).toEqual({ text: "18 %", up: true });
  expect(change(91, 100)).toEqual({ text: "9 %", up: false });
  expect(change(5000, 1)?.text).toBe("> 10×");
});

test("shares and windows", () => {
  expect(percent(0)).toBe("0 %");
  expect(percent(0.0004)).toBe("< 0.1 %");
  expect(percent(0.0123)).toBe("1.2 %");
  expect(windowSize(1_047_576)).toBe("1.05M");
  expect(windowSize(128_000)).toBe("128k");
});

test.each(["1e3", "-1", "0,15", ".5", "1.", "", "0x10", "NaN", "1234567890"])("%s is no price", (text) => {
  expect(isDecimal(text)).toBe(false);
});
