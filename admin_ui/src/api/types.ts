// The API's types under the names the pages use; all of them come from openapi.json.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Provider = Schemas["ProviderOut"];
export type ProviderKind = Schemas["ProviderKindOut"];
export type UpstreamKey = Schemas["UpstreamKeyOut"];
export type Model = Schemas["ModelOut"];
export type Price = Schemas["PriceIO"];
export type PriceTier = Schemas["PriceTierIO"];
export type CatalogEntry = Schemas["CatalogOut"];
export type VirtualKey = Schemas["KeyOut"];
export type CreatedKey = Schemas["KeyCreated"];
export type LogItem = Schemas["LogItem"];
export type LogDetail = Schemas["LogDetail"];
export type Attempt = Schemas["AttemptOut"];
export type Tokens = Schemas["TokensOut"];
export type Release = Schemas["ReleaseOut"];
export type Route = Schemas["RouteOut"];
export type RouteBody = Schemas["RouteIn"];
export type RouteTarget = Schemas["TargetIO"];
export type Share = Schemas["ShareIO"];
export type Strategy = Route["strategy"];
export type ModelKind = Model["kind"];
export type LogQuery = NonNullable<paths["/api/admin/logs"]["get"]["parameters"]["query"]>;

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  total?: number | null;
}
