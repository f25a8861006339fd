import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { dialogQuery, type Message } from "@/api/dialogs";
import { useApp, useSession } from "@/app-context";
import { paced } from "@/conversation/paced";
import { awaiting, send, stopAnswer, type Question, type Reply } from "./answer";
import { isStored, type Sending } from "./thread";
import { entitle } from "./title";
import { keepUnsent, readUnsent } from "./unsent";

/**
 * The messages that are on their way, one per dialog. Leaving the page stops none: an answer that is being written is stored, and is there when
 * somebody comes back.
 */
export function useChat() {
  const { api, fetch } = useApp();
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
    await name(dialog).catch(() => undefined);
  };

  // A title that could not be given now is given after the next answer.
  const name = async (id: string) => {
    const one = dialogQuery(api, id);
    if (queries.getQueryData(one.queryKey)?.title) return;
    const dialog = await queries.query(one);
    const named = dialog && (await entitle(api, fetch, dialog));
    if (!named) return;
    queries.setQueryData(one.queryKey, named);
    await queries.invalidateQueries({ queryKey: ["dialogs", "list"] });
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
  const stop = (dialog: string, question: string) => {
    void stopAnswer(fetch, dialog, question);
    stops.current.get(dialog)?.abort();
  };
  return { sendings, ask, stop };
}

const wasRefused = ({ reply }: Sending) => reply.state === "failed" && (reply.trouble?.status ?? 0) >= 400;
