import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, KeyRound, Pencil, Power, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { fieldError, staleness } from "@/api/errors";
import { reviveKey, type KeyHealth } from "@/api/routing";
import type { Provider, UpstreamKey } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { keyState, untilText } from "@/format/health";
import { count, percent, short } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Field, TextInput } from "@/ui/Field";
import { Menu, MenuItem } from "@/ui/Menu";
import { Meter } from "@/ui/Meter";
import { Problem } from "@/ui/Note";
import { Ago, useNow } from "@/ui/Value";
import { useHealthAct } from "./health-hooks";

interface Props {
  provider: Provider;
  item: UpstreamKey;
  health: KeyHealth | undefined;
  /** Another key looks the same: its id tells them apart. */
  twin: boolean;
}

/** One credential: its state and why, its quota, and what can be done about it. */
export function KeyLine({ provider, item, health, twin }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const now = useNow();
  const may = useAllowed();
  const [mode, setMode] = useState<"shown" | "editing" | "deleting">("shown");
  const params = { path: { id: provider.id, key_id: item.id }, header: { "if-match": `"${item.version}"` } };
  const toggle = useMutation({
    mutationFn: () =>
      data(api.PATCH("/api/admin/providers/{id}/keys/{key_id}", { params, body: { active: !item.active } })),
    onSettled: () => queries.invalidateQueries(),
  });
  const name = item.reference ?? item.hint;
  const full = twin ? `${name} (${item.id})` : name;
  const revive = useRevive(provider, item.id, full);
  const state = item.active && health ? shownState(health, now, revive.isSuccess) : null;
  return (
    <li>
      <KeyRound className="icon muted" aria-hidden />
      <span className="key-name">
        {item.name && <span className="truncate">{item.name}</span>}
        <span className={item.name ? "mono small muted truncate" : "mono truncate"}>{name}</span>
      </span>
      {twin && <span className="mono small muted breakable">{item.id}</span>}
      {state ? (
        <Badge state={state.tone}>{state.word}</Badge>
      ) : (
        <Badge state={item.active ? "ok" : "off"}>{item.active ? "active" : "disabled"}</Badge>
      )}
      <span className="muted small grow">
        {item.weight !== 1 && `weight ${item.weight} · `}changed <Ago ms={item.updated_at} />
      </span>
      {health && item.active && (health.state === "dead" || health.state === "cooling") && (
        <Button size="compact" icon={RotateCw} busy={revive.isPending} onClick={() => revive.mutate()}>
          Try again
        </Button>
      )}
      {may("upstream-keys", "PATCH") && (
        <Menu
          label={`Actions for the key ${full}`}
          trigger={<IconButton size="compact" label={`Actions for the key ${full}`} icon={Ellipsis} />}
        >
          <MenuItem icon={Pencil} onSelect={() => setMode("editing")}>
            Name, weight and quota
          </MenuItem>
          <MenuItem icon={Power} onSelect={() => toggle.mutate()}>
            {item.active ? "Disable" : "Enable"}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => setMode("deleting")}>
            Delete
          </MenuItem>
        </Menu>
      )}
      {state?.why && <p className="small why">{state.why}</p>}
      {item.daily_quota > 0 && <Quota quota={item.daily_quota} health={health} name={item.hint} />}
      {toggle.error && <Problem error={toggle.error} />}
      {mode === "editing" && <Limits provider={provider} item={item} onDone={() => setMode("shown")} />}
      {mode === "deleting" && <DeleteKey provider={provider} item={item} onClose={() => setMode("shown")} />}
    </li>
  );
}

/** Lets a dead or cooling key be tried again; `name` as people know it. */
function useRevive(provider: Provider, id: string, name: string) {
  const { api } = useApp();
  return useHealthAct(
    () => reviveKey(api, provider.id, id),
    `The key ${name} of ${provider.name} may be tried again.`,
    "The next request that comes to it shows whether it works.",
  );
}

/** The state of a key; of one that was just taken back nobody knows yet whether it works. */
function shownState(health: KeyHealth, now: number, revived: boolean): ReturnType<typeof keyState> {
  if (revived && health.state === "ok") return { tone: "idle", word: "may be tried again", why: null };
  return keyState(health, now);
}

