import { Download, Square } from "lucide-react";
import { useRef, useState } from "react";
import { mostExported, type Exported, type FileFormat } from "@/api/parted-file";
import { count } from "@/format/numbers";
import { day } from "@/format/times";
import { Button } from "./Button";
import { download } from "./download";
import { Menu, MenuItem, MenuLabel } from "./Menu";
import { useToast } from "./Toasts";

interface Props {
  /** What the file is called, without date and ending. */
  name: string;
  /** What a row is: one and several. */
  noun: readonly [one: string, several: string];
  read: (format: FileFormat, tell: (rows: number) => void, signal: AbortSignal) => Promise<Exported>;
}

/** A list as a file, with the filters that are set. It is read part by part and can be stopped. */
export function Export({ name, noun, read }: Props) {
  const toast = useToast();
  const stop = useRef<AbortController>(undefined);
  const [rows, setRows] = useState<number>();
  const run = async (format: FileFormat) => {
    stop.current = new AbortController();
    setRows(0);
    try {
      const made = await read(format, setRows, stop.current.signal);
      download(made.blob, `${name}-${day(Date.now())}.${format}`);
      toast({
        tone: "ok",
        what: `${count(made.rows)} ${noun[made.rows === 1 ? 0 : 1]} exported`,
        more: made.complete
          ? undefined
          : `There are more than ${count(mostExported)}: choose a shorter time for the rest.`,
      });
    } catch (error) {
      if (stop.current.signal.aborted) return;
      toast({ tone: "error", what: "The export failed", more: error instanceof Error ? error.message : String(error) });
    } finally {
      setRows(undefined);
    }
  };
  if (rows !== undefined) {
    return (
      <Button icon={Square} onClick={() => stop.current?.abort()}>
        Stop export · <span role="status">{count(rows)}</span>
      </Button>
    );
  }
  return (
    <Menu label="Export" trigger={<Button icon={Download}>Export</Button>}>
      <MenuLabel>The list with its filters, at most {count(mostExported)}</MenuLabel>
      <MenuItem onSelect={() => void run("csv")}>CSV</MenuItem>
      <MenuItem onSelect={() => void run("json")}>JSON</MenuItem>
    </Menu>
  );
}
