import { Note } from "@/ui/Note";
import { Parts } from "./Parts";
import type { Answer, Asked, Turn } from "./model";

interface Props {
  asked: Asked | undefined;
  answer: Answer | undefined;
}

/** What was asked and answered, turn by turn. */
export function Conversation({ asked, answer }: Props) {
  return (
    <div className="conversation">
      {asked && asked.tools.length > 0 && (
        <p className="small muted">
          Tools it may call: <span className="mono">{asked.tools.map(({ name }) => name).join(", ")}</span>
        </p>
      )}
      <ol>
        {asked?.turns.map((turn, index) => (
          <Said key={index} turn={turn} />
        ))}
        {answer && <Answered answer={answer} />}
      </ol>
    </div>
  );
}

const words: Record<string, string> = {
  system: "System",
  developer: "Developer",
  user: "User",
  assistant: "Assistant",
  tool: "Tool",
};

/** A role as people call it; one that is not known stays as the client wrote it. */
export const roleWord = (role: string) => (Object.hasOwn(words, role) ? words[role] : role);

const Said = ({ turn }: { turn: Turn }) => (
  <li className={`turn ${turn.role === "assistant" ? "answer" : ""}`}>
    <h4>{roleWord(turn.role)}</h4>
    <Parts parts={turn.parts} />
  </li>
);

const Answered = ({ answer }: { answer: Answer }) => (
  <li className="turn answer">
    <h4>Answer {answer.finish && <span className="muted mono">{answer.finish}</span>}</h4>
    <Parts parts={answer.parts} />
    {answer.error !== undefined && (
      <Note tone="error">
        <span className="prewrap">{answer.error}</span>
      </Note>
    )}
    {!answer.ended && answer.error === undefined && (
      <Note tone="warn">What was recorded ends here, before the answer did.</Note>
    )}
  </li>
);
