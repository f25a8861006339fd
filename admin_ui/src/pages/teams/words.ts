import type { AccountKind } from "@/api/limits";

/** What the two kinds of accounts are called. */
export const words = {
  team: { one: "team", many: "Teams", field: "team_id" },
  user: { one: "user", many: "Users", field: "user_id" },
} as const satisfies Record<AccountKind, unknown>;
