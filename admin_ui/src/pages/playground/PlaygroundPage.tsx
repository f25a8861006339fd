import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Eraser, MessagesSquare } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { logQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { callOf } from "@/conversation/asking";
import { Composer } from "@/conversation/Composer";
import { CopyAs } from "@/conversation/CopyAs";
import { dialectAt } from "@/conversation/model";
import { talkOf } from "@/conversation/from-body";
import { Scrolling } from "@/conversation/Scrolling";
import { playgroundSearch, type PlaygroundSearch } from "@/format/playground-search";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { Setup } from "./Setup";
import { begun, blank, edited, isBlank, linesFor, opened, removed, type Sheet } from "./sheet";
import { Thread } from "./Thread";
import { useCallables } from "./use-callables";
import { usePlayground } from "./use-playground";

const route = getRouteApi("/frame/playground");

/** Talk to any model or route as a client would, to one or to two at once. */
export function PlaygroundPage() {
  const search = playgroundSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/playground" });
  const toast = useToast();
  const { config } = useApp();
  const { first } = useCallables();
  const { sheet, setSheet, send, stop, busy, kept } = usePlayground();
  const [generation, setGeneration] = useState(0);
  const change = (part: Partial<PlaygroundSearch>) =>
    void navigate({ search: (old) => playgroundSearch({ ...old, ...part }), replace: true });
  // A box that was emptied stays empty; one that nobody has touched shows the first model.
  const [touched, setTouched] = useState(false);
  const model = search.model ?? (touched ? "" : (first ?? ""));
  const models = search.compare ? [model, search.with ?? ""] : [model];
  const dialect = search.dialect ?? "openai_chat";
  const asked = begun(sheet, []);
  const ready = models.every((name) => name.trim() !== "") && asked !== undefined && !busy;
  const put = (next: Sheet, what: string) => {
    const before = sheet;
    setSheet(next);
    setGeneration((number) => number + 1);
    const undo = () => {
      setSheet(before);
      setGeneration((number) => number + 1);
    };
    toast({ tone: "ok", what, action: isBlank(before) ? undefined : { label: "Undo", run: undo } });
  };
  const lines = linesFor(asked ? asked.turns.slice(0, -1) : sheet.turns, 0);
  const call = callOf(dialect, model, { ...sheet, lines });
  return (
    <Page
      full
      title="Playground"
      purpose="Ask any model or route as a client would, see what it says, what it costs and how long it takes."
      actions={
        <>
          <CopyAs call={call} url={clientUrl(config)} />
          <Button icon={Eraser} disabled={busy || isBlank(sheet)} onClick={() => put(blank(), "Cleared.")}>
            Clear
          </Button>
        </>
      }
    >
      {search.from && (
        <OpenRecorded
          id={search.from}
          onOpen={(next, named) => {
            put(next.sheet(sheet.serial), "Opened the recorded request.");
            change({ from: undefined, dialect: next.dialect, model: named ?? search.model });
          }}
          onLeave={() => change({ from: undefined })}
        />
      )}
      {!kept && <Note tone="warn">This conversation is too large for the browser to keep over a reload.</Note>}
      <div className="playground">
        <Setup
          models={models}
          dialect={dialect}
          sheet={sheet}
          generation={generation}
          change={(part) => {
            if ("model" in part) setTouched(true);
            change(part);
          }}
          setSheet={setSheet}
        />
        <section className="card playground-talk" aria-label="Talk">
          <Scrolling turns={sheet.turns.length}>
            {sheet.turns.length === 0 ? (
              <Empty icon={MessagesSquare} title="Nothing asked yet">
                Choose a model, write a question below and send it. The request goes through the gateway like any other:
                rules, limits and prices hold, and it leaves a row in the logs.
              </Empty>
            ) : (
              <Thread
                turns={sheet.turns}
                models={models}
                dialect={dialect}
                busy={busy}
                edit={(...what) => setSheet(edited(sheet, ...what))}
                remove={(id) => setSheet(removed(sheet, id))}
                again={(id) => send(dialect, models, id)}
              />
            )}
          </Scrolling>
          <Composer
            placeholder="Ask something. ⌘↵ or Ctrl ↵ sends."
            text={sheet.next}
            onText={(next) => setSheet({ ...sheet, next })}
            ready={ready}
            busy={busy}
            onSend={() => send(dialect, models)}
            onStop={stop}
          />
        </section>
      </div>
    </Page>
  );
}

interface OpenProps {
  id: string;
  onOpen: (
    next: { dialect: PlaygroundSearch["dialect"]; sheet: (serial: number) => Sheet },
    model: string | undefined,
  ) => void;
  onLeave: () => void;
}

/** Reads a request's recorded body into the page. */
function OpenRecorded({ id, onOpen, onLeave }: OpenProps) {
  const { api } = useApp();
  const log = useQuery({ ...logQuery(api, id), refetchInterval: false });
  const row = log.data;
  const found = row && talkOf(dialectAt(row.path), row.request_body);
  const taken = useRef(false);
  useEffect(() => {
    if (!row || !found || taken.current) return;
    taken.current = true;
    const sheet = (serial: number) => opened(found.talk, serial);
    onOpen({ dialect: found.dialect, sheet }, row.requested_model ?? row.model ?? undefined);
  }, [row, found, onOpen]);
  if (log.error) return <LoadProblem error={log.error} retry={() => void log.refetch()} />;
  if (!row || found) return null;
  return (
    <Note
      tone="warn"
      action={
        <Button size="compact" onClick={onLeave}>
          Close
        </Button>
      }
    >
      The body of this request was not recorded, or is no whole conversation. What was here is kept.
    </Note>
  );
}
