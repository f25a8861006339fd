import { RotateCw, type LucideIcon } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { Button } from "./Button";
import { Problem } from "./Note";

interface Props {
  title: string;
  purpose: ReactNode;
  actions?: ReactNode;
  full?: boolean;
  children: ReactNode;
}

/** The frame of every page: its title, what it is for, its main action. */
export function Page({ title, purpose, actions, full, children }: Props) {
  useEffect(() => {
    document.title = `${title} · LLM gateway`;
  }, [title]);
  return (
    <div className={`page ${full ? "full" : ""}`}>
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          <p>{purpose}</p>
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** Nothing here yet: what this is, why it is empty, the one action that fills it. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
  below,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  below?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon className="icon" aria-hidden />
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
      {below}
    </div>
  );
}

/** A list or figure could not be read. What does not exist is not asked for again. */
export function LoadProblem({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404) return <Problem error={error} />;
  return (
    <Problem
      error={error}
      kept="Nothing was changed."
      action={
        <Button size="compact" icon={RotateCw} onClick={retry}>
          Try again
        </Button>
      }
    />
  );
}

/** A grey bar of the size of what will come; width in characters. */
export function Skeleton({ width = 12, height = 14 }: { width?: number; height?: number }) {
  return <span className="skeleton" style={{ width: `min(100%, ${width}ch)`, height }} aria-hidden />;
}

/** Rows of a table that is still loading. */
export function SkeletonRows({ rows, columns }: { rows: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <Skeleton width={column === 0 ? 18 : 9 - ((row + column) % 3)} />
        </td>
      ))}
    </tr>
  ));
}