/** A credential of the proxy's environment: in no store, so it is only shown, and tried again. */
export function EnvironmentKey({ provider, health }: { provider: Provider; health: KeyHealth }) {
  const now = useNow();
  const revive = useRevive(provider, health.id, health.hint);
  const state = shownState(health, now, revive.isSuccess);
  return (
    <li>
      <KeyRound className="icon muted" aria-hidden />
      <span className="mono truncate">{health.hint}</span>
      <Badge state={state.tone}>{state.word}</Badge>
      <span className="muted small grow">from the environment</span>
      {(health.state === "dead" || health.state === "cooling") && (
        <Button size="compact" icon={RotateCw} busy={revive.isPending} onClick={() => revive.mutate()}>
          Try again
        </Button>
      )}
      {state.why && <p className="small why">{state.why}</p>}
    </li>
  );
}

function Quota({ quota, health, name }: { quota: number; health: KeyHealth | undefined; name: string }) {
  const now = useNow();
  const running = health?.window_ends != null && health.window_ends > now;
  const used = running ? health.used_tokens : 0;
  const text = `${short(used)} of ${short(quota)} tokens used (${percent(used / quota)})`;
  return (
    <div className="quota">
      <Meter label={`Quota of ${name}`} value={used} max={quota} text={text} />
      <span className="small num" title={`${count(used)} of ${count(quota)} tokens`}>
        {text}
        <span className="muted">
          {running ? ` · resets at ${untilText(health.window_ends ?? now, now)}` : " · 24 h from its next use"}
        </span>
      </span>
    </div>
  );
}

/** A whole number of at least `least`; null when the text is none. An empty text is `empty`. */
export function wholeNumber(text: string, least: number, empty: number): number | null {
  const plain = text.replaceAll(/[\s,_]/g, "");
  if (!plain) return empty;
  return /^[0-9]{1,12}$/.test(plain) && Number(plain) >= least ? Number(plain) : null;
}

function Limits({ provider, item, onDone }: { provider: Provider; item: UpstreamKey; onDone: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [name, setName] = useState(item.name ?? "");
  const [weight, setWeight] = useState(String(item.weight));
  const [quota, setQuota] = useState(item.daily_quota ? String(item.daily_quota) : "");
  const numbers = { weight: wholeNumber(weight, 0, 1), daily_quota: wholeNumber(quota, 0, 0) };
  const save = useMutation({
    mutationFn: async () => {
      if (numbers.weight === null || numbers.daily_quota === null) return;
      await data(
        api.PATCH("/api/admin/providers/{id}/keys/{key_id}", {
          params: { path: { id: provider.id, key_id: item.id }, header: { "if-match": `"${item.version}"` } },
          body: { name: name.trim() || null, weight: numbers.weight, daily_quota: numbers.daily_quota },
        }),
      ).catch((problem: unknown) => {
        throw staleness(problem);
      });
      await queries.invalidateQueries();
      onDone();
    },
  });
  return (
    <form
      className="stack tight inset"
      aria-label={`Name, weight and quota of ${item.hint}`}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label="Name" optional hint="What it is called beside other keys." error={fieldError(save.error, "name")}>
        {(field) => <TextInput {...field} value={name} onChange={setName} />}
      </Field>
      <fieldset className="fieldset two">
        <Field
          label="Weight"
          hint="Its share beside the other keys; 0: only when no other is left."
          error={numbers.weight === null ? "A whole number." : fieldError(save.error, "weight")}
        >
          {(field) => <TextInput {...field} inputMode="numeric" value={weight} onChange={setWeight} />}
        </Field>
        <Field
          label="Daily quota"
          optional
          hint="Input and output, 24 h from the first use. Empty: no limit."
          error={numbers.daily_quota === null ? "A whole number of tokens." : fieldError(save.error, "daily_quota")}
        >
          {(field) => <TextInput {...field} after="tokens" inputMode="numeric" value={quota} onChange={setQuota} />}
        </Field>
      </fieldset>
      {save.error && <Problem error={save.error} kept="What you entered is still here." />}
      <div className="row">
        <Button
          type="submit"
          tone="primary"
          size="compact"
          busy={save.isPending}
          disabled={numbers.weight === null || numbers.daily_quota === null || undefined}
        >
          Save
        </Button>
        <Button size="compact" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function DeleteKey({ provider, item, onClose }: { provider: Provider; item: UpstreamKey; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE("/api/admin/providers/{id}/keys/{key_id}", {
        params: { path: { id: provider.id, key_id: item.id } },
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <Confirm
      title={`Delete the key ${item.hint}?`}
      action="Delete key"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {provider.keys.filter((key) => key.active).length === 1 && item.active
        ? "It is the only active key of this provider: requests to it will fail."
        : "Requests will use the provider’s other keys."}{" "}
      The stored key cannot be brought back.
    </Confirm>
  );
}
