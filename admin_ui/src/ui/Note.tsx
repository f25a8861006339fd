import { CircleCheck, Info, OctagonX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError } from "@/api/errors";

const icons = { info: Info, warn: TriangleAlert, error: OctagonX, ok: CircleCheck };

/** A boxed remark inside a page. */
export function Note({
  tone = "info",
  children,
  action,
}: {
  tone?: keyof typeof icons;
  children: ReactNode;
  action?: ReactNode;
}) {
  const Icon = icons[tone];
  return (
    <div className={`note ${tone}`} role={tone === "error" ? "alert" : undefined}>
      <Icon className="icon" aria-hidden />
      <div className="grow">{children}</div>
      {action}
    </div>
  );
}

/** Whoever asked can see what is wrong with it; what else went wrong only the logs of the gateway can tell. */
const plain = new Set([400, 401, 404, 409, 412, 422]);

/** What went wrong, what was kept and what to quote to support. */
export function Problem({ error, kept, action }: { error: Error; kept?: string; action?: ReactNode }) {
  return (
    <Note tone="error" action={action}>
      <strong>{error.message}</strong>
      {kept && <> {kept}</>}
      {error instanceof ApiError && error.requestId && !plain.has(error.status) && (
        <div className="muted">
          Reference: <code>{error.requestId}</code>
        </div>
      )}
    </Note>
  );
}
