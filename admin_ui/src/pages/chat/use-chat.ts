import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useApp } from "@/app-context";
import { paced } from "@/conversation/paced";
import { awaiting, send, type Question, type Reply } from "./answer";
import type { Sending } from "./thread";

/**
 * The messages that are on their way, one per dialog. Leaving the page stops none: an answer that is being written is stored, and is there when
 * somebody comes back.
 */
export function useChat() {
  const { fetch } = useApp();
  const queries = useQueryClient();
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
  const stop = (dialog: string) => stops.current.get(dialog)?.abort();
  return { sendings, ask, stop };
}
