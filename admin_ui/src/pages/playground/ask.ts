// One request to the gateway as any client would make it, and what is known of it while its answer comes.
import { keyHeader, type Call } from "@/conversation/asking";
import { isDialect, textOf, type Answer, type Counts, type Part } from "@/conversation/model";
import { AnswerReader, errorText } from "@/conversation/read-answer";
import { parsed } from "@/conversation/read-request";
import { SseReader } from "@/conversation/sse";

/** What happened, and what to do about it. */
export interface Trouble {
  what: string;
  todo: string;
}

export interface Outcome {
  state: "running" | "done" | "stopped" | "failed";
  model: string;
  /** Text alone, as the next request repeats it. */
  text: string;
  /** Thoughts and calls as well. */
  parts: Part[];
  finish?: string;
  counts?: Counts;
  status?: number;
  requestId?: string;
  /** Provider and model that answered. */
  target?: string;
  losses: string[];
  firstMs?: number;
  totalMs?: number;
  trouble?: Trouble;
}

export const waiting = (model: string): Outcome => ({ state: "running", model, text: "", parts: [], losses: [] });

interface Asking {
  call: Call;
  key: string;
  model: string;
  signal: AbortSignal;
  tell: (outcome: Outcome) => void;
  fetch?: typeof globalThis.fetch;
  now?: () => number;
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Asks and reads the answer to its end; never throws: what went wrong is in the outcome. */
export async function ask({
  call,
  key,
  model,
  signal,
  tell,
  fetch = globalThis.fetch,
  now = () => performance.now(),
}: Asking) {
  const began = now();
  let outcome = waiting(model);
  const set = (part: Partial<Outcome>) => {
    outcome = { ...outcome, ...part };
    tell(outcome);
  };
  const end = (part: Partial<Outcome>) => set({ ...part, totalMs: now() - began });
  try {
    const [name, before] = keyHeader(call.dialect);
    const headers = new Headers([...call.headers, [name, before + key]]);
    const reply = await fetch(call.path, {
      method: call.method,
      headers,
      body: call.body,
      signal,
      credentials: "omit",
    });
    set(facts(reply));
    if (reply.ok) await read(reply, call.dialect, (answer) => set(shown(answer, outcome.firstMs ?? now() - began)));
    else {
      end({ state: "failed", trouble: refusal(reply, await reply.text()) });
      return;
    }
    end(outcome.trouble ? { state: "failed" } : { state: "done" });
  } catch (error) {
    const left = error instanceof DOMException && error.name === "AbortError";
    if (left || signal.aborted) end({ state: "stopped" });
    else end({ state: "failed", trouble: lost(outcome) });
  } finally {
    // Whoever asked may already have heard it; the last word is said once more, so that nothing that was held back is missing.
    tell(outcome);
  }
}

const facts = (reply: Response): Partial<Outcome> => ({
  status: reply.status,
  requestId: reply.headers.get("x-gateway-request-id") ?? undefined,
  target: maybe(reply.headers.get("x-gateway-target"), decoded),
  losses: (reply.headers.get("x-gateway-losses") ?? "").split(/,\s*/).filter(Boolean),
});

const maybe = <T>(value: string | null, make: (value: string) => T): T | undefined => (value ? make(value) : undefined);

function shown(answer: Answer, firstMs: number): Partial<Outcome> {
  const { parts, finish, counts, error } = answer;
  const begun = parts.length > 0;
  return {
    parts,
    finish,
    counts,
    text: textOf(parts),
    ...(begun ? { firstMs } : {}),
    ...(error === undefined ? {} : { trouble: { what: error, todo: afterBegin } }),
  };
}

const afterBegin = "What came before stays. Its log entry says where it failed; ask again, or choose another model.";

/** Tells the answer after every piece. An answer that ends without its end is a trouble, too. */
async function read(reply: Response, dialect: string, tell: (answer: Answer) => void): Promise<void> {
  if (!isDialect(dialect) || !reply.body) return;
  const answer = new AnswerReader(dialect);
  const events = new SseReader();
  const whole = !(reply.headers.get("content-type") ?? "").startsWith("text/event-stream");
  if (whole) answer.value(parsed(await reply.text()));
  else {
    const body = reply.body.getReader();
    for (let piece = await body.read(); !piece.done; piece = await body.read()) {
      for (const event of events.feed(piece.value)) answer.event(event);
      tell(answer.answer());
    }
  }
  const last = answer.answer();
  tell(last.ended || last.error !== undefined ? last : { ...last, error: "The answer broke off before its end." });
}

const lost = ({ status }: Outcome): Trouble =>
  status === undefined
    ? {
        what: "The gateway could not be reached.",
        todo: "Check your connection, then ask again. Your texts are kept.",
      }
    : { what: "The connection was lost while the answer came.", todo: afterBegin };

/** A refusal in the words of the gateway or the provider, and what one can do. */
function refusal(reply: Response, body: string): Trouble {
  const said = errorText(parsed(body)) ?? body.trim().slice(0, 500);
  const what = said || `The gateway answered ${reply.status}.`;
  return { what, todo: todo(reply.status, reply.headers.get("retry-after")) };
}

function todo(status: number, retryAfter: string | null): string {
  if (status === 401) return "The key that this page uses has ended. Ask again: it gets a new one.";
  if (status === 402) return "A budget is used up. Raise it, or wait until its period ends.";
  if (status === 403) return "A limit or a rule of the gateway forbids it. Choose another model, or ask who set it.";
  if (status === 404) return "Choose a model or a route that exists; the list beside the field has them all.";
  if (status === 429) {
    const wait = retryAfter && /^\d+$/.test(retryAfter) ? `Wait ${retryAfter} s` : "Wait a moment";
    return `${wait}, then ask again, or choose another model. The log entry says whose limit it was.`;
  }
  if (status < 500) return "Change what the message names: a setting, a turn of the conversation, or the dialect.";
  return "Its log entry shows every attempt. Ask again, or choose another model.";
}
