// One act on several things of a kind: each by itself, and one release for all of them.
import { data, type Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type BulkBody = Schemas["BulkIn"];
export type BulkNoun = BulkBody["noun"];
export type BulkAction = BulkBody["action"];
export type BulkResult = Schemas["BulkResult"];

/** The most that one call takes. */
const most = 100;

/** What became of each; one that fails does not undo the others. More than a call takes are sent one call after another. */
export async function bulk(api: Api, body: BulkBody): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (let at = 0; at < body.ids.length; at += most) {
    const part = { ...body, ids: body.ids.slice(at, at + most) };
    results.push(...(await data(api.POST("/api/admin/bulk", { body: part }))).results);
  }
  return results;
}
