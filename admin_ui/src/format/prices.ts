import type { Price } from "@/api/types";

const pieces = [
  ["per_image_output", "/ picture"],
  ["per_image_input", "/ picture given"],
  ["per_second_input", "/ s"],
  ["per_second_output", "/ s made"],
  ["per_character", "/ M chars"],
  ["request", "/ request"],
] as const;
const none = (price: string | null | undefined) => !price || Number(price) === 0;

/** The price of what is billed by the picture, second, character or request alone: "$0.04 / picture"; null where tokens have one. */
export function priceByPiece(price: Price | null | undefined): string | null {
  if (!price || !none(price.input) || !none(price.output)) return null;
  const said: string[] = pieces
    .filter(([name]) => !none(price[name]))
    .map(([name, unit]) => `$${price[name] ?? ""} ${unit}`);
  if (price.pictures?.length) said.push("pictures by size");
  return said.length > 0 ? said.join(" + ") : null;
}
