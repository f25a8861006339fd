import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { tryQuery, type Role, type Stage } from "@/api/guardrails";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { Segments } from "@/ui/Field";
import { Note } from "@/ui/Note";
import { useDebounced } from "@/ui/use-debounced";
import { everyRole, faults, guardrailBody, lineMessage, lines, type GuardrailDraft } from "./guardrail-draft";
import { pieces } from "./marked-text";
import { actions, pii, roles, sortText, stages } from "./words";

const longest = 20_000;

/** A text to try a guardrail with as the form has it: what it finds is marked while one types. */
export function TryIt({ draft }: { draft: GuardrailDraft }) {
  const may = useAllowed();
  const id = useId();
  const [text, setText] = useState("");
  const [wanted, setStage] = useState<Stage>("input");
  const [role, setRole] = useState<Role>("user");
  const stage = draft.stages.includes(wanted) ? wanted : (draft.stages[0] ?? "input");
  if (!may("guardrails", "POST")) return null;
  const narrow = stage === "input" && draft.roles.length < everyRole.length;
  const sample = example(draft);
  return (
    <section className="section try-it" aria-label="Try it">
      <h3>
        Try it <span className="muted">nothing is stored or sent on</span>
      </h3>
      {draft.kind === "moderation" ? (
        <p className="muted">
          A moderation model would have to be asked, and paid. Send a request from the playground to see it work.
        </p>
      ) : (
        <>
          <div className="row wrap">
            {draft.stages.length > 1 && (
              <Segments
                label="Tried as"
                value={stage}
                onChange={setStage}
                options={draft.stages.map((value) => ({ value, label: stages[value] }))}
              />
            )}
            {narrow && (
              <Segments
                label="Said by"
                value={role}
                onChange={setRole}
                options={everyRole.map((value) => ({ value, label: roles[value].label }))}
              />
            )}
            {sample && (
              <Button size="compact" onClick={() => setText(sample)}>
                Use an example
              </Button>
            )}
          </div>
          <textarea
            id={id}
            className="input"
            rows={6}
            aria-label="Text to try"
            placeholder="Type or paste a text"
            value={text}
            maxLength={longest}
            onChange={(event) => setText(event.target.value)}
            spellCheck={false}
          />
          <Found draft={draft} stage={stage} role={narrow ? role : "user"} text={text} />
        </>
      )}
    </section>
  );
}

function Found({ draft, stage, role, text }: { draft: GuardrailDraft; stage: Stage; role: Role; text: string }) {
  const { api } = useApp();
  const finished = Object.keys(faults(draft)).length === 0;
  const guardrail = { ...guardrailBody(draft), id: draft.id.trim() || "draft" };
  const asked = useDebounced({ guardrail, stage, role, text }, 250);
  const found = useQuery({
    ...tryQuery(api, asked),
    enabled: finished && asked.text !== "",
    placeholderData: keepPreviousData,
  });
  if (text === "") return null;
  if (!finished) return <p className="muted small">It looks once the form above is finished.</p>;
  if (found.error) return <Note tone="error">{lineMessage(found.error)}</Note>;
  // While the next answer is on its way its marks would stand in the wrong places.
  if (!found.data || asked.text !== text || found.isPlaceholderData) return <p className="muted small">Looking…</p>;
  const { matches, action, text: left } = found.data;
  if (action === null) return <Note tone="ok">Nothing found: this passes as it is.</Note>;
  const sorts = [...new Set(matches.map(({ sort }) => sort))];
  return (
    <>
      <p className="tried" aria-label="What was found">
        {pieces(text, matches).map(({ text: part, sort }, index) =>
          sort === undefined ? (
            <span key={index}>{part}</span>
          ) : (
            <mark key={index} title={sortText(sort)}>
              {part}
            </mark>
          ),
        )}
      </p>
      <div role="status">
        <Note tone={action === "block" ? "error" : action === "mask" ? "warn" : "info"}>
          <strong>
            Found {matches.length}: {sorts.map(sortText).join(", ")}.
          </strong>{" "}
          {actions[action][stage]}
        </Note>
      </div>
      {action === "mask" && left !== null && (
        <div className="field">
          <span className="label">What goes on</span>
          <p className="tried">{left}</p>
        </div>
      )}
    </>
  );
}

/** A text in which the guardrail finds something; undefined where none is known. */
function example(draft: GuardrailDraft): string | undefined {
  if (draft.kind === "pii" && draft.pii.length > 0)
    return `Please write to ${draft.pii.map((kind) => pii[kind].example).join(", or ")}. Order 4711 is late.`;
  const word = lines(draft.keywords)[0];
  return draft.kind === "deny" && word ? `What do you know about ${word}, in one sentence?` : undefined;
}
