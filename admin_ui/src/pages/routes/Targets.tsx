import { ArrowDown, ArrowUp, GripVertical, Plus, Trash2 } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { ApiError } from "@/api/errors";
import { Button, IconButton } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Note } from "@/ui/Note";
import { Pause } from "@/ui/Pause";
import { ConditionField } from "./ConditionField";
import { faultAt } from "./faults";
import { TargetChoice } from "./ModelField";
import { conditionJson, extended, moved, type RouteDraft, type TargetDraft } from "./route-draft";
import { ruleText } from "./rules";

interface Props {
  draft: RouteDraft;
  change: (part: Partial<RouteDraft>) => void;
  error: Error | null;
  now: Error | null;
}

/** The targets of a route in their order; dragged by the mouse, moved by buttons with the keyboard. */
export function Targets({ draft, change, error, now }: Props) {
  const { targets } = draft;
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const move = (from: number, to: number) => {
    change({ targets: moved(targets, from, to) });
    setSaid(`Target ${from + 1} is now number ${to + 1} of ${targets.length}.`);
  };
  /** The focus stays on the button that moved, or goes to its twin where that one has nowhere to go. */
  const step = (from: number, by: 1 | -1) => {
    move(from, from + by);
    requestAnimationFrame(() => {
      const buttons = list.current?.children[from + by]?.querySelectorAll<HTMLButtonElement>(".moves button");
      const [up, down] = buttons ?? [];
      (by < 0 ? (up?.disabled ? down : up) : down?.disabled ? up : down)?.focus();
    });
  };
  const over = (event: DragEvent<HTMLElement>, index: number) => {
    if (dragged === null) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const past = event.clientY > box.top + box.height / 2;
    if (index === dragged || (index > dragged && !past) || (index < dragged && past)) return;
    move(dragged, index);
    setDragged(index);
  };
  return (
    <div className="stack">
      <ol className="targets" ref={list}>
        {targets.map((target, index) => (
          <li
            key={target.key}
            className={dragged === index ? "card target dragged" : "card target"}
            aria-label={`Target ${index + 1}`}
            onDragOver={(event) => over(event, index)}
            onDrop={(event) => event.preventDefault()}
          >
            <TargetHead
              index={index}
              count={targets.length}
              onStep={(by) => step(index, by)}
              onDrag={(on) => setDragged(on ? index : null)}
              onRemove={() => change({ targets: targets.filter((_, at) => at !== index) })}
            />
            <TargetFields
              target={target}
              index={index}
              strategy={draft.strategy}
              error={error}
              now={now}
              change={(part) =>
                change({ targets: targets.map((one, at) => (at === index ? { ...one, ...part } : one)) })
              }
            />
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <div className="row">
        <Button
          icon={Plus}
          onClick={() => change({ targets: extended(draft) })}
          disabled={targets.length >= 32 || undefined}
        >
          Add target
        </Button>
      </div>
    </div>
  );
}

interface HeadProps {
  index: number;
  count: number;
  onStep: (by: 1 | -1) => void;
  onDrag: (on: boolean) => void;
  onRemove: () => void;
}

function TargetHead({ index, count, onStep, onDrag, onRemove }: HeadProps) {
  return (
    <div className="target-head">
      {count > 1 && (
        // Only for the mouse; the buttons at the right do the same for the keyboard.
        <span
          className="grip"
          title="Drag to another place"
          aria-hidden
          draggable
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", String(index + 1));
            const card = event.currentTarget.closest("li");
            if (card) event.dataTransfer.setDragImage(card, 12, 12);
            onDrag(true);
          }}
          onDragEnd={() => onDrag(false)}
        >
          <GripVertical className="icon" />
        </span>
      )}
      <h3>Target {index + 1}</h3>
      <span className="row moves">
        {count > 1 && (
          <>
            <IconButton
              size="compact"
              label={`Move target ${index + 1} up`}
              icon={ArrowUp}
              disabled={index === 0}
              onClick={() => onStep(-1)}
            />
            <IconButton
              size="compact"
              label={`Move target ${index + 1} down`}
              icon={ArrowDown}
              disabled={index === count - 1}
              onClick={() => onStep(1)}
            />
          </>
        )}
        <IconButton
          size="compact"
          label={`Remove target ${index + 1}`}
          icon={Trash2}
          disabled={count === 1}
          onClick={onRemove}
        />
      </span>
    </div>
  );
}

interface FieldsProps {
  target: TargetDraft;
  index: number;
  strategy: RouteDraft["strategy"];
  error: Error | null;
  now: Error | null;
  change: (part: Partial<TargetDraft>) => void;
}

function TargetFields({ target, index, strategy, error, now, change }: FieldsProps) {
  const path = `targets[${index}]`;
  const wrong = faultAt(error, `${path}.rules`);
  const twice = error instanceof ApiError && error.field === path ? error.message : undefined;
  const [open, setOpen] = useState(hasCondition(target));
  return (
    <div className="target-body">
      {twice && <Note tone="error">{twice}</Note>}
      <div className="target-choice">
        <TargetChoice value={target} onChange={change} error={error} path={path} />
      </div>
      <div className="target-numbers">
        {strategy === "priority" && (
          <Field
            label="Priority"
            hint="Lowest first"
            fault={faultAt(now, `${path}.priority`)}
            error={faultAt(error, `${path}.priority`)}
          >
            {(field) => (
              <TextInput
                {...field}
                inputMode="numeric"
                value={target.priority}
                onChange={(priority) => change({ priority })}
              />
            )}
          </Field>
        )}
        <Field
          label="Weight"
          hint="Its share; 0: last"
          fault={faultAt(now, `${path}.weight`)}
          error={faultAt(error, `${path}.weight`)}
        >
          {(field) => (
            <TextInput {...field} inputMode="numeric" value={target.weight} onChange={(weight) => change({ weight })} />
          )}
        </Field>
        <div className="field">
          <span className="label">Pause</span>
          <div className="pause-line">
            <Pause
              what={`target ${index + 1}`}
              value={target.paused_until}
              onChange={(paused_until) => change({ paused_until })}
            />
          </div>
        </div>
      </div>
      <details open={open || wrong !== undefined} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          Condition: <span className="condition-line">{conditionLine(target)}</span>
        </summary>
        <div className="details-body">
          <ConditionField
            condition={target.condition}
            onChange={(condition) => change({ condition })}
            error={error}
            path={`${path}.rules`}
          />
        </div>
      </details>
    </div>
  );
}

const hasCondition = ({ condition }: TargetDraft) =>
  condition.view === "json" ? condition.text.trim() !== "" : condition.group.items.length > 0;

/** The condition in a line; while it is typed, that it is not finished. */
function conditionLine(target: TargetDraft): string {
  try {
    const json = conditionJson(target.condition, "");
    return json === null ? "every request" : ruleText(json);
  } catch {
    return "not finished";
  }
}
