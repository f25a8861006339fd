import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useRef, useState } from "react";
import { guardrailsQuery, type Guardrail } from "@/api/guardrails";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { summary } from "@/pages/guardrails/summary";
import { actions, kinds, stages } from "@/pages/guardrails/words";
import { Badge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { Field, Select } from "@/ui/Field";
import { Note } from "@/ui/Note";
import { faultAt } from "./faults";

interface Props {
  ids: readonly string[];
  onChange: (ids: string[]) => void;
  error: Error | null;
}

const nameOf = (known: Guardrail | undefined, id: string) => known?.name ?? id;
const swapped = (ids: readonly string[], from: number, to: number) =>
  ids.map((id, at) => (at === from ? (ids[to] ?? id) : at === to ? (ids[from] ?? id) : id));

/** The guardrails of a route, in the order in which they look; those for every request come before them. */
export function RouteGuardrails({ ids, onChange, error }: Props) {
  const { api } = useApp();
  const may = useAllowed();
  const all = useQuery({ ...guardrailsQuery(api), enabled: may("guardrails"), staleTime: 30_000 }).data;
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState("");
  if (!may("guardrails") && ids.length === 0) return null;
  const known = new Map(all?.map((one) => [one.id, one]));
  const everywhere = all?.filter((one) => one.everywhere && one.active) ?? [];
  const free = all?.filter((one) => !one.everywhere && !ids.includes(one.id)) ?? [];
  const step = (from: number, by: 1 | -1) => {
    onChange(swapped(ids, from, from + by));
    setSaid(`${nameOf(known.get(ids[from] ?? ""), ids[from] ?? "")} is now number ${from + by + 1} of ${ids.length}.`);
    requestAnimationFrame(() => {
      const [up, down] = list.current?.children[from + by]?.querySelectorAll<HTMLButtonElement>("button") ?? [];
      (by < 0 ? (up?.disabled ? down : up) : down?.disabled ? up : down)?.focus();
    });
  };
  return (
    <section className="card form-card" aria-label="Guardrails">
      {everywhere.length > 0 && (
        <p className="small muted">
          Every request passes {everywhere.map(({ id, name }) => name ?? id).join(", ")} first, whatever is chosen here.
        </p>
      )}
      {ids.length > 0 && (
        <ol className="picked" ref={list} aria-label="Chosen guardrails">
          {ids.map((id, index) => (
            <li key={id}>
              <span className="grow">
                <What guardrail={known.get(id)} id={id} read={all !== undefined} />
              </span>
              <span className="row">
                <IconButton
                  size="compact"
                  icon={ArrowUp}
                  label={`Move ${id} up`}
                  disabled={index === 0}
                  onClick={() => step(index, -1)}
                />
                <IconButton
                  size="compact"
                  icon={ArrowDown}
                  label={`Move ${id} down`}
                  disabled={index === ids.length - 1}
                  onClick={() => step(index, 1)}
                />
                <IconButton
                  size="compact"
                  icon={X}
                  label={`Take ${id} out`}
                  onClick={() => onChange(ids.filter((one) => one !== id))}
                />
              </span>
            </li>
          ))}
        </ol>
      )}
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {free.length > 0 || faultAt(error, "guardrails") ? (
        <Field
          label={ids.length > 0 ? "Add another" : "Add a guardrail"}
          hint="They look one after the other; each sees what the one before left."
          error={faultAt(error, "guardrails")}
        >
          {(field) => (
            <Select
              {...field}
              value=""
              onChange={(id) => id && onChange([...ids, id])}
              options={[
                { value: "", label: "Choose…" },
                ...free.map((one) => ({
                  value: one.id,
                  label: `${one.name ?? one.id} (${kinds[one.kind].label.toLowerCase()}${one.active ? "" : ", disabled"})`,
                })),
              ]}
            />
          )}
        </Field>
      ) : (
        all && (
          <p className="small muted">
            {all.length === 0 ? "There is no guardrail yet. " : ids.length > 0 ? "" : "Every guardrail holds already. "}
            <Link to="/guardrails" search={all.length === 0 ? { create: true } : {}}>
              {all.length === 0 ? "Make one" : "All guardrails"}
            </Link>
          </p>
        )
      )}
      {ids.some((id) => known.get(id)?.everywhere) && (
        <Note>One of them is for every request as well: it looks once, at its place among those.</Note>
      )}
    </section>
  );
}

function What({ guardrail, id, read }: { guardrail: Guardrail | undefined; id: string; read: boolean }) {
  if (!guardrail)
    return (
      <span className="row wrap">
        <span className="mono">{id}</span>
        {read && <Badge state="warn">gone</Badge>}
      </span>
    );
  return (
    <>
      <span className="row wrap">
        <Link to="/guardrails" search={{ open: id }}>
          {guardrail.name ?? id}
        </Link>
        {!guardrail.active && <Badge state="off">disabled</Badge>}
      </span>
      <span className="small muted">
        {actions[guardrail.action].label} in {guardrail.stages.map((one) => stages[one].toLowerCase()).join(" and ")}:{" "}
        {summary(guardrail)}
      </span>
    </>
  );
}
