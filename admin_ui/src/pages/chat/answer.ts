// One message of a dialog on its way: sent, and its answer read as it comes.
import type { AuthorizedFetch } from "@/api/authorized";
import { messagesPath, runPath } from "@/api/dialogs";
import { ApiError, apiError } from "@/api/errors";
import { num, obj, str } from "@/conversation/model";
import { SseReader } from "@/conversation/sse";

/** What went wrong. `status` 0: the connection; 200: it was said in the stream. */
export interface Trouble {
  status: number;
  /** One of the API's codes, such as INSUFFICIENT_TOKENS. */
  code: string;
  message: string;
}

export interface Reply {
  state: "running" | "done" | "stopped" | "failed";
  text: string;
  /** The answer's id, once it is stored. */
  messageId?: string;
  tokens?: number;
  trouble?: Trouble;
}

export const awaiting: Reply = { state: "running", text: "" };

/** A question. `id` is chosen here, so that it can be sent again without being a second one. */
export interface Question {
  id: string;
  content: string;
}

/** True for ids of one's own making that the API takes as the id of a message. */
export const newQuestionId = () => `msg_${crypto.randomUUID().replaceAll("-", "")}`;

interface Sending {
  fetch: AuthorizedFetch;
  dialog: string;
  question: Question;
  signal: AbortSignal;
  tell: (reply: Reply) => void;
}

/** The API's word for what a rule blocked, or a filter ended: sent again, it is so again. */
export const filtered = "CONTENT_FILTERED";

/** Its word for an answer that somebody stopped on purpose. */
export const stopped = "STOPPED";

const broken: Trouble = {
  status: 0,
  code: "BROKEN_OFF",
  message: "The connection was lost while the answer came.",
};

/** Sends and reads the answer to its end; never throws: what went wrong is in the reply. */
export async function send({ fetch, dialog, question, signal, tell }: Sending): Promise<void> {
  let reply = awaiting;
  const set = (part: Partial<Reply>) => {
    reply = { ...reply, ...part };
    tell(reply);
  };
  set({});
  try {
    const json = { content: question.content, message_id: question.id };
    const answer = await fetch(messagesPath(dialog), { method: "POST", json, signal });
    if (!answer.ok) {
      const body: unknown = await answer.json().catch(() => null);
      set({ state: "failed", trouble: { ...refusal(apiError(answer.status, body)), ...blocked(body) } });
      return;
    }
    await read(answer, (data) => set(after(reply, data)));
    if (reply.state === "running") set({ state: "failed", trouble: broken });
  } catch (error) {
    if (signal.aborted) set({ state: "stopped" });
    else set({ state: "failed", trouble: error instanceof ApiError ? refusal(error) : broken });
  }
}

const tries = 5;
const pause = 1000;

/**
 * Ends an answer where it is written: leaving is not seen everywhere. Its question may not be stored yet, so it is asked for some times; never
 * throws. What came until then stays, and is paid for.
 */
export async function stopAnswer(fetch: AuthorizedFetch, dialog: string, question: string): Promise<void> {
  for (let left = tries; left > 0; left -= 1) {
    const answer = await fetch(runPath(dialog, question), { method: "DELETE" }).catch(() => undefined);
    if (answer?.ok) return;
    if (left > 1) await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function read(answer: Response, tell: (data: Record<string, unknown>) => void): Promise<void> {
  if (!answer.body) return;
  const events = new SseReader();
  const body = answer.body.getReader();
  for (let piece = await body.read(); !piece.done; piece = await body.read()) {
    for (const event of events.feed(piece.value)) tell(obj(parsed(event.data)));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const refusal = ({ status, type, message }: ApiError): Trouble => ({ status, code: type, message });

/** The code of a refusal says only that something is invalid; its reason, that the words themselves are not allowed. */
const blocked = (body: unknown): Partial<Trouble> =>
  obj(obj(body).details).reason === "guardrail_blocked" ? { code: filtered } : {};

/** What an event adds to a reply: a piece of text, its end, or what went wrong. */
function after(reply: Reply, data: Record<string, unknown>): Partial<Reply> {
  const error = obj(data.error);
  if (error.code === stopped) return { state: "stopped" };
  if (str(error.message) !== undefined) {
    const trouble = { status: 200, code: str(error.code) ?? "LLM_ERROR", message: str(error.message) ?? "" };
    return { state: "failed", trouble };
  }
  const text = reply.text + (str(data.content) ?? "");
  if (data.done !== true) return { text };
  const tokens = (num(data.prompt_tokens) ?? 0) + (num(data.completion_tokens) ?? 0);
  return { text, state: "done", messageId: str(data.message_id), tokens };
}
