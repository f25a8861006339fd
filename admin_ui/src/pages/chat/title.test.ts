import { expect, test, vi } from "vitest";
import type { AuthorizedFetch } from "@/api/authorized";
import type { Api } from "@/api/client";
import type { Dialog } from "@/api/dialogs";
import { entitle, titleOf } from "./title";

const dialog = { id: "dlg_1", title: null } as Dialog;
const filtered = { code: "CONTENT_FILTERED", message: "Not that." };

/** What a dialog with these messages is called then. */
async function called(messages: object[], before: Dialog = dialog) {
  const patch = vi.fn((_path: string, { body }: { body: object }) =>
    Promise.resolve({ data: { ...before, ...body }, response: new Response("{}") }),
  );
  const fetch: AuthorizedFetch = () => Promise.resolve(new Response(JSON.stringify(messages)));
  const made = await entitle({ PATCH: patch } as unknown as Api, fetch, before);
  return made ? made.title : patch.mock.calls.length;
}

test("a dialog is called after what is stored of its first question that no rule blocked", async () => {
  const blocked = { role: "user", content: "my [keyword]", error: filtered };
  const masked = { role: "user", content: "Write to [email]\nplease", error: null };
  expect(await called([blocked, { role: "assistant", content: "x", error: null }, masked])).toBe("Write to [email]");
  expect(await called([blocked])).toBe(0);
  expect(await called([])).toBe(0);
});

test("a title that somebody chose stays", async () => {
  expect(await called([{ role: "user", content: "Hi", error: null }], { ...dialog, title: "Mine" })).toBe(0);
});

test("a dialog is called after the first line of its first message", () => {
  expect(titleOf("  Hello\nworld")).toBe("Hello");
  expect(titleOf("word ".repeat(30))).toBe(`${"word ".repeat(11)}word…`);
  expect(titleOf("x".repeat(80))).toBe(`${"x".repeat(60)}…`);
});
