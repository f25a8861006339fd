import { CircleStop, RotateCw, ShieldAlert } from "lucide-react";
import { memo } from "react";
import { roleWord } from "@/conversation/Conversation";
import { Prose } from "@/conversation/Prose";
import { count } from "@/format/numbers";
import { Button } from "@/ui/Button";
import { CopyIcon } from "@/ui/Copy";
import { Note } from "@/ui/Note";
import { Ago } from "@/ui/Value";
import type { Question } from "./answer";
import type { Line } from "./thread";
import { todo } from "./words";

interface Props {
  lines: readonly Line[];
  /** The model that answers where the answer does not say. */
  usual: string | undefined;
  busy: boolean;
  onAgain: (question: Question) => void;
}

/** What was said, oldest first. */
export function ThreadView({ lines, usual, busy, onAgain }: Props) {
  return (
    <ol className="thread chat-thread" aria-label="Messages">
      {lines.map((line, at) => (
        <li key={line.key} className={line.role === "user" ? "turn" : "turn answer"}>
          <Head line={line} usual={usual} at={at + 1} />
          <Body line={line} usual={usual} />
          {line.trouble && (
            <Note
              tone={line.state === "filtered" ? "warn" : "error"}
              action={
                line.again && (
                  <Button
                    size="compact"
                    icon={RotateCw}
                    disabled={busy}
                    onClick={() => line.again && onAgain(line.again)}
                  >
                    Try again
                  </Button>
                )
              }
            >
              <strong className="prewrap">{line.trouble.message}</strong>
              <div>{todo(line.trouble)}</div>
            </Note>
          )}
        </li>
      ))}
    </ol>
  );
}

function Head({ line, usual, at }: { line: Line; usual: string | undefined; at: number }) {
  const { role, model, tokens, at: time, text, state } = line;
  const who = role === "assistant" ? (model ?? usual) : undefined;
  return (
    <div className="row between">
      <h3 className="row">
        {role === "user" ? "You" : who ? <span className="mono breakable">{who}</span> : roleWord(role)}
        {state === "stopped" && (
          <span className="badge">
            <CircleStop className="icon" aria-hidden />
            stopped
          </span>
        )}
        {state === "filtered" && (
          <span className="badge">
            <ShieldAlert className="icon" aria-hidden />
            {role === "user" ? "blocked by a rule" : text ? "ended by a filter" : "held back"}
          </span>
        )}
      </h3>
      <span className="row tools small muted">
        {tokens !== undefined && <span className="num">{count(tokens)} tokens</span>}
        {time !== undefined && (
          <span className="wide-only">
            <Ago ms={time} />
          </span>
        )}
        {text && state !== "running" && <CopyIcon text={text} label={`Copy message ${at}`} />}
      </span>
    </div>
  );
}

/** Long conversations have much text, of which only the last changes. */
const Text = memo(Prose);

function Body({ line: { role, text, state, trouble }, usual }: { line: Line; usual: string | undefined }) {
  return (
    <div className="answer-text" aria-busy={state === "running"}>
      {text && <Text text={text} />}
      {state === "running" && (
        <span className="typing" role="status">
          <span className="visually-hidden">{usual ?? "The model"} is answering</span>
        </span>
      )}
      {role === "assistant" && !text && state !== "running" && !trouble && <p className="muted">No text came.</p>}
    </div>
  );
}
