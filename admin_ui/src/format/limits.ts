/** Limits as people write and read them. */
import type { Budget, Limits, Period, Standing } from "@/api/limits";
import { count, exactMoney, money, percent, short } from "./numbers";
import { isZone } from "./zone";

export const periods: readonly Period[] = ["day", "month", "total"];

export const limitNames: Record<Standing["name"], string> = {
  requests: "Requests per minute",
  tokens: "Tokens per minute",
  concurrent: "Requests at once",
  day: "Budget per day",
  month: "Budget per month",
  total: "Budget in total",
  balance: "Token balance",
};

/** Which limits are money. */
export const isBudget = (name: Standing["name"]): name is Period => (periods as readonly string[]).includes(name);

/** An amount of a limit: money with sensible digits, other things counted. */
export const amount = ({ unit }: Pick<Standing, "unit">, value: number) =>
  unit === "nano_usd" ? money(value) : value >= 100_000 ? short(value) : count(value);
export const exactAmount = ({ unit }: Pick<Standing, "unit">, value: number) =>
  unit === "nano_usd" ? exactMoney(value) : `${count(value)} ${unit}`;

/** How much of a limit is taken, settled and held together: 0 to 1; a limit of nothing is full. */
export const taken = ({ limit, used, held }: Standing) =>
  limit > 0 ? Math.min(1, Math.max(0, used + held) / limit) : 1;

/** The budget with the least room, for one bar in a list. */
export function tightest(list: readonly Standing[]): Standing | null {
  return list
    .filter(({ name }) => isBudget(name))
    .reduce<Standing | null>((least, one) => (least === null || taken(one) > taken(least) ? one : least), null);
}

/** What the two taken parts of a limit are called: requests at once are never settled, rates never held. */
export const partNames = (name: Standing["name"]): { used?: string; held?: string } =>
  name === "concurrent"
    ? { held: "running" }
    : name === "requests" || name === "tokens"
      ? { used: "used" }
      : { used: "settled", held: "held" };

