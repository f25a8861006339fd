import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, FileUp } from "lucide-react";
import { Ellipsis } from "lucide-react";
import { useRef, useState } from "react";
import { exportDialogs, importDialogs, type Imported } from "@/api/dialogs";
import { useApp } from "@/app-context";
import { parseObject } from "@/format/json";
import { count } from "@/format/numbers";
import { day } from "@/format/times";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { download } from "@/ui/download";
import { Menu, MenuItem } from "@/ui/Menu";
import { useToast } from "@/ui/Toasts";

/** The most that one request may hold. */
const largest = 5_000_000;

const chats = (number: number) => `${count(number)} ${number === 1 ? "chat" : "chats"}`;

async function readExport(file: File) {
  if (file.size > largest) throw new Error("The file is larger than 5 MB.");
  const read = parseObject(await file.text());
  if (read.problem !== undefined) throw new Error(read.problem);
  if (!Array.isArray(read.value.dialogs)) throw new Error("There is no list “dialogs” in it.");
  return { ...read.value, dialogs: read.value.dialogs as unknown[] };
}

/** All of one's own chats as a file, and chats out of such a file. */
export function BringAndTake() {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const file = useRef<HTMLInputElement>(null);
  const [left, setLeft] = useState<Imported | null>(null);
  const take = useMutation({
    mutationFn: () => exportDialogs(api),
    onSuccess: (made) => {
      const text = JSON.stringify(made, null, 2);
      download(new Blob([text], { type: "application/json" }), `chats-${day(Date.now())}.json`);
      toast({ tone: "ok", what: `${chats(made.dialog_count)} exported.`, more: made.errors.join(" ") || undefined });
    },
    onError: ({ message }) => toast({ tone: "error", what: "Nothing was exported.", more: message }),
  });
  const bring = useMutation({
    mutationFn: async (given: File) => importDialogs(api, await readExport(given)),
    onSuccess: async (result) => {
      if (result.errors.length > 0) setLeft(result);
      else toast({ tone: "ok", what: `${chats(result.dialogs_imported)} imported.` });
      await queries.invalidateQueries({ queryKey: ["dialogs", "list"] });
    },
    onError: ({ message }) => toast({ tone: "error", what: "Nothing was imported.", more: message }),
  });
  return (
    <>
      <Menu
        label="Export and import"
        trigger={
          <IconButton
            label="Export and import"
            icon={Ellipsis}
            tone="normal"
            disabled={take.isPending || bring.isPending}
          />
        }
      >
        <MenuItem icon={Download} onSelect={() => take.mutate()}>
          Export all chats
        </MenuItem>
        <MenuItem icon={FileUp} onSelect={() => file.current?.click()}>
          Import chats…
        </MenuItem>
      </Menu>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="File with exported chats"
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          event.target.value = "";
          if (chosen) bring.mutate(chosen);
        }}
      />
      {left && <Left result={left} onClose={() => setLeft(null)} />}
    </>
  );
}

/** Which chats of a file were left out, and why each. */
function Left({ result, onClose }: { result: Imported; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${chats(result.errors.length)} could not be imported`}
      description={`${chats(result.dialogs_imported)} imported.`}
      footer={
        <Button tone="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="panel-body">
        <ul className="failures">
          {result.errors.map((why, at) => (
            <li key={at} className="breakable">
              {why}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
