import type { Publication } from "@/api/releases";

const causes: Record<string, string> = {
  edit: "edit",
  rollback: "rollback",
  publish: "draft published",
  discard: "draft discarded",
};

export const causeWord = (cause: string): string => causes[cause] ?? cause;

/** Who published: a person's name, or the document that a deployment begins with. */
export const byWord = ({ by, by_name }: Pick<Publication, "by" | "by_name">): string =>
  by_name ?? (by === "document" ? "configuration document" : by || "unknown");

const some = (times: number, one: string) => `${times} ${one}${times === 1 ? "" : "s"}`;

export const countsText = (row: Publication): string =>
  [
    some(row.providers, "provider"),
    some(row.upstream_keys, "key"),
    some(row.models, "model"),
    some(row.routes, "route"),
  ].join(", ");
