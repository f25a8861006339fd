import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { keysQuery } from "@/api/queries";
import { planQuery, type PlanQuestion } from "@/api/routing";
import type { RouteBody } from "@/api/types";
import { useApp } from "@/app-context";
import { parseObject } from "@/format/json";
import { Field, Select, TextInput } from "@/ui/Field";
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
}

interface Request {
  key_id: string;
  model: string;
  headers: string;
  body: string;
}

const example = JSON.stringify({ max_tokens: 1024, messages: [{ role: "user", content: "Hello" }] }, null, 2);

/** Asks where a request would go, without sending it: as soon as something changes. */
export function DryRun({ draft, unfinished }: Props) {
  const { api } = useApp();
  const keys = useQuery(keysQuery(api)).data;
  const [asked, setAsked] = useState<Request>({ key_id: "", model: "", headers: "", body: example });
  const key_id = asked.key_id || keys?.find((key) => key.active)?.id || "";
  const model = draft === undefined ? asked.model.trim() : (draft?.id ?? "");
  const headers = parseObject(asked.headers);
  const body = parseObject(asked.body);
  const change = (part: Partial<Request>) => setAsked({ ...asked, ...part });
  const question =
    draft === null || !key_id || !model || !headers.value || !body.value
      ? null
      : { key_id, model, headers: texts(headers.value), body: body.value, ...(draft ? { draft_route: draft } : {}) };
  return (
    <div className="stack dry-run">
      <fieldset className="fieldset two">
        <Field label="Virtual key">
          {(field) => (
            <Select
              {...field}
              value={key_id}
              onChange={(id) => change({ key_id: id })}
              options={(keys ?? []).map(({ id, name, active }) => ({
                value: id,
                label: active ? name : `${name} (disabled)`,
              }))}
            />
          )}
        </Field>
        {draft === undefined && (
          <Field label="Model" hint="A route, provider/model, or a model.">
            {(field) => (
              <TextInput
                {...field}
                mono
                value={asked.model}
                onChange={(text) => change({ model: text })}
                placeholder="smart"
                spellCheck={false}
                autoComplete="off"
              />
            )}
          </Field>
        )}
      </fieldset>
      <details>
        <summary>Headers and body of the request</summary>
        <div className="stack details-body">
          <RecentRequests
            onPick={(row) =>
              change({
                ...(draft === undefined ? { model: row.model } : {}),
                headers: row.headers,
                body: row.body ?? asked.body,
              })
            }
          />
          <Field label="Headers" optional error={headers.problem}>
            {(field) => (
              <JsonInput
                {...field}
                rows={3}
                value={asked.headers}
                onChange={(text) => change({ headers: text })}
                placeholder={'{ "x-team": "ml" }'}
              />
            )}
          </Field>
          <Field label="Body" error={body.problem}>
            {(field) => (
              <JsonInput {...field} rows={7} value={asked.body} onChange={(text) => change({ body: text })} />
            )}
          </Field>
        </div>
      </details>
      {keys?.length === 0 && (
        <Note tone="warn">There is no virtual key yet: a request needs one. Create it under Keys.</Note>
      )}
      {draft === null && unfinished && <Note>Not finished: {unfinished}</Note>}
      <Answer question={question} />
    </div>
  );
}

const texts = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

function Answer({ question }: { question: PlanQuestion | null }) {
  const { api } = useApp();
  const settled = useDebounced(question, 350);
  const plan = useQuery({
    ...planQuery(api, settled ?? { key_id: "", model: "", headers: {}, body: {} }),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
  });
  if (settled === null && !plan.data) return null;
  return (
    <div
      className="plan"
      aria-live="polite"
      aria-busy={plan.isFetching || JSON.stringify(question) !== JSON.stringify(settled)}
    >
      {plan.error && <LoadProblem error={plan.error} retry={() => void plan.refetch()} />}
      {plan.isPending && settled && (
        <div className="stack tight">
          <Skeleton width={40} height={52} />
          <Skeleton width={40} height={52} />
        </div>
      )}
      {plan.data && !plan.error && <PlanView plan={plan.data} />}
    </div>
  );
}
