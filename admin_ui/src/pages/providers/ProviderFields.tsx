import type { ReactNode } from "react";
import { fieldError } from "@/api/errors";
import type { Provider, ProviderKind } from "@/api/types";
import { objectText, parseObject } from "@/format/json";
import { Check, Field, TextInput } from "@/ui/Field";
import { JsonInput } from "@/ui/JsonInput";
import { TagInput } from "@/ui/TagInput";

/** What the two provider forms hold, as text where people type. */
export interface ProviderDraft {
  name: string;
  base_url: string;
  active: boolean;
  allow_private: boolean;
  headers: string;
  timeouts: Record<Phase, string>;
  default_parameters: string;
  denied_betas: string[];
}

const phases = ["connect", "first_byte", "idle", "total"] as const;
type Phase = (typeof phases)[number];
const phaseLabels: Record<Phase, string> = {
  connect: "Connect",
  first_byte: "First byte",
  idle: "Between chunks",
  total: "Whole request",
};

export const blankDraft: ProviderDraft = {
  name: "",
  base_url: "",
  active: true,
  allow_private: false,
  headers: "",
  timeouts: { connect: "5", first_byte: "300", idle: "120", total: "890" },
  default_parameters: "",
  denied_betas: [],
};

export function draftOf(provider: Provider): ProviderDraft {
  const { timeouts } = provider;
  return {
    name: provider.name,
    base_url: provider.base_url ?? "",
    active: provider.active,
    allow_private: provider.allow_private,
    headers: Object.entries(provider.extra_headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    timeouts: {
      connect: String(timeouts.connect ?? 5),
      first_byte: String(timeouts.first_byte ?? 300),
      idle: String(timeouts.idle ?? 120),
      total: String(timeouts.total ?? 890),
    },
    default_parameters: objectText(provider.default_parameters),
    denied_betas: provider.denied_betas,
  };
}

/** "Name: value" lines to a mapping; null when a line has no colon. */
export function parseHeaders(text: string): Record<string, string> | null {
  const pairs: [string, string][] = [];
  for (const line of text.split("\n").filter((item) => item.trim())) {
    const at = line.indexOf(":");
    if (at < 1) return null;
    pairs.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
  }
  return Object.fromEntries(pairs);
}

/** The body of a request; throws an Error in words when a field cannot be read. */
export function bodyOf(draft: ProviderDraft) {
  const extra_headers = parseHeaders(draft.headers);
  if (!extra_headers) throw new Error(oneEach);
  const seconds = (phase: Phase) => {
    const value = Number(draft.timeouts[phase]);
    if (!(value > 0)) throw new Error(`The timeout “${phaseLabels[phase]}” must be a number of seconds above 0.`);
    return value;
  };
  const { value: default_parameters, problem } = parseObject(draft.default_parameters);
  if (!default_parameters) throw new Error(`The default parameters cannot be read. ${problem}`);
  return {
    name: draft.name.trim() || null,
    base_url: draft.base_url.trim() || null,
    active: draft.active,
    allow_private: draft.allow_private,
    extra_headers,
    timeouts: {
      connect: seconds("connect"),
      first_byte: seconds("first_byte"),
      idle: seconds("idle"),
      total: seconds("total"),
    },
    default_parameters,
    denied_betas: draft.denied_betas,
  };
}

/** What an edit changed, and nothing else: a role may be allowed to change some fields only. */
export function changesOf(draft: ProviderDraft, initial: ProviderDraft): Partial<ReturnType<typeof bodyOf>> {
  const before = bodyOf(initial);
  const changed = Object.entries(bodyOf(draft)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
  );
  return Object.fromEntries(changed);
}

/** What is wrong with a base URL, said when leaving the field; the server has the last word. */
export function urlProblem(text: string, required: boolean): string | undefined {
  if (!text.trim()) return required ? "This kind has no address of its own: give one." : undefined;
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return "Not a URL. It should look like https://api.example.com/v1.";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return "Only http and https can be called.";
  if (url.username || url.password) return "Leave credentials out of the URL; add them as a key.";
  if (url.search || url.hash) return "Leave out everything from ? or # on.";
  return undefined;
}

/** The address is refused for want of a box that is folded away. */
const wantsPrivate = (error: Error | null) => fieldError(error, "base_url")?.includes("allow_private") || undefined;

const oneEach = "Every header on a line of its own, Name: value.";
const someSeconds = "A number of seconds above 0.";

const administrators = "Only an administrator may change this: a provider’s credentials go where it says.";

interface Props {
  draft: ProviderDraft;
  change: (part: Partial<ProviderDraft>) => void;
  kind: ProviderKind | undefined;
  error: Error | null;
  /** Whether the role may say where the provider is and what is sent there: credentials follow. */
  mayAddress: boolean;
  /** Only what exists can be paused: how. */
  pause?: ReactNode;
}

/** The fields that creating and editing share. */
export function ProviderFields({ draft, change, kind, error, mayAddress, pause }: Props) {
  return (
    <>
      <Field
        label="Base URL"
        optional={Boolean(kind?.base_url)}
        hint={
          !mayAddress
            ? administrators
            : kind?.base_url
              ? `Left empty: ${kind.base_url}`
              : "With or without /v1; both work."
        }
        fault={mayAddress ? urlProblem(draft.base_url, !kind?.base_url) : undefined}
        error={fieldError(error, "base_url")}
      >
        {(field) => (
          <TextInput
            {...field}
            mono
            inputMode="url"
            value={draft.base_url}
            disabled={!mayAddress}
            onChange={(base_url) => change({ base_url })}
            placeholder={kind?.base_url ?? "https://llm.example.com/v1"}
            spellCheck={false}
          />
        )}
      </Field>
      <Check
        checked={draft.active}
        onChange={(active) => change({ active })}
        label="Active"
        hint="A disabled provider serves no requests; its settings stay."
      />
      {pause && (
        <div className="field">
          <span className="label">Pause</span>
          <div className="pause-line">{pause}</div>
          <p className="hint">Acts at once. A paused provider is not called; routes go to their other targets.</p>
        </div>
      )}
      <details open={wantsPrivate(error)}>
        <summary>Parameters, headers, timeouts, private networks</summary>
        <div className="stack details-body">
          <Field
            label="Default parameters"
            optional
            hint="Members of a request body in this provider’s own form, sent unless the client said its own."
            fault={parseObject(draft.default_parameters).problem}
            error={fieldError(error, "default_parameters")}
          >
            {(field) => (
              <JsonInput
                {...field}
                rows={4}
                value={draft.default_parameters}
                onChange={(default_parameters) => change({ default_parameters })}
                placeholder={'{\n  "temperature": 0.2\n}'}
              />
            )}
          </Field>
          {kind?.dialects.includes("anthropic_messages") && (
            <Field
              label="Refused beta flags"
              optional
              hint="Flags of anthropic-beta that this upstream refuses; they are left out. May end in *."
              error={fieldError(error, "denied_betas")}
            >
              {(field) => (
                <TagInput
                  {...field}
                  values={draft.denied_betas}
                  onChange={(denied_betas) => change({ denied_betas })}
                  options={[]}
                  placeholder="context-1m-*"
                />
              )}
            </Field>
          )}
          <Check
            checked={draft.allow_private}
            onChange={(allow_private) => change({ allow_private })}
            label="May reach private addresses"
            hint={
              mayAddress
                ? "For servers of your own. Works only where the deployment allows it as well."
                : administrators
            }
            disabled={!mayAddress}
          />
          <Field
            label="Extra headers"
            optional
            hint={mayAddress ? "One per line, Name: value. Not for credentials." : administrators}
            fault={parseHeaders(draft.headers) ? undefined : oneEach}
            error={fieldError(error, "extra_headers")}
          >
            {(field) => (
              <textarea
                {...field}
                className="input mono"
                rows={3}
                value={draft.headers}
                disabled={!mayAddress}
                onChange={(event) => change({ headers: event.target.value })}
                spellCheck={false}
              />
            )}
          </Field>
          <fieldset className="fieldset two">
            <legend>Timeouts</legend>
            {phases.map((phase) => (
              <Field
                key={phase}
                label={phaseLabels[phase]}
                fault={Number(draft.timeouts[phase]) > 0 ? undefined : someSeconds}
                error={fieldError(error, `timeouts.${phase}`)}
              >
                {(field) => (
                  <TextInput
                    {...field}
                    after="seconds"
                    inputMode="decimal"
                    value={draft.timeouts[phase]}
                    onChange={(value) => change({ timeouts: { ...draft.timeouts, [phase]: value } })}
                  />
                )}
              </Field>
            ))}
          </fieldset>
        </div>
      </details>
    </>
  );
}
