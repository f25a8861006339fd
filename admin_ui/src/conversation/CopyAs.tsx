import { Check, ChevronDown, Code as CodeIcon } from "lucide-react";
import { useCopied } from "@/ui/Copy";
import { Button } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import type { Call } from "./asking";
import { codeFor, languages } from "./code";

interface Props {
  call: Call;
  url: string;
  compact?: boolean;
}

/** Puts a request on the clipboard as code. The key in it is a placeholder. */
export function CopyAs({ call, url, compact }: Props) {
  const { state, copyText } = useCopied();
  const word = { idle: "Copy as", copied: "Copied", refused: "The browser refused" }[state];
  return (
    <Menu
      label="Copy the request as"
      trigger={
        <Button icon={state === "copied" ? Check : CodeIcon} size={compact ? "compact" : "normal"}>
          <span aria-live="polite">{word}</span>
          <ChevronDown className="icon" aria-hidden />
        </Button>
      }
    >
      {languages.map(({ id, label }) => (
        <MenuItem key={id} onSelect={() => copyText(codeFor(id, call, url))}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}
