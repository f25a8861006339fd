import * as Radix from "@radix-ui/react-toast";
import { CircleCheck, OctagonX, X } from "lucide-react";
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { Button, IconButton } from "./Button";

interface Toast {
  id: number;
  tone: "ok" | "error";
  what: string;
  more?: string;
  action?: { label: string; run: () => void };
}

type Show = (toast: Omit<Toast, "id">) => void;

const Context = createContext<Show>(() => undefined);

/** Says that something has happened. Returned function: `toast({tone, what, more?, action?})`. */
export const useToast = () => useContext(Context);

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<{ next: number; list: Toast[] }>({ next: 1, list: [] });
  const show = useCallback<Show>((toast) => {
    setToasts(({ next, list }) => ({ next: next + 1, list: [...list.slice(-3), { ...toast, id: next }] }));
  }, []);
  const drop = (id: number) => setToasts((all) => ({ ...all, list: all.list.filter((toast) => toast.id !== id) }));
  return (
    <Context value={useMemo(() => show, [show])}>
      <Radix.Provider duration={6000} label="Notification">
        {children}
        {toasts.list.map((toast) => (
          <Radix.Root key={toast.id} className={`toast ${toast.tone}`} onOpenChange={(open) => open || drop(toast.id)}>
            {toast.tone === "ok" ? (
              <CircleCheck className="icon" aria-hidden />
            ) : (
              <OctagonX className="icon" aria-hidden />
            )}
            <div className="grow">
              <Radix.Title className="what">{toast.what}</Radix.Title>
              {toast.more && <Radix.Description className="more">{toast.more}</Radix.Description>}
            </div>
            {toast.action && (
              <Radix.Action altText={toast.action.label} asChild>
                <Button size="compact" onClick={toast.action.run}>
                  {toast.action.label}
                </Button>
              </Radix.Action>
            )}
            <Radix.Close asChild>
              <IconButton label="Dismiss" icon={X} size="compact" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="toasts" />
      </Radix.Provider>
    </Context>
  );
}
