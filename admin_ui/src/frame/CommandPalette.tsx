import * as Radix from "@radix-ui/react-dialog";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Boxes, FileSearch, KeyRound, PlugZap, Search, Split, Users, type LucideIcon } from "lucide-react";
import { useId, useState } from "react";
import { someAccountsQuery } from "@/api/limits";
import { keysQuery, modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { useDebounced } from "@/ui/use-debounced";
import { pages } from "./pages";

interface Command {
  id: string;
  group: string;
  label: string;
  note?: string;
  icon: LucideIcon;
  run: () => void;
}

/** ⌘K: go to a page, or find a request, key, team, user, route, model or provider by name or id. */
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
          placeholder="Page, request id, key, team, user, route, model or provider"
          aria-label="Find a page, request, key, team, user, route, model or provider"
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

function useCommands(text: string, close: () => void): Command[] {
  const { api } = useApp();
  const navigate = useNavigate();
  const keys = useQuery({ ...keysQuery(api), staleTime: 60_000 }).data ?? [];
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const providers = useQuery({ ...providersQuery(api), staleTime: 60_000 }).data ?? [];
  const routes = useQuery({ ...routesQuery(api), staleTime: 60_000 }).data ?? [];
  const asked = useDebounced(text, 200);
  const teams = useQuery({ ...someAccountsQuery(api, "team", asked), enabled: asked !== "" }).data ?? [];
  const users = useQuery({ ...someAccountsQuery(api, "user", asked), enabled: asked !== "" }).data ?? [];
  const go = (leave: () => Promise<void>) => () => {
    close();
    void leave();
  };
  const needle = text.toLowerCase();
  const fits = (...words: (string | null | undefined)[]) => words.some((word) => word?.toLowerCase().includes(needle));
  const found: Command[] = pages
    .filter((page) => fits(page.label))
    .map((page) => ({
      id: page.to,
      group: "Pages",
      label: page.label,
      icon: page.icon,
      run: go(() => navigate({ to: page.to })),
    }));
  if (/^req_[0-9a-f]{32}$/i.test(text)) {
    found.unshift({
      id: text,
      group: "Request",
      label: text,
      icon: FileSearch,
      run: go(() => navigate({ to: "/logs/$id", params: { id: text.toLowerCase() } })),
    });
  }
  if (!text) return found;
  const some = <T,>(list: T[], keep: (item: T) => boolean) => list.filter(keep).slice(0, 6);
  return [
    ...found,
    ...some(keys, (key) => fits(key.name, key.id, key.hint)).map((key) => ({
      id: key.id,
      group: "Keys",
      label: key.name,
      note: key.hint,
      icon: KeyRound,
      run: go(() => navigate({ to: "/keys", search: { open: key.id } })),
    })),
    ...some(teams, (team) => fits(team.id, team.name)).map((team) => ({
      id: `team ${team.id}`,
      group: "Teams",
      label: team.name,
      note: team.name === team.id ? undefined : team.id,
      icon: Users,
      run: go(() => navigate({ to: "/teams", search: { open: team.id } })),
    })),
    ...some(users, (user) => fits(user.id, user.name)).map((user) => ({
      id: `user ${user.id}`,
      group: "Users",
      label: user.name,
      note: user.name === user.id ? undefined : user.id,
      icon: Users,
      run: go(() => navigate({ to: "/teams", search: { tab: "users", open: user.id } })),
    })),
    ...some(routes, (route) => fits(route.id)).map((route) => ({
      id: `route ${route.id}`,
      group: "Routes",
      label: route.id,
      note: route.built_in ? "built-in" : route.strategy,
      icon: Split,
      run: go(() => navigate({ to: "/routes/edit", search: route.built_in ? { like: route.id } : { id: route.id } })),
    })),
    ...some(models, (model) => fits(model.id, model.display_name)).map((model) => ({
      id: `model ${model.id}`,
      group: "Models",
      label: model.id,
      note: model.provider,
      icon: Boxes,
      run: go(() => navigate({ to: "/models", search: { open: model.id } })),
    })),
    ...some(providers, (provider) => fits(provider.id, provider.name)).map((provider) => ({
      id: `provider ${provider.id}`,
      group: "Providers",
      label: provider.name,
      note: provider.kind,
      icon: PlugZap,
      run: go(() => navigate({ to: "/providers", search: { open: provider.id } })),
    })),
  ];
}
