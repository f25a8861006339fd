import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { MessagesSquare, SquarePen } from "lucide-react";
import { useState } from "react";
import { dialogQuery } from "@/api/dialogs";
import { useApp } from "@/app-context";
import { chatSearch, type ChatSearch } from "@/format/dialog-search";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Empty, LoadProblem, Page, Skeleton } from "@/ui/Page";
import { BringAndTake } from "./BringAndTake";
import { DialogList } from "./DialogList";
import { NewTalk, OldTalk } from "./Talk";
import { useChat } from "./use-chat";
import { useDeletion } from "./use-deletion";

const route = getRouteApi("/frame/chat");

/** One's own dialogs with the models of this deployment, kept on the server. */
export function ChatPage() {
  const search = chatSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/chat" });
  const chat = useChat();
  const deletion = useDeletion();
  const [listed, setListed] = useState(false);
  const change = (part: Partial<ChatSearch>) =>
    void navigate({ search: (old) => chatSearch({ ...old, ...part }), replace: "q" in part });
  const remove = (id: string, title: string) => {
    deletion.remove(id, title);
    if (search.open === id) change({ open: undefined });
  };
  const list = (
    <DialogList
      q={search.q ?? ""}
      open={search.open}
      hidden={deletion.hidden}
      running={new Set(Object.keys(chat.sendings).filter((id) => chat.sendings[id]?.reply.state === "running"))}
      onQuery={(text) => change({ q: text || undefined })}
      onOpen={() => setListed(false)}
      onDelete={remove}
    />
  );
  return (
    <Page
      full
      title="Chat"
      purpose="Talk to the models of this deployment. Your chats are kept, and only you can read them."
      actions={
        <>
          <span className="chat-narrow">
            <Button icon={MessagesSquare} onClick={() => setListed(true)}>
              Chats
            </Button>
          </span>
          <BringAndTake />
          <Link to="/chat" search={{ q: search.q }} className={buttonClass({ tone: "primary" })}>
            <SquarePen className="icon" aria-hidden />
            New chat
          </Link>
        </>
      }
    >
      <div className="chat">
        <aside className="card chat-list" aria-label="Your chats">
          {list}
        </aside>
        {search.open ? (
          <Opened key={search.open} id={search.open} chat={chat} onDelete={remove} />
        ) : (
          <NewTalk chat={chat} onMade={(id) => change({ open: id })} />
        )}
      </div>
      <Dialog open={listed} onClose={() => setListed(false)} title="Your chats" shape="drawer sheet">
        <div className="panel-body chat-list">{list}</div>
      </Dialog>
    </Page>
  );
}

interface OpenedProps {
  id: string;
  chat: ReturnType<typeof useChat>;
  onDelete: (id: string, title: string) => void;
}

/** The dialog that the address names. */
function Opened({ id, chat, onDelete }: OpenedProps) {
  const { api } = useApp();
  const found = useQuery(dialogQuery(api, id));
  if (found.data) return <OldTalk dialog={found.data} chat={chat} onDelete={onDelete} />;
  return (
    <section className="card chat-talk" aria-label="Conversation">
      {found.error ? (
        <div className="card-body">
          <LoadProblem error={found.error} retry={() => void found.refetch()} />
        </div>
      ) : found.data === null ? (
        <Empty
          icon={MessagesSquare}
          title="No such chat"
          action={
            <Link to="/chat" className={buttonClass({})}>
              New chat
            </Link>
          }
        >
          It was deleted, or it is somebody else’s.
        </Empty>
      ) : (
        <div className="card-body stack" aria-busy>
          <Skeleton width={40} />
          <Skeleton width={70} height={60} />
        </div>
      )}
    </section>
  );
}
