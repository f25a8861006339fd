import { Download } from "lucide-react";
import { useState } from "react";
import { usageFile, type usageAsked } from "@/api/usage";
import { useApp } from "@/app-context";
import { toInput } from "@/format/zone";
import { Button } from "@/ui/Button";
import { download } from "@/ui/download";
import { Menu, MenuItem, MenuLabel } from "@/ui/Menu";
import { useToast } from "@/ui/Toasts";

type Asked = ReturnType<typeof usageAsked>;
type Format = "csv" | "json";

/** What is shown, as a file: the same time, interval, grouping and filters, with every group. */
export function Export({ asked, disabled }: { asked: Asked; disabled: boolean | undefined }) {
  const { api } = useApp();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const run = async (format: Format) => {
    setBusy(true);
    try {
      download(await usageFile(api, asked, format), fileName(asked, format));
    } catch (error) {
      toast({ tone: "error", what: "The export failed", more: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
    }
  };
  const off = Boolean(disabled) || busy;
  return (
    <Menu
      label="Export"
      trigger={
        <Button icon={Download} busy={busy} disabled={off}>
          Export
        </Button>
      }
    >
      <MenuLabel>What is shown, with every group</MenuLabel>
      <MenuItem onSelect={() => void run("csv")}>CSV</MenuItem>
      <MenuItem onSelect={() => void run("json")}>JSON</MenuItem>
    </Menu>
  );
}

const fileName = ({ from, to, timezone = "UTC", group_by: by = [] }: Asked, format: Format) =>
  [
    "usage",
    ...[from, to - 1].map((ms) => toInput(ms, timezone).slice(0, 10)),
    ...(by.length > 0 ? ["by", ...by] : []),
  ].join("-") + `.${format}`;
