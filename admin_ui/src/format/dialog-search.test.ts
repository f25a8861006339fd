import { expect, test } from "vitest";
import { chatSearch, dialogsSearch } from "./dialog-search";

test("a chat's address names the dialog and the filter, nothing else", () => {
  expect(chatSearch({ open: "dlg_1", q: 7, create: true, text: "secret" })).toEqual({ open: "dlg_1", q: "7" });
  expect(chatSearch({ open: "", q: {} })).toEqual({});
});

test("only agents are created on the page of dialogs", () => {
  expect(dialogsSearch({ create: true, open: "usr_1" })).toEqual({ open: "usr_1" });
  expect(dialogsSearch({ list: "agents", create: true, like: "default" })).toEqual({
    list: "agents",
    create: true,
    like: "default",
  });
  expect(dialogsSearch({ list: "agents", like: "default" })).toEqual({ list: "agents" });
  expect(dialogsSearch({ list: "other" })).toEqual({});
});
