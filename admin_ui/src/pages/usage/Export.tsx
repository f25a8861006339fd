import { Download } from "lucide-react";
import { useState } from "react";
import { usageFile, type usageAsked } from "@/api/usage";
import { useApp } from "@/app-context";
import { toInput } from "@/format/zone";
import { Button } from "@/ui/Button";
import { download } from "@/ui/download";
import { useToast } from "@/ui/Toasts";

type Asked = ReturnType<typeof usageAsked>;
type Format = "csv" | "json";

/** What is shown, as a file: the same time, interval, grouping and filters, with every group. */
export function Export({ asked, disabled }: { asked: Asked; disabled: boolean | undefined }) {
  const { api } = useApp();
  const toast = useToast();
  const [busy, setBusy] = useState<Format>();
  const run = async (format: Format) => {
    setBusy(format);
    try {
      download(await usageFile(api, asked, format), fileName(asked, format));
    } catch (error) {
      toast({ tone: "error", what: "The export failed", more: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(undefined);
    }
  };
  return (["csv", "json"] as const).map((format) => (
    <Button
      key={format}
      icon={Download}
      busy={busy === format}
      disabled={Boolean(disabled) || busy !== undefined}
      aria-label={`Export ${format.toUpperCase()}`}
      onClick={() => void run(format)}
    >
      {format.toUpperCase()}
    </Button>
  ));
}

const fileName = ({ from, to, timezone = "UTC", group_by: by = [] }: Asked, format: Format) =>
  [
    "usage",
    ...[from, to - 1].map((ms) => toInput(ms, timezone).slice(0, 10)),
    ...(by.length > 0 ? ["by", ...by] : []),
  ].join("-") + `.${format}`;
