import { expect, test } from "vitest";
import { variablesOf } from "./variables";

test("finds the variables of a YAML document, each once", () => {
  const document = `providers:
  - {id: openai, kind: openai, api_key_env: OPENAI_API_KEY}
  - id: own
    keys: [{env: OWN_KEY}, { env: "OWN_KEY" }]
    header_env:
      x-tenant: TENANT_HEADER
      x-other: 'OTHER'
    base_url: https://env:8080/
keys:
  - name: a
    env: TEAM_KEY
`;
  expect(variablesOf(document)).toEqual(["OPENAI_API_KEY", "OWN_KEY", "TEAM_KEY", "TENANT_HEADER", "OTHER"]);
});

test("finds those of a JSON document", () => {
  const document = '{"providers":[{"id":"a","keys":[{"env":"A_KEY"}],"header_env": {"x-a": "HEADER"}}]}';
  expect(variablesOf(document)).toEqual(["A_KEY", "HEADER"]);
});

test("finds none where there is none", () => {
  expect(variablesOf("providers: []\n# header_env: {a: B}\nname: environment")).toEqual([]);
});
