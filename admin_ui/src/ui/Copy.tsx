import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "./Button";

/** Puts text on the clipboard; false when the browser refuses (then the person can still select it). */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies, and says for two seconds what came of it. */
export function useCopied() {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copyText = (text: string) => {
    void toClipboard(text).then((worked) => {
      setState(worked ? "copied" : "refused");
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setState("idle"), 2000);
    });
  };
  return { state, copyText };
}

const words = { idle: "", copied: "Copied", refused: "Select and copy by hand" };

interface Props {
  text: string;
  label: string;
  compact?: boolean;
}

/** A copy button with words. */
export function CopyButton({ text, label, compact }: Props) {
  const { state, copyText } = useCopied();
  return (
    <Button
      icon={state === "copied" ? Check : Copy}
      size={compact ? "compact" : "normal"}
      onClick={() => copyText(text)}
    >
      <span aria-live="polite">{words[state] || label}</span>
    </Button>
  );
}

/** A copy button that is only an icon. */
export function CopyIcon({ text, label }: Props) {
  const { state, copyText } = useCopied();
  return (
    <IconButton
      size="compact"
      icon={state === "copied" ? Check : Copy}
      label={words[state] || label}
      onClick={() => copyText(text)}
    />
  );
}

/** Code or JSON, as text, with a copy button. */
export function Code({ text, label = "Copy", wrap }: { text: string; label?: string; wrap?: boolean }) {
  return (
    <div className={`code ${wrap ? "wrap" : ""}`}>
      {/* Long code scrolls, so the keyboard must be able to reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}>{text}</pre>
      <CopyIcon text={text} label={label} />
    </div>
  );
}
