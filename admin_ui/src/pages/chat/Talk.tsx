import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Pencil, SlidersHorizontal, Trash2 } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import {
  createDialog,
  dialogQuery,
  messagesQuery,
  tokensQuery,
  updateDialog,
  type Dialog,
  type DialogPatch,
} from "@/api/dialogs";
import { useApp } from "@/app-context";
import { Scrolling } from "@/conversation/Scrolling";
import { Button, IconButton } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { Problem } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { useNow } from "@/ui/Value";
import { newQuestionId } from "./answer";
import { ChatSettings, SettingsForm } from "./ChatSettings";
import { blankDraft, bodyOf, type ChatDraft } from "./draft";
import { Teach } from "./Teach";
import { awaited, isStored, linesOf, nameOf, toldOnce } from "./thread";
import { ThreadView } from "./ThreadView";
import type { useChat } from "./use-chat";
import { WriteBox } from "./WriteBox";
import { usedUp } from "./words";

type Chat = ReturnType<typeof useChat>;

/** A dialog that begins with its first message: until then nothing of it is stored. */
export function NewTalk({ chat, onMade }: { chat: Chat; onMade: (id: string) => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<ChatDraft>(blankDraft);
  const [choosing, setChoosing] = useState(false);
  const tokens = useQuery(tokensQuery(api)).data;
  const begin = useMutation<Dialog, Error, string>({
    // Its first message gives it its name, once its answer is there.
    mutationFn: () => createDialog(api, bodyOf(draft)),
    onSuccess: (made, text) => {
      queries.setQueryData(dialogQuery(api, made.id).queryKey, made);
      void chat.ask(made.id, { id: newQuestionId(), content: text });
      void queries.invalidateQueries({ queryKey: ["dialogs", "list"] });
      onMade(made.id);
    },
  });
  return (
    <Frame
      title={draft.title || "New chat"}
      tools={<IconButton label="Settings of this chat" icon={SlidersHorizontal} onClick={() => setChoosing(true)} />}
    >
      <Scrolling turns={0}>
        <Teach poor={tokens !== undefined && usedUp(tokens)} />
      </Scrolling>
      {begin.error && (
        <div className="chat-note">
          <Problem error={begin.error} kept="Your text is kept." />
        </div>
      )}
      <WriteBox
        place="new"
        begins
        busy={begin.isPending}
        model={draft.model}
        agent={draft.agent}
        onModel={(model) => setDraft({ ...draft, model })}
        onAgent={(agent) => setDraft({ ...draft, agent })}
        onSend={(text) =>
          begin.mutateAsync(text).then(
            () => true,
            () => false,
          )
        }
      />
      {choosing && (
        <SettingsForm
          title="New chat"
          given={draft}
          onSave={(chosen) => {
            setDraft(chosen);
            return Promise.resolve();
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </Frame>
  );
}

interface OldProps {
  dialog: Dialog;
  chat: Chat;
  onDelete: (id: string, title: string) => void;
}

/** A dialog that there is: what was said, and what is said next. */
export function OldTalk({ dialog, chat, onDelete }: OldProps) {
  const { id } = dialog;
  const [choosing, setChoosing] = useState(false);
  const change = useChange(dialog);
  const talk = useTalk(dialog, chat);
  const name = nameOf(dialog);
  return (
    <Frame
      title={name}
      tools={
        <>
          <IconButton label="Settings of this chat" icon={SlidersHorizontal} onClick={() => setChoosing(true)} />
          <Menu label={`Actions for ${name}`} trigger={<IconButton label="More actions" icon={Ellipsis} />}>
            <MenuItem icon={Pencil} onSelect={() => setChoosing(true)}>
              Rename
            </MenuItem>
            <MenuItem icon={Trash2} danger onSelect={() => onDelete(id, name)}>
              Delete
            </MenuItem>
          </Menu>
        </>
      }
    >
      <Scrolling turns={talk.lines.length}>
        {talk.earlier && (
          <div className="chat-earlier">
            <Button size="compact" busy={talk.earlier.busy} onClick={talk.earlier.load}>
              Show earlier messages
            </Button>
          </div>
        )}
        {talk.error && (
          <div className="chat-note">
            <LoadProblem error={talk.error} retry={talk.retry} />
          </div>
        )}
        {talk.pending && dialog.message_count > 0 && <Waiting />}
        <ThreadView
          lines={talk.lines}
          usual={dialog.model_name ?? undefined}
          busy={talk.busy}
          onAgain={(question) => void change.made().then((made) => (made ? chat.ask(id, question) : undefined))}
        />
      </Scrolling>
      <WriteBox
        place={id}
        busy={talk.busy}
        model={dialog.model_name ?? ""}
        agent={dialog.agent ?? ""}
        onModel={(model) => change.make({ model_name: model || null })}
        onAgent={(agent) => change.make({ agent: agent || null })}
        onSend={async (text) => {
          const made = await change.made();
          if (made) void chat.ask(id, { id: newQuestionId(), content: text });
          return made;
        }}
        onStop={talk.asked !== undefined ? () => chat.stop(id, talk.asked ?? "") : undefined}
      />
      {choosing && <ChatSettings dialog={dialog} onClose={() => setChoosing(false)} />}
    </Frame>
  );
}

/** The lines of a dialog: what is stored, and what is on its way. */
function useTalk(dialog: Dialog, chat: Chat) {
  const { fetch } = useApp();
  const now = useNow();
  const sending = chat.sendings[dialog.id];
  const running = sending?.reply.state === "running";
  const found = useInfiniteQuery({
    ...messagesQuery(fetch, dialog.id, dialog.message_count),
    // Somebody else's message is on its way: look for its answer.
    refetchInterval: ({ state }) =>
      !running && awaited(state.data?.pages.flat() ?? [], now)?.state === "running" ? 2000 : false,
  });
  const messages = useMemo(() => found.data?.pages.flat() ?? [], [found.data]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const live = sending && !isStored(messages, sending) ? sending : undefined;
  const elsewhere = live ? undefined : awaited(messages, now);
  const waits = elsewhere?.state === "running";
  // A second that passes changes nothing in it.
  const told = elsewhere && JSON.stringify(elsewhere);
  const lines = useMemo(() => {
    const all = toldOnce(linesOf(messages, live));
    return told ? [...all, JSON.parse(told) as (typeof all)[number]] : all;
  }, [messages, live, told]);
  return {
    lines,
    busy: running || waits,
    /** The question whose answer is on its way. */
    asked: running ? sending.question.id : waits ? messages.at(-1)?.id : undefined,
    pending: found.isPending,
    error: found.data ? null : found.error,
    retry: () => void found.refetch(),
    earlier: found.hasPreviousPage
      ? { busy: found.isFetchingPreviousPage, load: () => void found.fetchPreviousPage() }
      : undefined,
  };
}

/**
 * Another model or agent from the next message on: seen at once, taken back when it is refused. A message that is sent right behind it waits until
 * it is `made`, or it would still go to the one before; where that was refused it is not sent.
 */
function useChange(dialog: Dialog) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const { queryKey } = dialogQuery(api, dialog.id);
  const last = useRef<Promise<boolean>>(Promise.resolve(true));
  const change = useMutation({
    mutationFn: (part: DialogPatch) => updateDialog(api, dialog.id, part),
    onMutate: ({ model_name = dialog.model_name, agent = dialog.agent }) => {
      const next: Dialog = { ...dialog, model_name, agent };
      queries.setQueryData(queryKey, next);
    },
    onSuccess: (stored) => queries.setQueryData(queryKey, stored),
    onError: (error) => {
      queries.setQueryData(queryKey, dialog);
      toast({ tone: "error", what: "Nothing was changed.", more: error.message });
    },
  });
  return {
    make: (part: DialogPatch) => {
      last.current = change.mutateAsync(part).then(
        () => true,
        () => false,
      );
    },
    made: async () => {
      const made = await last.current;
      // Told once: what is sent after that goes to the one that is shown.
      last.current = Promise.resolve(true);
      return made;
    },
  };
}

function Frame({ title, tools, children }: { title: string; tools: ReactNode; children: ReactNode }) {
  return (
    <section className="card chat-talk" aria-label="Conversation">
      <header>
        <h2 className="truncate" title={title}>
          {title}
        </h2>
        <span className="row">{tools}</span>
      </header>
      {children}
    </section>
  );
}

const Waiting = () => (
  <div className="card-body stack" aria-hidden>
    <Skeleton width={8} />
    <Skeleton width={60} />
    <Skeleton width={8} />
    <Skeleton width={80} height={72} />
  </div>
);
