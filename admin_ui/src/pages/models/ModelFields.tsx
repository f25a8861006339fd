import { fieldError } from "@/api/errors";
import type { CatalogEntry, Model, ModelKind, Price, PriceTier, Provider } from "@/api/types";
import { count, isDecimal } from "@/format/numbers";
import { Button } from "@/ui/Button";
import { Check, Field, Select, TextInput } from "@/ui/Field";
import { Note } from "@/ui/Note";

const textNames = [
  "input",
  "output",
  "cache_read",
  "cache_write_5m",
  "cache_write_1h",
  "reasoning",
  "request",
] as const;
const mediaNames = [
  "per_image_input",
  "per_image_output",
  "image_input",
  "image_output",
  "per_second_input",
  "per_second_output",
  "audio_input",
  "audio_output",
  "per_character",
] as const;
const priceNames = [...textNames, ...mediaNames];
type PriceName = (typeof priceNames)[number];
/** Parts of a price that this form does not show: tiers of size and of service. */
type PriceRest = Omit<Price, PriceName>;

/** What the model forms hold, as text where people type. */
export interface ModelDraft {
  provider: string;
  upstream_model: string;
  kind: ModelKind;
  display_name: string;
  context_window: string;
  max_output_tokens: string;
  active: boolean;
  price: Record<PriceName, string>;
  /** Kept as the model or the catalog has them. */
  rest: PriceRest;
}

const noPrice = Object.fromEntries(priceNames.map((name) => [name, ""])) as Record<PriceName, string>;

export const blankModel = (provider: string): ModelDraft => ({
  provider,
  upstream_model: "",
  kind: "chat",
  display_name: "",
  context_window: "",
  max_output_tokens: "",
  active: true,
  price: noPrice,
  rest: {},
});

const priceDraft = (price: Price | null | undefined): Record<PriceName, string> =>
  price
    ? (Object.fromEntries(
        priceNames.map((name) => [name, name === "request" && price.request === "0" ? "" : (price[name] ?? "")]),
      ) as Record<PriceName, string>)
    : noPrice;

const restOf = (price: Price | null | undefined): PriceRest =>
  Object.fromEntries(Object.entries(price ?? {}).filter(([name]) => !priceNames.some((shown) => shown === name)));

const digits = (value: number | null | undefined) => (value == null ? "" : String(value));

/** Facts that a model and a catalog entry have in common. */
const facts = (entry: CatalogEntry | Model) => ({
  upstream_model: entry.upstream_model,
  kind: entry.kind,
  context_window: digits(entry.context_window),
  max_output_tokens: digits(entry.max_output_tokens),
  price: priceDraft(entry.price),
  rest: restOf(entry.price),
});

export const withFacts = (draft: ModelDraft, entry: CatalogEntry): ModelDraft => ({ ...draft, ...facts(entry) });

export const modelDraft = (model: Model): ModelDraft => ({
  ...facts(model),
  provider: model.provider,
  display_name: model.display_name ?? "",
  active: model.active,
});

/** The price of a request body; null = unpriced. Throws an Error in words when it is half given or no decimal. */
export function priceOf(draft: Record<PriceName, string>, rest: PriceRest = {}): Price | null {
  const given = priceNames.filter((name) => draft[name].trim());
  if (given.length === 0) return null;
  for (const name of given) {
    if (!isDecimal(draft[name].trim()))
      throw new Error(`The price “${draft[name]}” is not a plain decimal number such as 0.15.`);
  }
  if (needsTokens(draft) && (!draft.input.trim() || !draft.output.trim()))
    throw new Error("A price needs both input and output; leave all prices empty for an unpriced model.");
  const optional = (name: PriceName) => draft[name].trim() || null;
  return {
    ...rest,
    input: draft.input.trim() || "0",
    output: draft.output.trim() || "0",
    cache_read: optional("cache_read"),
    cache_write_5m: optional("cache_write_5m"),
    cache_write_1h: optional("cache_write_1h"),
    reasoning: optional("reasoning"),
    request: draft.request.trim() || "0",
    ...Object.fromEntries(mediaNames.filter((name) => draft[name].trim()).map((name) => [name, draft[name].trim()])),
  };
}

/** Whether something is billed by the token: a price by pictures, seconds, characters or requests alone needs no other. */
const needsTokens = (draft: Record<PriceName, string>) =>
  priceNames.some((name) => draft[name].trim() && !name.startsWith("per_") && name !== "request");

