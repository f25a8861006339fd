import { fieldError } from "@/api/errors";
import type { Period } from "@/api/limits";
import {
  budgetPeriods,
  isNothing,
  limitFaults,
  type BudgetDraft,
  type LimitsDraft,
  type RateName,
} from "@/format/limits";
import { zones } from "@/format/zone";
import { Combobox } from "@/ui/Combobox";
import { Field, TextInput } from "@/ui/Field";

interface Props {
  draft: LimitsDraft;
  change: (draft: LimitsDraft) => void;
  error: Error | null;
  /** Whose limits these are: "the key". */
  whose: string;
}

const rates: { name: RateName; label: string }[] = [
  { name: "requests_per_minute", label: "Requests per minute" },
  { name: "tokens_per_minute", label: "Tokens per minute" },
  { name: "concurrent", label: "Requests at once" },
];

const budgets: { period: Period; label: string }[] = [
  { period: "day", label: "Budget per day" },
  { period: "month", label: "Budget per month" },
  { period: "total", label: "Budget in total" },
];

/** Rates, requests at once and budgets. What is wrong with a field is said beside it when it is left. */
export function LimitFields({ draft, change, error, whose }: Props) {
  const faults = limitFaults(draft);
  const refused = (period: Period, part: string) => {
    const at = budgetPeriods(draft).indexOf(period);
    return at < 0 ? undefined : fieldError(error, `limits.budgets[${at}].${part}`);
  };
  return (
    <fieldset className="fieldset">
      <legend>Limits</legend>
      <p className="hint small muted">
        Empty: no limit. A request is let in only when there is room for the most it may use; what it did not use is
        given back after it. More than {whose} may use is answered with 429 or 402.
      </p>
      <div className="fieldset three">
        {rates.map(({ name, label }) => (
          <Field key={name} label={label} fault={faults[name]} error={fieldError(error, `limits.${name}`)}>
            {(field) => (
              <TextInput
                {...field}
                inputMode="numeric"
                value={draft[name]}
                onChange={(text) => change({ ...draft, [name]: text })}
                placeholder="unlimited"
              />
            )}
          </Field>
        ))}
      </div>
      {budgets.map(({ period, label }) => (
        <BudgetFields
          key={period}
          period={period}
          label={label}
          draft={draft.budgets[period]}
          change={(part) =>
            change({ ...draft, budgets: { ...draft.budgets, [period]: { ...draft.budgets[period], ...part } } })
          }
          fault={(part) => faults[`${period}.${part}`]}
          error={(part) => refused(period, part)}
        />
      ))}
    </fieldset>
  );
}

interface BudgetProps {
  period: Period;
  label: string;
  draft: BudgetDraft;
  change: (part: Partial<BudgetDraft>) => void;
  fault: (part: keyof BudgetDraft) => string | undefined;
  error: (part: keyof BudgetDraft) => string | undefined;
}

/** One budget; when it begins anew is asked for once there is an amount. */
function BudgetFields({ period, label, draft, change, fault, error }: BudgetProps) {
  const nothing = isNothing(draft.usd);
  const renews = draft.usd.trim() !== "" && period !== "total";
  return (
    <div className="stack tight budget" role="group" aria-label={label}>
      <Field
        label={label}
        hint={nothing ? "Nothing may be spent." : undefined}
        fault={fault("usd")}
        error={error("usd")}
      >
        {(field) => (
          <TextInput
            {...field}
            before="$"
            inputMode="decimal"
            value={draft.usd}
            onChange={(usd) => change({ usd })}
            placeholder="unlimited"
          />
        )}
      </Field>
      {renews && (
        <div className="fieldset three">
          {period === "month" && (
            <Field label="Begins on day" fault={fault("reset_day")} error={error("reset_day")}>
              {(field) => (
                <TextInput
                  {...field}
                  inputMode="numeric"
                  value={draft.reset_day}
                  onChange={(reset_day) => change({ reset_day })}
                />
              )}
            </Field>
          )}
          <Field label="Begins at" fault={fault("reset_time")} error={error("reset_time")}>
            {(field) => (
              <TextInput
                {...field}
                type="time"
                value={draft.reset_time}
                onChange={(reset_time) => change({ reset_time })}
              />
            )}
          </Field>
          <ZoneField
            value={draft.timezone}
            onChange={(timezone) => change({ timezone })}
            fault={fault("timezone")}
            error={error("timezone")}
          />
        </div>
      )}
    </div>
  );
}

interface ZoneProps {
  value: string;
  onChange: (zone: string) => void;
  fault: string | undefined;
  error: string | undefined;
}

const known = zones();
const offered = 30;

function ZoneField({ value, onChange, fault, error }: ZoneProps) {
  const needle = value.trim().toLowerCase().replaceAll(" ", "_");
  // A whole name is where somebody begins to look for another one.
  const exact = known.some((zone) => zone.toLowerCase() === needle);
  const fitting = exact ? known : known.filter((zone) => zone.toLowerCase().includes(needle));
  return (
    <Field label="Time zone" fault={fault} error={error}>
      {(field) => (
        <Combobox
          {...field}
          over
          text={value}
          onText={onChange}
          options={fitting.slice(0, offered).map((zone) => ({ value: zone }))}
          onPick={(option) => onChange(option.value)}
          listLabel="Time zones"
          maxLength={64}
        />
      )}
    </Field>
  );
}
