import { useQuery } from "@tanstack/react-query";
import { fieldError } from "@/api/errors";
import type { Account, AccountBody, AccountKind } from "@/api/limits";
import { modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { limitsBody, limitsDraft, noLimits, type LimitsDraft } from "@/format/limits";
import { expiryHint, fromLocalInput, toLocalInput } from "@/format/times";
import { LimitFields } from "@/pages/limits/LimitFields";
import { Check, Field, TextInput } from "@/ui/Field";
import { TagInput } from "@/ui/TagInput";

/** What the forms of teams and users hold. `expiry` is the text of a datetime-local input, "" = never. */
export interface AccountDraft {
  name: string;
  active: boolean;
  limits: LimitsDraft;
  allowed_models: string[];
  allowed_providers: string[];
  expiry: string;
  token_balance: boolean;
}

export const blankAccount: AccountDraft = {
  name: "",
  active: true,
  limits: noLimits,
  allowed_models: [],
  allowed_providers: [],
  expiry: "",
  token_balance: false,
};

export const accountDraft = (item: Account): AccountDraft => ({
  name: item.name,
  active: item.active,
  limits: limitsDraft(item.limits),
  allowed_models: item.allowed_models,
  allowed_providers: item.allowed_providers,
  expiry: item.valid_until ? toLocalInput(item.valid_until) : "",
  token_balance: item.token_balance ?? false,
});

/** The body of a request; throws an Error in words when a field cannot be read. */
export function accountBody(kind: AccountKind, draft: AccountDraft): AccountBody {
  const valid_until = fromLocalInput(draft.expiry);
  if (draft.expiry && valid_until === null) throw new Error("The expiry is not a date.");
  return {
    active: draft.active,
    limits: limitsBody(draft.limits),
    allowed_models: draft.allowed_models,
    allowed_providers: draft.allowed_providers,
    valid_until,
    ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
    ...(kind === "user" ? { token_balance: draft.token_balance } : {}),
  };
}

interface Props {
  kind: AccountKind;
  draft: AccountDraft;
  change: (part: Partial<AccountDraft>) => void;
  error: Error | null;
}

/** The fields of a team or an end user, without its id. */
export function AccountFields({ kind, draft, change, error }: Props) {
  const { api } = useApp();
  const models = useQuery(modelsQuery(api)).data ?? [];
  const routes = useQuery(routesQuery(api)).data ?? [];
  const providers = useQuery(providersQuery(api)).data ?? [];
  const word = kind === "team" ? "team" : "user";
  return (
    <>
      <Field label="Name" optional hint="For people; empty: the id." error={fieldError(error, "name")}>
        {(field) => <TextInput {...field} value={draft.name} onChange={(name) => change({ name })} maxLength={200} />}
      </Field>
      <LimitFields
        draft={draft.limits}
        change={(limits) => change({ limits })}
        error={error}
        whose={`all keys of this ${word} together`}
      />
      <Field
        label="Allowed models"
        optional
        hint="Empty: all that the key allows. * stands for anything."
        error={fieldError(error, "allowed_models")}
      >
        {(field) => (
          <TagInput
            {...field}
            values={draft.allowed_models}
            onChange={(allowed_models) => change({ allowed_models })}
            options={[...new Set([...routes, ...models].map(({ id }) => id))]}
            placeholder="Add a model"
          />
        )}
      </Field>
      <Field
        label="Allowed providers"
        optional
        hint="Empty: all that the key allows."
        error={fieldError(error, "allowed_providers")}
      >
        {(field) => (
          <TagInput
            {...field}
            values={draft.allowed_providers}
            onChange={(allowed_providers) => change({ allowed_providers })}
            options={providers.map(({ id }) => id)}
            placeholder="Add a provider"
          />
        )}
      </Field>
      <Field label="Expires" optional hint={expiryHint(draft.expiry)} error={fieldError(error, "valid_until")}>
        {(field) => (
          <TextInput {...field} type="datetime-local" value={draft.expiry} onChange={(expiry) => change({ expiry })} />
        )}
      </Field>
      {kind === "user" && (
        <Check
          checked={draft.token_balance}
          onChange={(token_balance) => change({ token_balance })}
          label="Pays with a token balance"
          hint="Tokens are taken from a balance that is granted and topped up; without any left, requests are refused."
        />
      )}
    </>
  );
}
