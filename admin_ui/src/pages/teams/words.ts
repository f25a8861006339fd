import type { Account, AccountKind } from "@/api/limits";

/** What the two kinds of accounts are called. */
export const words = {
  team: { one: "team", many: "Teams", field: "team_id" },
  user: { one: "end user", many: "End users", field: "user_id" },
} as const satisfies Record<AccountKind, unknown>;

/** What becomes of the keys that name an account when it is deleted: nothing limits or stops them on its behalf any more. */
export function freed(kind: AccountKind, { active }: Pick<Account, "active">, keys: string[]): string {
  const { one } = words[kind];
  if (keys.length === 0) return `No key names this ${one}.`;
  const many = keys.length > 1;
  const names = `${keys.slice(0, 3).join(", ")}${keys.length > 3 ? " and others" : ""}`;
  const other = kind === "team" ? "user" : "team";
  const whose = many ? `their own and their ${other}s’` : `its own and its ${other}’s`;
  return [
    `${many ? `${keys.length} keys become` : "One key becomes"} unlimited at once, but for ${whose} limits: ${names}.`,
    active ? "" : `This ${one} is disabled: without it, ${many ? "they work" : "the key works"} again.`,
  ]
    .filter(Boolean)
    .join(" ");
}
