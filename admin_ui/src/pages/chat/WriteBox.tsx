import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { tokensQuery, type OwnTokens } from "@/api/dialogs";
import { useApp, useSession } from "@/app-context";
import { Composer } from "@/conversation/Composer";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Tooltip } from "@/ui/Tooltip";
import { AgentSelect, ModelSelect } from "./Choices";
import { keepUnsent, readUnsent } from "./unsent";
import { tokensText, usedUp } from "./words";

interface Props {
  /** What the unsent text belongs to: a dialog, or "new". */
  place: string;
  /** Whoever comes here wants to write. */
  begins?: boolean;
  busy: boolean;
  model: string;
  agent: string;
  onModel: (model: string) => void;
  onAgent: (agent: string) => void;
  /** Whether it was taken: a text that was not stays in the box. */
  onSend: (text: string) => Promise<boolean>;
  onStop?: () => void;
}

const longest = 100_000;
/** A phone's keyboard would cover half of the page. */
const hasKeyboard = () => window.matchMedia("(hover: hover)").matches;

/** Where the next message is written: to whom it goes, and what is left to pay for it. */
export function WriteBox({ place, begins, busy, model, agent, onModel, onAgent, onSend, onStop }: Props) {
  const { api } = useApp();
  const user = useSession()?.user.id ?? "";
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => readUnsent(sessionStorage, user, place));
  const tokens = useQuery(tokensQuery(api));
  const poor = tokens.data !== undefined && usedUp(tokens.data);
  const write = (next: string) => {
    setText(next);
    keepUnsent(sessionStorage, user, place, next);
  };
  const send = async () => {
    const asked = text.trim();
    write("");
    if (!(await onSend(asked))) write(asked);
  };
  useEffect(() => {
    if (begins && hasKeyboard()) box.current?.focus();
  }, [begins]);
  // The button that stops goes when it is done: whoever was there goes on writing.
  useEffect(() => {
    if (!busy && hasKeyboard() && document.activeElement === document.body) box.current?.focus();
  }, [busy]);
  return (
    <Composer
      enterSends
      rows={2}
      placeholder="Write a message"
      maxLength={longest}
      box={box}
      text={text}
      onText={write}
      ready={text.trim() !== "" && !busy && !poor}
      busy={busy && onStop !== undefined}
      onSend={() => void send()}
      onStop={() => onStop?.()}
      above={poor && <NoTokens tokens={tokens.data} busy={tokens.isFetching} onCheck={() => void tokens.refetch()} />}
      below={
        <div className="chat-below">
          <ModelSelect aria-label="Model" className="small" value={model} onChange={onModel} />
          <AgentSelect aria-label="Agent" className="small" value={agent} onChange={onAgent} />
          <span className="muted small wide-only">Enter sends, Shift Enter breaks the line</span>
          {tokens.data?.pays && <TokensLeft tokens={tokens.data} />}
        </div>
      }
    />
  );
}

function TokensLeft({ tokens }: { tokens: OwnTokens }) {
  const [left, exact] = tokensText(tokens);
  return (
    <Tooltip text={exact}>
      {/* The tooltip holds the exact figures, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <span className="num small end" tabIndex={0} role="status" aria-label="Token balance">
        {left}
      </span>
    </Tooltip>
  );
}

function NoTokens({ tokens, busy, onCheck }: { tokens: OwnTokens; busy: boolean; onCheck: () => void }) {
  const capped = tokens.limit !== null && tokens.total_used >= tokens.limit && tokens.balance > 0;
  return (
    <Note
      tone="error"
      action={
        <Button size="compact" icon={RotateCw} busy={busy} onClick={onCheck}>
          Check again
        </Button>
      }
    >
      <strong>{capped ? "Your token limit is reached." : "Your tokens are used up."}</strong> Messages are paid for with
      them. Ask an administrator for more; what you write here is kept.
    </Note>
  );
}
