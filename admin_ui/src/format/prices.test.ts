import { expect, test } from "vitest";
import { priceByPiece } from "./prices";

const price = { input: "0", output: "0", request: "0", tiers: [] };

test("what is not billed by the token says what it is billed by", () => {
  expect(priceByPiece({ ...price, per_image_output: "0.04" })).toBe("$0.04 / picture");
  expect(priceByPiece({ ...price, per_second_input: "0.0001" })).toBe("$0.0001 / s");
  expect(priceByPiece({ ...price, per_character: "15", request: "0.01" })).toBe("$15 / M chars + $0.01 / request");
  expect(priceByPiece({ ...price, input: "2.5", per_second_input: "1" })).toBeNull();
  expect(priceByPiece({ ...price, pictures: [{ price: "0.08", quality: "hd", size: "" }] })).toBe("pictures by size");
  expect(priceByPiece({ ...price })).toBeNull();
  expect(priceByPiece(null)).toBeNull();
});
