import { expect, test } from "vitest";
import { releaseSearch, releasesSearch } from "./release-search";
import { settingsSearch } from "./settings-search";

const hash = "0f".repeat(32);

test("an address of a release keeps what the page understands and drops the rest", () => {
  expect(releaseSearch({ number: 3, show: "content", against: hash, draft: true })).toEqual({
    number: 3,
    show: "content",
    against: hash,
  });
  expect(releaseSearch({ number: -1, show: "all", against: "javascript:1" })).toEqual({});
  expect(releaseSearch({ against: "force" })).toEqual({ against: "force" });
});

test("so do those of the list and of the settings", () => {
  expect(releasesSearch({ draft: true, q: "x" })).toEqual({ draft: true });
  expect(releasesSearch({ draft: "yes" })).toEqual({});
  expect(settingsSearch({ part: "configuration" })).toEqual({ part: "configuration" });
  expect(settingsSearch({ part: "other" })).toEqual({});
});
