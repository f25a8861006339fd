import { useNavigate } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import type { LogDetail } from "@/api/types";
import { talkOf } from "@/conversation/from-body";
import { dialectAt } from "@/conversation/model";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { Tooltip } from "@/ui/Tooltip";

/** Why a request cannot be asked again by hand; undefined when it can. */
export function obstacle(row: LogDetail): string | undefined {
  const dialect = dialectAt(row.path);
  if (!dialect) return "Only conversations can be opened in the playground.";
  if (row.request_body === null)
    return row.body_stored
      ? "Its body lies in the deployment’s bucket, which could not be read just now."
      : "Its body was not recorded. A key can be set to record prompts and answers.";
  return talkOf(dialect, row.request_body) ? undefined : "What was recorded of its body is no whole conversation.";
}

/** The request's texts, model and settings in the playground; greyed out with the reason where they are not known. */
export function OpenInPlayground({ row }: { row: LogDetail }) {
  const may = useAllowed();
  const navigate = useNavigate();
  if (!may("playground", "POST")) return null;
  const why = obstacle(row);
  const button = (
    <Button
      icon={MessagesSquare}
      aria-disabled={why !== undefined}
      onClick={() => {
        if (why === undefined) void navigate({ to: "/playground", search: { from: row.id } });
      }}
    >
      Open in playground
    </Button>
  );
  return why === undefined ? button : <Tooltip text={why}>{button}</Tooltip>;
}
