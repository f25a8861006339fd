// Fails the build when what the first page loads is larger than 250 KB after gzip: the entry, everything it imports statically, and its styles.
import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const limit = 250 * 1024;
const dist = new URL("../dist/", import.meta.url);
const html = await readFile(new URL("index.html", dist), "utf8");
const seen = new Set();
const queue = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
let total = gzipSync(html).length;
while (queue.length > 0) {
  const name = queue.pop();
  if (seen.has(name)) continue;
  seen.add(name);
  const text = await readFile(new URL(name, dist), "utf8");
  total += gzipSync(text).length;
  for (const match of text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) queue.push(`assets/${match[1]}`);
}
const files = await readdir(new URL("assets/", dist));
// The overview is the first page after signing in: count its own chunk as well.
for (const name of files.filter(
  (file) => /^(OverviewPage|Plot)-.*\.(js|css)$/.test(file) && !seen.has(`assets/${file}`),
)) {
  total += gzipSync(await readFile(new URL(`assets/${name}`, dist))).length;
}
console.log(`First page: ${(total / 1024).toFixed(1)} KB gzip of ${limit / 1024} KB allowed.`);
if (total > limit) process.exit(1);
