import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { playgroundKeyQuery } from "@/api/playground";
import { ApiError } from "@/api/errors";
import { useApp, useSession } from "@/app-context";
import { callOf } from "@/conversation/asking";
import type { Dialect } from "@/conversation/model";
import { paced } from "@/conversation/paced";
import { ask, waiting, type Outcome } from "./ask";
import { begun, keep, linesFor, restore, told, upTo, type Sheet } from "./sheet";

/** The sheet of the signed-in user, kept over a reload, and the requests that are under way for it. */
export function usePlayground() {
  const { api } = useApp();
  const queries = useQueryClient();
  const user = useSession()?.user.id ?? "";
  const [sheet, setSheet] = useState(() => restore(sessionStorage, user));
  const [kept, setKept] = useState(true);
  const running = useRef(new Set<AbortController>());
  const [busy, setBusy] = useState(0);
  const latest = useRef(sheet);

  useEffect(() => {
    latest.current = sheet;
    const timer = setTimeout(() => setKept(keep(sessionStorage, user, sheet)), 300);
    return () => clearTimeout(timer);
  }, [sheet, user]);
  useEffect(() => {
    const save = () => void keep(sessionStorage, user, latest.current);
    window.addEventListener("pagehide", save);
    const all = running.current;
    return () => {
      window.removeEventListener("pagehide", save);
      for (const one of all) one.abort();
      save();
    };
  }, [user]);

  const key = useCallback(
    async (fresh: boolean) => {
      if (fresh) queries.removeQueries({ queryKey: playgroundKeyQuery(api).queryKey });
      return (await queries.query(playgroundKeyQuery(api))).key;
    },
    [api, queries],
  );

  /** One model's answer, told into its place; a key that was refused is replaced once. */
  const run = async (asked: Sheet, id: number, side: number, dialect: Dialect, model: string) => {
    const stop = new AbortController();
    running.current.add(stop);
    setBusy(running.current.size);
    const tell = paced<Outcome>((outcome) => setSheet((now) => told(now, id, side, outcome)));
    try {
      const lines = linesFor(asked.turns.slice(0, -1), side);
      const { system, settings, more } = asked;
      const call = callOf(dialect, model, { system, lines, settings, more });
      const once = async (fresh: boolean) => {
        const secret = await key(fresh);
        let last = waiting(model);
        const hear = (outcome: Outcome) => {
          last = outcome;
          tell(outcome);
        };
        await ask({ call, key: secret, model, signal: stop.signal, tell: hear });
        return last;
      };
      const first = await once(false);
      if (first.status === 401) await once(true);
    } catch (error) {
      tell({ ...waiting(model), state: stop.signal.aborted ? "stopped" : "failed", trouble: noKey(error) });
    } finally {
      running.current.delete(stop);
      setBusy(running.current.size);
    }
  };

  /** Sends what is written to every model at once; `from`: asks a turn anew, and what followed it goes. */
  const send = (dialect: Dialect, models: string[], from?: number) => {
    const base = from === undefined ? sheet : { ...upTo(sheet, from), next: "" };
    const asked = begun(base, models.map(waiting));
    const answer = asked?.turns.at(-1);
    if (!asked || !answer) return;
    setSheet(from === undefined ? asked : { ...asked, next: sheet.next });
    models.forEach((model, side) => void run(asked, answer.id, side, dialect, model));
  };

  const stop = () => {
    for (const one of running.current) one.abort();
  };
  return { sheet, setSheet, send, stop, busy: busy > 0, kept };
}

const noKey = (error: unknown) => ({
  what: error instanceof Error ? error.message : String(error),
  todo:
    error instanceof ApiError && error.status === 403
      ? "Your role may not call models from here. An administrator can change that."
      : "No key could be made for this page. Your texts are kept; ask again.",
});