/** What is wrong with one of the prices; input and output belong together. */
function priceFault(draft: Record<PriceName, string>, name: PriceName): string | undefined {
  const text = draft[name].trim();
  if (text) return isDecimal(text) ? undefined : "A plain decimal number such as 0.15.";
  const needed = name === "input" || name === "output";
  return needed && needsTokens(draft) ? "Needed beside the other prices." : undefined;
}

const bare = (text: string) => text.replaceAll(/[\s,_]/g, "");

function tokenFault(text: string): string | undefined {
  const plain = bare(text);
  return !plain || (/^[0-9]{1,10}$/.test(plain) && Number(plain) >= 1) ? undefined : "A whole number of tokens.";
}

function tokens(text: string, what: string): number | null {
  if (tokenFault(text)) throw new Error(`${what} must be a whole number of tokens.`);
  return bare(text) ? Number(bare(text)) : null;
}

/** The part of a request body that creating and editing share. */
export const modelBody = (draft: ModelDraft) => ({
  provider: draft.provider,
  upstream_model: draft.upstream_model.trim() || null,
  kind: draft.kind,
  display_name: draft.display_name.trim() || null,
  context_window: tokens(draft.context_window, "The context window"),
  max_output_tokens: tokens(draft.max_output_tokens, "The longest output"),
  price: priceOf(draft.price, draft.rest),
  active: draft.active,
});

type ModelBody = ReturnType<typeof modelBody>;

/** What a changed form says: only what was changed, so that what the catalog had filled in may follow another upstream name. */
export function modelChanges(initial: ModelDraft, draft: ModelDraft): Partial<ModelBody> {
  const before = modelBody(initial);
  const after = modelBody(draft);
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !same(value, before[name as keyof ModelBody])),
  );
}

