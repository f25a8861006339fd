// What is written and not sent yet, by user and dialog, kept over a reload and while other chats are looked at.
type Box = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const place = (user: string, dialog: string) => `gateway.chat.${user}.${dialog}`;

export const readUnsent = (box: Box, user: string, dialog: string): string => box.getItem(place(user, dialog)) ?? "";

/** A text that the browser has no room for is not kept; it is still on the page. */
export function keepUnsent(box: Box, user: string, dialog: string, text: string): void {
  try {
    if (text) box.setItem(place(user, dialog), text);
    else box.removeItem(place(user, dialog));
  } catch {
    box.removeItem(place(user, dialog));
  }
}
