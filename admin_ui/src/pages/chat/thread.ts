// What is seen of a dialog: what is stored of it, and the message that is on its way.
import type { Message } from "@/api/dialogs";
import { filtered, stopped, type Question, type Reply, type Trouble } from "./answer";

/** A message that was sent from this page and whose end is not stored yet, or never will be. */
export interface Sending {
  question: Question;
  reply: Reply;
}

export interface Line {
  key: string;
  role: Message["role"];
  text: string;
  model?: string;
  /** Tokens that it cost. */
  tokens?: number;
  /** Unix ms. */
  at?: number;
  /** `filtered`: a filter ended the answer, or a rule blocked the question; nothing mends it. */
  state: "running" | "whole" | "stopped" | "filtered" | "failed";
  trouble?: Trouble;
  /** What is sent once more to mend it: under its old id, so that it stays one message. */
  again?: Question;
}

/** The data plane's words for what nobody waited for: what had come by then is the answer, and sending the same id again gives it again. */
const ended = new Set(["client_gone", stopped]);

/** The lines of a conversation, oldest first. */
export function linesOf(messages: readonly Message[], sending?: Sending): Line[] {
  const lines: Line[] = [];
  let question: Question | undefined;
  let live = sending;
  for (const message of messages) {
    if (message.role === "user") question = { id: message.id, content: message.content };
    const sent = sending && question?.id === sending.question.id;
    if (sent && message.role === "assistant") continue;
    lines.push(stored(message, sent ? undefined : question));
    if (sent && live) {
      lines.push(answering(live));
      live = undefined;
    }
  }
  return live ? [...lines, asked(live.question), answering(live)] : lines;
}

const asked = ({ id, content }: Question): Line => ({ key: id, role: "user", text: content, state: "whole" });

function stored(message: Message, again: Question | undefined): Line {
  const { id, role, content, model, error, prompt_tokens, completion_tokens, created_at } = message;
  const tokens = prompt_tokens + completion_tokens;
  const line: Line = {
    key: id,
    role,
    text: content,
    model: model ?? undefined,
    tokens: role === "assistant" && tokens > 0 ? tokens : undefined,
    at: Date.parse(created_at) || undefined,
    state: "whole",
  };
  if (!error) return line;
  // What is being sent again is not broken for the moment.
  if (role === "user" && !again) return line;
  if (ended.has(error.code)) return { ...line, state: "stopped" };
  if (error.code === filtered) return { ...line, state: "filtered", trouble: { status: 200, ...error } };
  return { ...line, state: "failed", trouble: { status: 200, ...error }, again };
}

function answering({ question, reply }: Sending): Line {
  const { text, tokens, trouble } = reply;
  const state = trouble?.code === filtered ? "filtered" : reply.state;
  return {
    key: `answer to ${question.id}`,
    role: "assistant",
    text,
    tokens,
    state: state === "done" ? "whole" : state,
    trouble,
    again: state === "failed" ? question : undefined,
  };
}

/** One failure is told once: a question without an answer whose answer, half of it, stands below tells nothing itself. */
export function toldOnce(lines: readonly Line[]): Line[] {
  return lines.map((line, at) =>
    line.role === "user" && line.state === "failed" && lines[at + 1]?.role === "assistant"
      ? { ...line, state: "whole", trouble: undefined, again: undefined }
      : line,
  );
}

/** Answers take this long at most to be given up; then the same message can be sent again. */
const patience = 90_000;

/**
 * The line of an answer that is on its way though nobody here waits for it: asked in another tab, or before this page was loaded anew. After a
 * while whoever was at work on it is gone.
 */
export function awaited(messages: readonly Message[], now: number): Line | undefined {
  const last = messages.at(-1);
  if (last?.role !== "user" || last.error) return undefined;
  const line: Line = { key: `answer to ${last.id}`, role: "assistant", text: "", state: "running" };
  if (now - (Date.parse(last.created_at) || 0) < patience) return line;
  const trouble = { status: 200, code: "INTERRUPTED", message: "No answer came." };
  return { ...line, state: "failed", trouble, again: { id: last.id, content: last.content } };
}

/** Whether the end of a sending is stored, so that what is stored can be shown in its place. */
export const isStored = (messages: readonly Message[], { question, reply }: Sending): boolean =>
  reply.state !== "running" &&
  messages.some(
    ({ id, error }, at) => id === question.id && (error !== null || messages[at + 1]?.role === "assistant"),
  );

/** What a dialog is called. */
export const nameOf = ({ title }: { title: string | null }): string => title?.trim() || "Untitled";
