// What a dialog is called, where nobody has said it.
import type { AuthorizedFetch } from "@/api/authorized";
import type { Api } from "@/api/client";
import { firstMessages, updateDialog, type Dialog } from "@/api/dialogs";
import { filtered } from "./answer";

/**
 * Calls a dialog after its first question, as it is stored: what is written may hold what a rule blocks or masks, and a title is read in many
 * places. Undefined where it has a title, or no question to be called after.
 */
export async function entitle(api: Api, fetch: AuthorizedFetch, dialog: Dialog): Promise<Dialog | undefined> {
  if (dialog.title) return undefined;
  const messages = await firstMessages(fetch, dialog.id);
  const question = messages.find(({ role, error }) => role === "user" && error?.code !== filtered);
  const title = titleOf(question?.content ?? "");
  return title ? updateDialog(api, dialog.id, { title }) : undefined;
}

/** The title of a dialog that begins with these words. */
export function titleOf(text: string): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  if (line.length <= 60) return line;
  const cut = line.slice(0, 60);
  const word = cut.lastIndexOf(" ");
  return `${(word > 30 ? cut.slice(0, word) : cut).trimEnd()}…`;
}
