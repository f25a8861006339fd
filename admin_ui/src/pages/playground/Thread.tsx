import { Pencil, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { roleWord } from "@/conversation/Conversation";
import { dialectNames, type Dialect } from "@/conversation/model";
import { Parts } from "@/conversation/Parts";
import { Prose } from "@/conversation/Prose";
import { readRequest } from "@/conversation/read-request";
import { Button, IconButton } from "@/ui/Button";
import { CopyIcon } from "@/ui/Copy";
import { AnswerView } from "./AnswerView";
import type { Said, Turn } from "./sheet";

interface Props {
  turns: readonly Turn[];
  models: readonly string[];
  dialect: Dialect;
  busy: boolean;
  edit: (id: number, side: number, text: string) => void;
  remove: (id: number) => void;
  /** Asks a turn of the user anew; what followed it goes. */
  again: (id: number) => void;
}

/** The conversation so far. Each turn can be edited and removed; of several models each has its column. */
export function Thread(props: Props) {
  return (
    <ol className="thread" aria-label="Conversation">
      {props.turns.map((turn, at) => (
        <li key={turn.id} className={`turn ${turn.role === "assistant" && !turn.raw ? "answer" : ""}`}>
          {turn.raw ? (
            <Raw {...props} turn={turn} raw={turn.raw} at={at + 1} />
          ) : (
            <Plain {...props} turn={turn} at={at + 1} />
          )}
        </li>
      ))}
    </ol>
  );
}

type One = Omit<Props, "turns"> & { turn: Turn; at: number };

function Plain({ turn, at, models, busy, edit, remove, again }: One) {
  const [editing, setEditing] = useState<number>();
  const what = `turn ${at}`;
  const answer = turn.role === "assistant";
  const shown = answer ? turn.said.slice(0, Math.max(1, models.length)) : turn.said;
  return (
    <div className={shown.length > 1 ? "sides" : "stack tight"}>
      {shown.map((said, side) => (
        <div key={side} className="side">
          <div className="row between">
            <h2>{answer ? <Speaker said={said} /> : roleWord(turn.role)}</h2>
            <span className="row tools">
              {!answer && (
                <IconButton
                  size="compact"
                  icon={RotateCw}
                  label={`Ask ${what} again; what follows is replaced`}
                  disabled={busy}
                  onClick={() => again(turn.id)}
                />
              )}
              {said.text && <CopyIcon text={said.text} label={`Copy ${what}`} />}
              <IconButton
                size="compact"
                icon={Pencil}
                label={`Edit ${what}`}
                disabled={busy}
                aria-pressed={editing === side}
                onClick={() => setEditing(editing === side ? undefined : side)}
              />
              {side === 0 && (
                <IconButton
                  size="compact"
                  icon={Trash2}
                  label={`Remove ${what}`}
                  disabled={busy}
                  onClick={() => remove(turn.id)}
                />
              )}
            </span>
          </div>
          {editing === side ? (
            <Editor
              what={what}
              text={said.text}
              onDone={(text) => {
                setEditing(undefined);
                if (text !== said.text) edit(turn.id, side, text);
              }}
            />
          ) : answer ? (
            <AnswerView said={said} name={said.outcome?.model ?? "The model"} />
          ) : (
            <Prose text={said.text} />
          )}
        </div>
      ))}
    </div>
  );
}

const Speaker = ({ said }: { said: Said }) =>
  said.outcome ? <span className="mono">{said.outcome.model}</span> : <>Assistant</>;

interface EditorProps {
  what: string;
  text: string;
  onDone: (text: string) => void;
}

function Editor({ what, text: before, onDone }: EditorProps) {
  const [text, setText] = useState(before);
  return (
    <div className="stack tight">
      <textarea
        // The button that opened it was just pressed: this is what it was pressed for.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className="input"
        rows={Math.min(16, text.split("\n").length + 2)}
        aria-label={`Text of ${what}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onDone(text);
          else if (event.key === "Escape") onDone(before);
          else return;
          event.preventDefault();
        }}
      />
      <span className="row">
        <Button size="compact" tone="primary" onClick={() => onDone(text)}>
          Done
        </Button>
        <Button size="compact" onClick={() => onDone(before)}>
          Cancel
        </Button>
      </span>
    </div>
  );
}

/** A message with calls, results or pictures: sent as its client wrote it, in its own dialect only. */
function Raw({ turn, raw, at, dialect, busy, remove }: One & { raw: NonNullable<Turn["raw"]> }) {
  const name = {
    openai_chat: "messages",
    anthropic_messages: "messages",
    openai_responses: "input",
    gemini: "contents",
  };
  const read = readRequest(raw.dialect, JSON.stringify({ [name[raw.dialect]]: [raw.value] }));
  const left = raw.dialect !== dialect;
  return (
    <div className="stack tight">
      <div className="row between">
        <h2>{roleWord(turn.role)}</h2>
        <span className="row tools">
          <IconButton
            size="compact"
            icon={Trash2}
            label={`Remove turn ${at}`}
            disabled={busy}
            onClick={() => remove(turn.id)}
          />
        </span>
      </div>
      {read?.turns.map(({ parts }, index) => (
        <Parts key={index} parts={parts} />
      ))}
      <p className="muted small">
        {left
          ? `Left out: it is written in ${dialectNames[raw.dialect]} and holds more than text.`
          : "Sent as it was recorded."}
      </p>
    </div>
  );
}
