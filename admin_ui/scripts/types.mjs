// Writes src/api/schema.d.ts from openapi.json; with --check it only compares and fails when the file is stale.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const header = "// Generated from openapi.json by `npm run types`. Do not edit.\n\n";
const text = header + astToString(await openapiTS(source, { defaultNonNullable: false }));

if (process.argv.includes("--check")) {
  const present = await readFile(target, "utf8").catch(() => "");
  if (present !== text) {
    console.error("src/api/schema.d.ts is stale: openapi.json has changed. Run `npm run types` in admin_ui.");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
