import * as Radix from "@radix-ui/react-dialog";
import { Search } from "lucide-react";
import { useId, useState } from "react";
import { useCommands, type Command } from "./commands";

/** ⌘K: go to a page, do something, or find a request, release, key, team, user, route, model or provider by name or id. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Find</Radix.Title>
          <Finder onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const commands = useCommands(text.trim(), onClose);
  const current = Math.min(at, commands.length - 1);
  const move = (to: number) => {
    setAt(to);
    document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown") move(Math.min(current + 1, commands.length - 1));
    else if (event.key === "ArrowUp") move(Math.max(current - 1, 0));
    else if (event.key === "Enter") commands[current]?.run();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="palette-input">
        <Search className="icon" aria-hidden />
        <input
          placeholder="Page, action, request id, release, key, person, team, route, model, provider"
          aria-label="Find a page, an action, a request, release, key, person, team, route, model or provider"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={commands[current] && `${id}-${current}`}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          spellCheck={false}
          autoComplete="off"
        />
        <kbd>Esc</kbd>
      </div>
      <div className="palette-list" role="listbox" id={`${id}-list`} aria-label="Results">
        {commands.map((command, index) => (
          <Option
            key={command.id}
            id={`${id}-${index}`}
            command={command}
            first={command.group !== commands[index - 1]?.group}
            selected={index === current}
            onHover={() => setAt(index)}
          />
        ))}
      </div>
      {commands.length === 0 && (
        <p className="palette-list muted" role="status">
          Nothing is called that. A request id begins with req_.
        </p>
      )}
    </>
  );
}

function Option({
  id,
  command,
  first,
  selected,
  onHover,
}: {
  id: string;
  command: Command;
  first: boolean;
  selected: boolean;
  onHover: () => void;
}) {
  const Icon = command.icon;
  return (
    <>
      {first && (
        <div className="group" role="presentation">
          {command.group}
        </div>
      )}
      {/* The keyboard works from the input (combobox pattern); a click is the pointer's way. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div id={id} role="option" aria-selected={selected} onMouseMove={onHover} onClick={command.run}>
        <Icon className="icon" aria-hidden />
        <span className="truncate">{command.label}</span>
        {command.note && <span className="muted small truncate">{command.note}</span>}
      </div>
    </>
  );
}
