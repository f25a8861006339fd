import { Download, Square } from "lucide-react";
import { useRef, useState } from "react";
import { logFile, mostExported } from "@/api/log-files";
import { useApp } from "@/app-context";
import type { LogSearch } from "@/format/log-search";
import { count } from "@/format/numbers";
import { day } from "@/format/times";
import { Button } from "@/ui/Button";
import { download } from "@/ui/download";
import { Menu, MenuItem, MenuLabel } from "@/ui/Menu";
import { useToast } from "@/ui/Toasts";

/** The list as a file, with the filters that are set. It is read part by part and can be stopped. */
export function LogExport({ search }: { search: LogSearch }) {
  const { api } = useApp();
  const toast = useToast();
  const stop = useRef<AbortController>(undefined);
  const [rows, setRows] = useState<number>();
  const run = async (format: "csv" | "json") => {
    stop.current = new AbortController();
    setRows(0);
    try {
      const made = await logFile(api, search, format, setRows, stop.current.signal);
      download(made.blob, `logs-${day(Date.now())}.${format}`);
      toast({
        tone: "ok",
        what: `${count(made.rows)} ${made.rows === 1 ? "request" : "requests"} exported`,
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
