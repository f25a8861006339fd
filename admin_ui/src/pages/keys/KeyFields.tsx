import { useQuery } from "@tanstack/react-query";
import { fieldError } from "@/api/errors";
import { modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import type { VirtualKey } from "@/api/types";
import { useApp } from "@/app-context";
import { limitsBody, limitsDraft, noLimits, type LimitsDraft } from "@/format/limits";
import { expiryHint, fromLocalInput, toLocalInput } from "@/format/times";
import { AccountField } from "@/pages/limits/AccountField";
import { LimitFields } from "@/pages/limits/LimitFields";
import { Check, Field, TextInput } from "@/ui/Field";
import { TagInput } from "@/ui/TagInput";

/** What the key forms hold. `expiry` is the text of a datetime-local input, "" = never. */
export interface KeyDraft {
  name: string;
  team: string;
  user: string;
  limits: LimitsDraft;
  allowed_models: string[];
  allowed_providers: string[];
  expiry: string;
  record_bodies: boolean;
  durable: boolean;
  networks: string;
  log_ttl_days: string;
}

export const blankKey: KeyDraft = {
  name: "",
  team: "",
  user: "",
  limits: noLimits,
  allowed_models: [],
  allowed_providers: [],
  expiry: "",
  record_bodies: false,
  durable: false,
  networks: "",
  log_ttl_days: "",
};

export const keyDraft = (item: VirtualKey): KeyDraft => ({
  name: item.name,
  team: item.team_id ?? "",
  user: item.user_id ?? "",
  limits: limitsDraft(item.limits),
  allowed_models: item.allowed_models,
  allowed_providers: item.allowed_providers,
  expiry: item.valid_until ? toLocalInput(item.valid_until) : "",
  record_bodies: item.record_bodies,
  durable: item.durable,
  networks: item.ip_allow.join("\n"),
  log_ttl_days: item.log_ttl_days ? String(item.log_ttl_days) : "",
});

/** What is wrong with for how many days log rows are kept. */
function daysFault(text: string): string | undefined {
  const days = text.trim();
  const fits = /^[0-9]{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= 400;
  return !days || fits ? undefined : "A whole number from 1 to 400.";
}

/** What does not look like an address or a network; the API has the last word. */
export function networksFault(text: string): string | undefined {
  const odd = networksOf(text).find((one) => !/^[0-9a-f.:]+(\/[0-9]{1,3})?$/i.test(one) || !/[.:]/.test(one));
  return odd && `“${odd}” is neither an address nor a network such as 203.0.113.0/24.`;
}

const networksOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/** The body of a request; throws an Error in words when a field cannot be read. */
export function keyBody(draft: KeyDraft) {
  const valid_until = fromLocalInput(draft.expiry);
  if (draft.expiry && valid_until === null) throw new Error("The expiry is not a date.");
  const days = draft.log_ttl_days.trim();
  if (daysFault(days)) throw new Error("Log rows can be kept for 1 to 400 days.");
  return {
    name: draft.name.trim(),
    team_id: draft.team.trim() || null,
    user_id: draft.user.trim() || null,
    limits: limitsBody(draft.limits),
    allowed_models: draft.allowed_models,
    allowed_providers: draft.allowed_providers,
    ip_allow: networksOf(draft.networks),
    valid_until,
    record_bodies: draft.record_bodies,
    durable: draft.durable,
    log_ttl_days: days ? Number(days) : null,
  };
}

interface Props {
  draft: KeyDraft;
  change: (part: Partial<KeyDraft>) => void;
  error: Error | null;
}

/** The fields of a virtual key. */
export function KeyFields({ draft, change, error }: Props) {
  const { api } = useApp();
  const models = useQuery(modelsQuery(api)).data ?? [];
  const routes = useQuery(routesQuery(api)).data ?? [];
  const providers = useQuery(providersQuery(api)).data ?? [];
  const names = [...new Set([...routes, ...models].map((item) => item.id))];
  return (
    <>
      <Field
        label="Name"
        hint="Who or what uses it, as it appears in logs and reports."
        error={fieldError(error, "name")}
      >
        {(field) => (
          <TextInput
            {...field}
            value={draft.name}
            onChange={(name) => change({ name })}
            required
            maxLength={200}
            placeholder="Support bot"
          />
        )}
      </Field>
      <Field
        label="Allowed models"
        optional
        hint="Empty: all of them. * stands for anything, as in gpt-*."
        error={fieldError(error, "allowed_models")}
      >
        {(field) => (
          <TagInput
            {...field}
            values={draft.allowed_models}
            onChange={(allowed_models) => change({ allowed_models })}
            options={names}
            placeholder="Add a model"
          />
        )}
      </Field>
      <div className="fieldset two">
        <AccountField
          kind="team"
          value={draft.team}
          onChange={(team) => change({ team })}
          error={fieldError(error, "team_id")}
        />
        <AccountField
          kind="user"
          value={draft.user}
          onChange={(user) => change({ user })}
          error={fieldError(error, "user_id")}
        />
      </div>
      <Field label="Expires" optional hint={expiryHint(draft.expiry)} error={fieldError(error, "valid_until")}>
        {(field) => (
          <TextInput {...field} type="datetime-local" value={draft.expiry} onChange={(expiry) => change({ expiry })} />
        )}
      </Field>
      <Check
        checked={draft.record_bodies}
        onChange={(record_bodies) => change({ record_bodies })}
        label="Record prompts and answers"
        hint="They appear in the logs for everyone who may read logs. Off: only the figures are kept."
      />
      <LimitFields draft={draft.limits} change={(limits) => change({ limits })} error={error} whose="the key" />
      <details>
        <summary>Networks, retention, durability</summary>
        <div className="stack details-body">
          <Field
            label="Allowed providers"
            optional
            hint="Empty: all of them."
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
          <Field
            label="Allowed networks"
            optional
            hint="Addresses or CIDR networks, one per line. Empty: from anywhere."
            fault={networksFault(draft.networks)}
            error={fieldError(error, "ip_allow")}
          >
            {(field) => (
              <textarea
                {...field}
                className="input mono"
                rows={3}
                value={draft.networks}
                onChange={(event) => change({ networks: event.target.value })}
                placeholder="203.0.113.0/24"
                spellCheck={false}
              />
            )}
          </Field>
          <Field
            label="Keep log rows for"
            optional
            hint="Empty: the deployment’s default."
            fault={daysFault(draft.log_ttl_days)}
            error={fieldError(error, "log_ttl_days")}
          >
            {(field) => (
              <TextInput
                {...field}
                after="days"
                inputMode="numeric"
                value={draft.log_ttl_days}
                onChange={(log_ttl_days) => change({ log_ttl_days })}
              />
            )}
          </Field>
          <Check
            checked={draft.durable}
            onChange={(durable) => change({ durable })}
            label="Log the start of every request"
            hint="One more write per request; even a killed environment then leaves a row."
          />
        </div>
      </details>
    </>
  );
}
