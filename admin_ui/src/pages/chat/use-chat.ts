import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Message } from "@/api/dialogs";
import { useApp, useSession } from "@/app-context";
import { paced } from "@/conversation/paced";
import { awaiting, send, type Question, type Reply } from "./answer";
import { isStored, type Sending } from "./thread";
import { keepUnsent, readUnsent } from "./unsent";

/**
 * The messages that are on their way, one per dialog. Leaving the page stops none: an answer that is being written is stored, and is there when
 * somebody comes back.
 */
export function useChat() {
  const { fetch } = useApp();
  const queries = useQueryClient();
  const user = useSession()?.user.id ?? "";
  const [sendings, setSendings] = useState<Readonly<Record<string, Sending>>>({});
  const stops = useRef(new Map<string, AbortController>());

  const ask = async (dialog: string, question: Question) => {
    const stop = new AbortController();
    stops.current.set(dialog, stop);
    const tell = (reply: Reply) => setSendings((all) => ({ ...all, [dialog]: { question, reply } }));
    tell(awaiting);
    await send({ fetch, dialog, question, signal: stop.signal, tell: paced(tell) });
    if (stops.current.get(dialog) === stop) stops.current.delete(dialog);
    // What is stored of it, what it cost, and where the dialog stands in the list now.
    const told = [["messages", dialog], ["one", dialog], ["tokens"], ["list"]];
    await Promise.all(told.map((part) => queries.invalidateQueries({ queryKey: ["dialogs", ...part] })));
  };

  // What was refused is stored nowhere: whoever leaves the page finds it in the box again.
  const latest = useRef(sendings);
  useEffect(() => {
    latest.current = sendings;
  }, [sendings]);
  useEffect(() => {
    const leave = () => {
      for (const [dialog, sending] of Object.entries(latest.current)) {
        const found = queries.getQueryData<{ pages: Message[][] }>(["dialogs", "messages", dialog]);
        const lost = wasRefused(sending) && !isStored(found?.pages.flat() ?? [], sending);
        if (lost && !readUnsent(sessionStorage, user, dialog)) {
          keepUnsent(sessionStorage, user, dialog, sending.question.content);
        }
      }
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [queries, user]);
  const stop = (dialog: string) => stops.current.get(dialog)?.abort();
  return { sendings, ask, stop };
}

const wasRefused = ({ reply }: Sending) => reply.state === "failed" && (reply.trouble?.status ?? 0) >= 400;