/** A new model's body. A price that is the catalog's is left out: it is filled in, and its provider's prices and factor hold for it. */
export function newModelBody(
  draft: ModelDraft,
  kind: string | undefined,
  entry: CatalogEntry | null,
): Omit<ModelBody, "price"> & Partial<ModelBody> {
  const { price, ...body } = modelBody(draft);
  if (entry?.price && entry.provider_kind === kind && entry.upstream_model === body.upstream_model) {
    if (same(price, priceOf(priceDraft(entry.price), restOf(entry.price)))) return body;
  }
  return { ...body, price };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const kinds: { value: ModelKind; label: string }[] = [
  { value: "chat", label: "Chat" },
  { value: "embedding", label: "Embedding" },
  { value: "image", label: "Image" },
  { value: "speech", label: "Speech" },
  { value: "transcription", label: "Transcription" },
  { value: "moderation", label: "Moderation" },
  { value: "rerank", label: "Rerank" },
];

const labels: Record<PriceName, { label: string; hint?: string; unit: string }> = {
  input: { label: "Input", unit: "/ M tokens" },
  output: { label: "Output", unit: "/ M tokens" },
  cache_read: { label: "Cache read", hint: "Empty: the input price", unit: "/ M tokens" },
  cache_write_5m: { label: "Cache write, 5 min", hint: "Empty: the input price", unit: "/ M tokens" },
  cache_write_1h: { label: "Cache write, 1 h", hint: "Empty: the input price", unit: "/ M tokens" },
  reasoning: { label: "Reasoning", hint: "Empty: the output price", unit: "/ M tokens" },
  request: { label: "Per request", hint: "Added to every request; of reranking, to every search", unit: "/ request" },
  per_image_input: { label: "Picture given", unit: "/ picture" },
  per_image_output: { label: "Picture made", hint: "Where neither size nor quality decide", unit: "/ picture" },
  image_input: { label: "Pictures given, tokens", hint: "Empty: the input price", unit: "/ M tokens" },
  image_output: { label: "Pictures made, tokens", hint: "Empty: the output price", unit: "/ M tokens" },
  per_second_input: { label: "Sound heard", unit: "/ second" },
  per_second_output: { label: "Sound made", unit: "/ second" },
  audio_input: { label: "Sound heard, tokens", hint: "Empty: the input price", unit: "/ M tokens" },
  audio_output: { label: "Sound made, tokens", hint: "Empty: the output price", unit: "/ M tokens" },
  per_character: { label: "Characters spoken", unit: "/ M characters" },
};

const mediaOf: Partial<Record<ModelKind, readonly PriceName[]>> = {
  embedding: ["per_image_input"],
  image: ["per_image_output", "per_image_input", "image_input", "image_output"],
  speech: ["per_character", "per_second_output", "audio_output"],
  transcription: ["per_second_input", "audio_input"],
};

interface Props {
  draft: ModelDraft;
  change: (part: Partial<ModelDraft>) => void;
  providers: Provider[];
  error: Error | null;
}

/** Provider, facts and price. */
export function ModelFields({ draft, change, providers, error }: Props) {
  const tiers = draft.rest.tiers ?? [];
  const usual = mediaOf[draft.kind] ?? [];
  const media = mediaNames.filter((name) => usual.includes(name) || draft.price[name]);
  const price = (name: PriceName) => {
    const { label, hint, unit } = labels[name];
    return (
      <Field
        key={name}
        label={label}
        hint={hint}
        fault={priceFault(draft.price, name)}
        error={fieldError(error, `price.${name}`)}
      >
        {(field) => (
          <TextInput
            {...field}
            before="$"
            after={unit}
            inputMode="decimal"
            value={draft.price[name]}
            onChange={(value) => change({ price: { ...draft.price, [name]: value } })}
          />
        )}
      </Field>
    );
  };
  return (
    <>
      <fieldset className="fieldset two">
        <Field label="Upstream name" hint="What the provider calls it." error={fieldError(error, "upstream_model")}>
          {(field) => (
            <TextInput
              {...field}
              mono
              value={draft.upstream_model}
              onChange={(upstream_model) => change({ upstream_model })}
              spellCheck={false}
              maxLength={512}
            />
          )}
        </Field>
        <Field label="Provider" error={fieldError(error, "provider")}>
          {(field) => (
            <Select
              {...field}
              value={draft.provider}
              onChange={(provider) => change({ provider })}
              options={providers.map((item) => ({ value: item.id, label: item.name }))}
            />
          )}
        </Field>
        <Field label="Kind" error={fieldError(error, "kind")}>
          {(field) => (
            <Select
              {...field}
              value={draft.kind}
              onChange={(kind) => change({ kind: kind as ModelKind })}
              options={kinds}
            />
          )}
        </Field>
        <Field label="Display name" optional error={fieldError(error, "display_name")}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.display_name}
              onChange={(display_name) => change({ display_name })}
              maxLength={200}
            />
          )}
        </Field>
        <Field
          label="Context window"
          optional
          fault={tokenFault(draft.context_window)}
          error={fieldError(error, "context_window")}
        >
          {(field) => (
            <TextInput
              {...field}
              after="tokens"
              inputMode="numeric"
              value={draft.context_window}
              onChange={(context_window) => change({ context_window })}
            />
          )}
        </Field>
        <Field
          label="Longest output"
          optional
          fault={tokenFault(draft.max_output_tokens)}
          error={fieldError(error, "max_output_tokens")}
        >
          {(field) => (
            <TextInput
              {...field}
              after="tokens"
              inputMode="numeric"
              value={draft.max_output_tokens}
              onChange={(max_output_tokens) => change({ max_output_tokens })}
            />
          )}
        </Field>
      </fieldset>
      <fieldset className="fieldset two">
        <legend>Price in US dollars</legend>
        {textNames.slice(0, 2).map(price)}
      </fieldset>
      {media.length > 0 && (
        <details open>
          <summary>Prices of pictures and sounds</summary>
          <div className="fieldset two details-body">{media.map(price)}</div>
        </details>
      )}
      {!priceNames.some((name) => draft.price[name]) && (
        <Note tone="warn">Without a price, requests to this model are logged without a cost.</Note>
      )}
      <details>
        <summary>Prices of cache, reasoning and requests</summary>
        <div className="fieldset two details-body">{textNames.slice(2).map(price)}</div>
      </details>
      {tiers.length > 0 && <Tiers tiers={tiers} onRemove={() => change({ rest: { ...draft.rest, tiers: [] } })} />}
      <Check
        checked={draft.active}
        onChange={(active) => change({ active })}
        label="Active"
        hint="A disabled model is unknown to clients."
      />
    </>
  );
}

/** Prices of long inputs: shown and kept, or removed as a whole. */
function Tiers({ tiers, onRemove }: { tiers: PriceTier[]; onRemove: () => void }) {
  return (
    <Note
      action={
        <Button size="compact" onClick={onRemove}>
          Remove
        </Button>
      }
    >
      {tiers.map((tier) => (
        <div key={tier.above} className="num">
          Input above {count(tier.above)} tokens: ${tier.input} / ${tier.output} per M tokens, for the whole request.
        </div>
      ))}
    </Note>
  );
}
