import { useEffect, useState, type ReactNode } from "react";
import { Button } from "./Button";
import { CopyButton } from "./Copy";
import { Dialog } from "./Dialog";
import { Check } from "./Field";

interface Props {
  title: string;
  description: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** Shows a secret once. Neither Escape nor a click beside it closes this: only saying that it is stored does. */
export function OneTime({ title, description, onClose, children }: Props) {
  const [stored, setStored] = useState(false);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
  return (
    <Dialog
      open
      shape="dialog broad"
      title={title}
      description={description}
      footer={
        <>
          <span className="left">
            <Check checked={stored} onChange={setStored} label="I have stored it" />
          </span>
          <Button tone="primary" disabled={!stored} onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="panel-body">{children}</div>
    </Dialog>
  );
}

/** A secret and the button that copies it. */
export const Secret = ({ text, label }: { text: string; label: string }) => (
  <div className="secret">
    <code>{text}</code>
    <CopyButton text={text} label={label} />
  </div>
);