/** "$3.10 settled, $0.40 held, $9.00 left of $12.50 (28 %)": the bar in words. */
export function standingText(one: Standing): string {
  const { used, held } = partNames(one.name);
  const parts = [
    used && `${amount(one, one.used)} ${used}`,
    held && (one.held > 0 || !used) && `${amount(one, one.held)} ${held}`,
    `${amount(one, one.remaining)} left of ${amount(one, one.limit)} (${percent(taken(one))})`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** "60 requests/min · 4 at once · $12.50/day". */
export function limitsText(limits: Limits | null | undefined): string {
  if (!limits) return "";
  const parts = [
    limits.requests_per_minute && `${short(limits.requests_per_minute)} requests/min`,
    limits.tokens_per_minute && `${short(limits.tokens_per_minute)} tokens/min`,
    limits.concurrent && `${short(limits.concurrent)} at once`,
    ...(limits.budgets ?? []).map(({ period, usd }) => `$${usd}${period === "total" ? " in total" : `/${period}`}`),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** How many limits there are. */
export const limitCount = (limits: Limits | null | undefined) =>
  limits ? rates.filter((name) => limits[name] != null).length + (limits.budgets?.length ?? 0) : 0;

/** What a form holds of one budget. An empty amount: there is none. */
export interface BudgetDraft {
  usd: string;
  timezone: string;
  reset_time: string;
  reset_day: string;
}

export interface LimitsDraft {
  requests_per_minute: string;
  tokens_per_minute: string;
  concurrent: string;
  budgets: Record<Period, BudgetDraft>;
}

const rates = ["requests_per_minute", "tokens_per_minute", "concurrent"] as const;
export type RateName = (typeof rates)[number];

const noBudget: BudgetDraft = { usd: "", timezone: "UTC", reset_time: "00:00", reset_day: "1" };

export const noLimits: LimitsDraft = {
  requests_per_minute: "",
  tokens_per_minute: "",
  concurrent: "",
  budgets: { day: noBudget, month: noBudget, total: noBudget },
};

export function limitsDraft(limits: Limits | null | undefined): LimitsDraft {
  const text = (name: RateName) => (limits?.[name] ? String(limits[name]) : "");
  const budget = (period: Period): BudgetDraft => {
    const found = limits?.budgets?.find((one) => one.period === period);
    if (!found) return noBudget;
    return {
      usd: found.usd,
      timezone: found.timezone ?? "UTC",
      reset_time: found.reset_time ?? "00:00",
      reset_day: String(found.reset_day ?? 1),
    };
  };
  return {
    requests_per_minute: text("requests_per_minute"),
    tokens_per_minute: text("tokens_per_minute"),
    concurrent: text("concurrent"),
    budgets: { day: budget("day"), month: budget("month"), total: budget("total") },
  };
}

/** Without what separates groups of three digits. "1,50" stays as it is, and so is a fault: somebody means one and a half by it, never 150. */
const plain = (text: string) => {
  const bare = text.trim();
  return /^[0-9]{1,3}([\s,_][0-9]{3})+(\.[0-9]*)?$/.test(bare) ? bare.replaceAll(/[\s,_]/g, "") : bare;
};
const money9 = (text: string) => plain(text.trim().replace(/^\$/, ""));

/** What is wrong with each field, by its place in the body; nothing = it can be saved. */
export type Faults = Partial<Record<string, string>>;

export function limitFaults(draft: LimitsDraft): Faults {
  const faults: Faults = {};
  for (const name of rates) {
    const text = plain(draft[name]);
    if (text && !(/^[0-9]{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= most[name]))
      faults[name] = `A whole number from 1 to ${count(most[name])}.`;
  }
  for (const period of periods) {
    const { usd, timezone, reset_time, reset_day } = draft.budgets[period];
    if (!money9(usd)) continue;
    if (!/^[0-9]{1,9}(\.[0-9]{1,9})?$/.test(money9(usd)))
      faults[`${period}.usd`] = "An amount such as 25 or 12.50, with at most 9 decimals.";
    if (period === "total") continue;
    if (!isZone(timezone)) faults[`${period}.timezone`] = "A time zone such as Europe/Berlin.";
    if (!/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(reset_time)) faults[`${period}.reset_time`] = "A time such as 06:30.";
    if (period === "month" && !(/^[0-9]{1,2}$/.test(reset_day) && Number(reset_day) >= 1 && Number(reset_day) <= 28))
      faults[`${period}.reset_day`] = "A day from 1 to 28.";
  }
  return faults;
}

const most: Record<RateName, number> = {
  requests_per_minute: 1_000_000_000,
  tokens_per_minute: 1_000_000_000,
  concurrent: 1_000_000,
};

/** The body of a request, null for no limits; throws an Error in words when a field cannot be read. */
export function limitsBody(draft: LimitsDraft): Limits | null {
  const [fault] = Object.values(limitFaults(draft));
  if (fault) throw new Error(`The limits: ${fault}`);
  const rate = (name: RateName) => (plain(draft[name]) ? Number(plain(draft[name])) : null);
  const budgets = budgetPeriods(draft).map((period): Budget => {
    const { usd, timezone, reset_time, reset_day } = draft.budgets[period];
    return { period, usd: money9(usd), timezone, reset_time, reset_day: Number(reset_day) };
  });
  const body = {
    requests_per_minute: rate("requests_per_minute"),
    tokens_per_minute: rate("tokens_per_minute"),
    concurrent: rate("concurrent"),
    budgets,
  };
  return budgets.length > 0 || rates.some((name) => body[name] !== null) ? body : null;
}

/** The periods that have a budget, in the order of the body: what the API calls `limits.budgets[0]` is the first. */
export const budgetPeriods = (draft: LimitsDraft): Period[] =>
  periods.filter((period) => money9(draft.budgets[period].usd) !== "");

/** True for an amount that is nothing. */
export const isNothing = (usd: string) => /^0+(\.0+)?$/.test(money9(usd));
