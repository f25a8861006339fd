import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { History } from "lucide-react";
import { logQuery, logsQuery } from "@/api/queries";
import type { LogItem } from "@/api/types";
import { useApp } from "@/app-context";
import { objectText, parseObject } from "@/format/json";
import { clock } from "@/format/times";
import { Button } from "@/ui/Button";
import { Menu, MenuItem, MenuLabel } from "@/ui/Menu";
import { useToast } from "@/ui/Toasts";

interface Taken {
  model: string;
  dialect: string;
  headers: string;
  /** Null where the key does not record bodies. */
  body: string | null;
}

const most = 10;

/** Takes headers and body over from a request that was really made. */
export function RecentRequests({ onPick }: { onPick: (request: Taken) => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const rows = useInfiniteQuery({ ...logsQuery(api, {}), staleTime: 30_000 }).data?.pages[0]?.items ?? [];
  const asking = rows.filter((row) => row.requested_model !== null).slice(0, most);
  const take = async (item: LogItem) => {
    try {
      const row = await queries.query(logQuery(api, item.id));
      const body = row.request_body === null ? undefined : parseObject(row.request_body).value;
      onPick({
        model: row.requested_model ?? "",
        dialect: row.dialect,
        headers: objectText(row.request_headers),
        body: body ? objectText(body) : null,
      });
      if (!body)
        toast({
          tone: "ok",
          what: "The headers were taken over.",
          more: "Its key does not record bodies: the body stays as it was.",
        });
    } catch (problem) {
      toast({
        tone: "error",
        what: "The request could not be read.",
        more: problem instanceof Error ? problem.message : undefined,
      });
    }
  };
  return (
    <div className="row">
      <Menu
        label="Recent requests"
        align="start"
        trigger={
          <Button size="compact" icon={History} disabled={asking.length === 0 || undefined}>
            Take over a recent request
          </Button>
        }
      >
        <MenuLabel>Newest first</MenuLabel>
        {asking.map((row) => (
          <MenuItem key={row.id} onSelect={() => void take(row)}>
            <span className="num muted">{clock(row.time_ms)}</span>
            <span className="truncate">{row.requested_model}</span>
            <span className="muted truncate">{row.key_name ?? ""}</span>
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
