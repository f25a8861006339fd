import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ellipsis, LoaderCircle, Pencil, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { dialogsQuery, type Dialog } from "@/api/dialogs";
import { useApp } from "@/app-context";
import { count } from "@/format/numbers";
import { Button, IconButton } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { useDebounced } from "@/ui/use-debounced";
import { Ago } from "@/ui/Value";
import { ChatSettings } from "./ChatSettings";
import { nameOf } from "./thread";

interface Props {
  q: string;
  open: string | undefined;
  /** Deleted, as far as anybody can see. */
  hidden: ReadonlySet<string>;
  /** Dialogs in which an answer is being written. */
  running: ReadonlySet<string>;
  onQuery: (text: string) => void;
  onOpen: () => void;
  onDelete: (id: string, title: string) => void;
}

/** One's own dialogs, the last active first. */
export function DialogList({ q, open, hidden, running, onQuery, onOpen, onDelete }: Props) {
  const { api } = useApp();
  const found = useInfiniteQuery(dialogsQuery(api, useDebounced(q, 200)));
  const all = useMemo(() => found.data?.pages.flatMap(({ items }) => items), [found.data]);
  const rows = all?.filter(({ id }) => !hidden.has(id));
  const total = found.data?.pages[0]?.total;
  const gone = (all?.length ?? 0) - (rows?.length ?? 0);
  const [renaming, setRenaming] = useState<Dialog | null>(null);
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  return (
    <>
      <SearchBox
        label="Search chats"
        value={q}
        onChange={onQuery}
        count={total === undefined ? undefined : total - gone}
      />
      {!rows && <Waiting />}
      {rows?.length === 0 && (
        <p className="muted small chat-none">
          {q ? `No chat is called “${q}”.` : "None yet. What you write on the right begins the first one."}
        </p>
      )}
      <ul className="chat-items" aria-label="Chats" aria-busy={!rows}>
        {rows?.map((dialog) => (
          <Item
            key={dialog.id}
            dialog={dialog}
            q={q}
            current={dialog.id === open}
            running={running.has(dialog.id)}
            onOpen={onOpen}
            onRename={() => setRenaming(dialog)}
            onDelete={() => onDelete(dialog.id, nameOf(dialog))}
          />
        ))}
      </ul>
      {found.hasNextPage && (
        <Button size="compact" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          Show more
        </Button>
      )}
      {renaming && <ChatSettings dialog={renaming} onClose={() => setRenaming(null)} />}
    </>
  );
}

const Waiting = () => (
  <div className="stack" aria-hidden>
    {[18, 24, 14, 20].map((width) => (
      <Skeleton key={width} width={width} height={36} />
    ))}
  </div>
);

interface ItemProps {
  dialog: Dialog;
  q: string;
  current: boolean;
  running: boolean;
  onOpen: () => void;
  onRename: () => void;
  onDelete: () => void;
}

function Item({ dialog, q, current, running, onOpen, onRename, onDelete }: ItemProps) {
  const name = nameOf(dialog);
  const search = { open: dialog.id, ...(q ? { q } : {}) };
  const messages = dialog.message_count;
  return (
    <li className={current ? "current" : undefined}>
      <Link
        to="/chat"
        search={search}
        aria-current={current ? "page" : undefined}
        onClick={onOpen}
        onKeyDown={(event) => {
          if (event.key !== "Delete") return;
          event.preventDefault();
          onDelete();
        }}
      >
        <span className="truncate">{name}</span>
        <span className="sub">
          {running ? (
            <>
              <LoaderCircle className="icon spin inline" aria-hidden /> is being answered
            </>
          ) : (
            <>
              <Ago ms={Date.parse(dialog.updated_at)} /> · {count(messages)} {messages === 1 ? "message" : "messages"}
            </>
          )}
        </span>
      </Link>
      <Menu
        label={`Actions for ${name}`}
        trigger={<IconButton size="compact" label={`Actions for ${name}`} icon={Ellipsis} />}
      >
        <MenuItem icon={Pencil} onSelect={onRename}>
          Rename and settings
        </MenuItem>
        <MenuItem icon={Trash2} danger onSelect={onDelete}>
          Delete
        </MenuItem>
      </Menu>
    </li>
  );
}
