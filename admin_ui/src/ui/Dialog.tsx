import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { IconButton } from "./Button";

interface Props {
  open: boolean;
  /** Called for the cross, Escape and a click outside; absent = the dialog closes only by its own buttons. */
  onClose?: () => void;
  title: ReactNode;
  description?: ReactNode;
  shape?: "dialog" | "dialog broad" | "drawer" | "drawer broad" | "drawer double" | "drawer sheet";
  extra?: ReactNode;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  footer?: ReactNode;
  children: ReactNode;
}

/**
 * Begins in the first field of a form, else at the panel itself: a focused cross would only show its tooltip. Where something stands above the
 * form, that is what is looked at first, and a focused field would scroll it away.
 */
function focusFirst(event: Event) {
  const panel = event.currentTarget as HTMLElement;
  const field = panel.querySelector<HTMLElement>("form :is(input, select, textarea):not([type=checkbox])");
  event.preventDefault();
  const first = field?.closest("form")?.previousElementSibling === null;
  (field && first ? field : panel).focus();
}

const refuse = (event: Event) => event.preventDefault();

/** Every overlay with content: a dialog in the middle or a drawer at the side; focus is kept inside and given back. */
export function Dialog(props: Props) {
  const { open, onClose, title, description, shape = "dialog", extra, onKeyDown, footer, children } = props;
  // Radix gives the focus back to a trigger of its own only; these panels are opened by links, rows and addresses.
  const opener = useRef<Element>(null);
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose?.())}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className={shape}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            focusFirst(event);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
          }}
          onEscapeKeyDown={onClose ? undefined : refuse}
          onPointerDownOutside={(event) => {
            // A click on a toast is not a wish to close the panel under it.
            if (!onClose || (event.target as Element).closest(".toasts")) event.preventDefault();
          }}
          onInteractOutside={onClose ? undefined : refuse}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <div className="panel-head">
            <div className="grow">
              <Radix.Title asChild>
                <h2>{title}</h2>
              </Radix.Title>
              {description && <Radix.Description>{description}</Radix.Description>}
            </div>
            {extra}
            {onClose && <IconButton label="Close" icon={X} onClick={onClose} />}
          </div>
          {children}
          {footer && <div className="panel-foot">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
