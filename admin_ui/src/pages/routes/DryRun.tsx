import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Dices } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/api/errors";
import { keysQuery, modelsQuery, routesQuery } from "@/api/queries";
import { planQuery, type Dialect, type PlanQuestion } from "@/api/routing";
import type { RouteBody } from "@/api/types";
import { useApp } from "@/app-context";
import { parseObject } from "@/format/json";
import { dialectName } from "@/pages/providers/NewProvider";
import { Button } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { Field, Select } from "@/ui/Field";
import { JsonInput } from "@/ui/JsonInput";
import { Note } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useDebounced } from "@/ui/use-debounced";
import { PlanView } from "./PlanView";
import { RecentRequests } from "./RecentRequests";

interface Props {
  /** The route as the form has it, also unsaved; absent: what is published. Null: it cannot be sent yet, because of `unfinished`. */
  draft?: RouteBody | null;
  unfinished?: string;
  /** Without a draft: the name that the request asks for. */
  model?: string;
  onModel?: (model: string) => void;
}

interface Request {
  key_id: string;
  dialect: Dialect;
  headers: string;
  body: string;
  /** The request's chance, the same while it is edited: the order changes only when something else does. */
  seed: number;
  turn: number;
}

const dialects: readonly Dialect[] = [
  "openai_chat",
  "openai_responses",
  "openai_embeddings",
  "anthropic_messages",
  "gemini",
];
export const isDialect = (word: string): word is Dialect => (dialects as readonly string[]).includes(word);

const example = JSON.stringify({ messages: [{ role: "user", content: "Hello" }], max_tokens: 1024 }, null, 2);
const draw = () => Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);

/** Asks where a request would go, without sending it: as soon as something changes. */
export function DryRun({ draft, unfinished, model = "", onModel }: Props) {
  const { api } = useApp();
  const keys = useQuery({ ...keysQuery(api), staleTime: 60_000 }).data ?? [];
  const [asked, setAsked] = useState<Request>(() => ({
    key_id: "",
    dialect: "openai_chat",
    headers: "",
    body: example,
    seed: draw(),
    turn: 0,
  }));
  const change = (part: Partial<Request>) => setAsked((old) => ({ ...old, ...part }));
  const question = questionOf(asked, draft ?? model.trim(), draft === null);
  return (
    <div className="stack dry-run">
      <fieldset className="fieldset two">
        {onModel && <ModelName value={model} onChange={onModel} />}
        <Field label="Virtual key">
          {(field) => (
            <Select
              {...field}
              value={asked.key_id}
              onChange={(key_id) => change({ key_id })}
              options={[
                { value: "", label: "Any, without limits" },
                ...keys.map(({ id, name, active }) => ({ value: id, label: active ? name : `${name} (disabled)` })),
              ]}
            />
          )}
        </Field>
      </fieldset>
      <RequestFields asked={asked} change={change} onModel={onModel} />
      {draft === null && unfinished && <Note>Not finished: {unfinished}</Note>}
      <Answer question={question} />
      {question && (
        <div className="row">
          <Button
            size="compact"
            icon={Dices}
            title="Another turn and another draw, as the next request would have"
            onClick={() => change({ seed: draw(), turn: asked.turn + 1 })}
          >
            As the next request
          </Button>
        </div>
      )}
    </div>
  );
}

/** What is asked of the API; null while something is missing or cannot be read. */
function questionOf(asked: Request, what: RouteBody | string, unfinished: boolean): PlanQuestion | null {
  const headers = parseObject(asked.headers).value;
  const body = parseObject(asked.body).value;
  if (unfinished || !headers || !body || what === "") return null;
  const { dialect, seed, turn } = asked;
  const about = typeof what === "string" ? { model: what } : { draft_route: what };
  return { ...about, dialect, headers: texts(headers), body, key_id: asked.key_id || null, seed, turn };
}

const texts = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );

/** The name a client would send: a route's, a model's, or any other. */
function ModelName({ value, onChange }: { value: string; onChange: (model: string) => void }) {
  const { api } = useApp();
  const routes = useQuery({ ...routesQuery(api), staleTime: 60_000 }).data ?? [];
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const names = [
    ...routes.map(({ id }) => ({ value: id, note: "route" })),
    ...models.map(({ id, provider }) => ({ value: id, note: provider })),
  ];
  const exact = names.some((name) => name.value === value);
  return (
    <Field label="Model" hint="A route, provider/model, or a model.">
      {(field) => (
        <Combobox
          {...field}
          over
          text={value}
          onText={onChange}
          onPick={(name) => onChange(name.value)}
          options={names.filter((name) => exact || name.value.toLowerCase().includes(value.toLowerCase()))}
          listLabel="Routes and models"
          placeholder="smart"
        />
      )}
    </Field>
  );
}

interface FieldsProps {
  asked: Request;
  change: (part: Partial<Request>) => void;
  /** Where the request names its model. */
  onModel: Props["onModel"];
}

function RequestFields({ asked, change, onModel }: FieldsProps) {
  return (
    <details>
      <summary>Headers and body of the request</summary>
      <div className="stack details-body">
        <RecentRequests
          onPick={(row) => {
            onModel?.(row.model);
            change({
              ...(isDialect(row.dialect) ? { dialect: row.dialect } : {}),
              headers: row.headers,
              body: row.body ?? asked.body,
            });
          }}
        />
        <Field label="Headers" optional error={parseObject(asked.headers).problem}>
          {(field) => (
            <JsonInput
              {...field}
              rows={3}
              value={asked.headers}
              onChange={(headers) => change({ headers })}
              placeholder={'{ "x-team": "ml" }'}
            />
          )}
        </Field>
        <Field label="Protocol">
          {(field) => (
            <Select
              {...field}
              value={asked.dialect}
              onChange={(dialect) => change({ dialect: dialect as Dialect })}
              options={dialects.map((value) => ({ value, label: dialectName(value) }))}
            />
          )}
        </Field>
        <Field label="Body" error={parseObject(asked.body).problem}>
          {(field) => <JsonInput {...field} rows={7} value={asked.body} onChange={(body) => change({ body })} />}
        </Field>
      </div>
    </details>
  );
}

function Answer({ question }: { question: PlanQuestion | null }) {
  const { api } = useApp();
  const settled = useDebounced(question, 350);
  const plan = useQuery({
    ...planQuery(api, settled ?? { dialect: "openai_chat", headers: {}, body: {}, key_id: null, seed: 0, turn: 0 }),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  });
  if (settled === null || question === null) return null;
  const waiting = plan.isFetching || JSON.stringify(question) !== JSON.stringify(settled);
  return (
    <div className="plan" role="region" aria-label="Plan" aria-live="polite" aria-busy={waiting}>
      {plan.error && <Refused error={plan.error} retry={() => void plan.refetch()} />}
      {plan.isPending && (
        <div className="stack tight">
          <Skeleton width={40} height={52} />
          <Skeleton width={40} height={52} />
        </div>
      )}
      {plan.data && !plan.error && <PlanView plan={plan.data} />}
    </div>
  );
}

/** A draft that does not fit yet is no failure; its message says what is missing. */
function Refused({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 422) return <Note>Not finished: {error.message}</Note>;
  return <LoadProblem error={error} retry={retry} />;
}
