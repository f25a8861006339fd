import * as Popover from "@radix-ui/react-popover";
import { CalendarRange } from "lucide-react";
import { useState } from "react";
import { spanProblem, type Span } from "@/format/spans";
import { fromInput, toInput } from "@/format/zone";
import { Button } from "./Button";
import { Field, TextInput } from "./Field";

interface Props {
  /** What the form begins with. */
  span: Span;
  zone: string;
  onChange: (span: Span) => void;
}

/** A button that opens a form for two times of a zone. */
export function CustomRange({ span, zone, onChange }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button size="compact" icon={CalendarRange}>
          Custom
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu popover"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Time range"
        >
          <RangeForm
            span={span}
            zone={zone}
            onChange={(chosen) => {
              onChange(chosen);
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function RangeForm({ span, zone, onChange }: Props) {
  const [from, setFrom] = useState(() => toInput(span.from, zone));
  const [to, setTo] = useState(() => toInput(span.to, zone));
  const [problem, setProblem] = useState<string>();
  return (
    <form
      className="stack filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        const [start, end] = [fromInput(from, zone), fromInput(to, zone)];
        const wrong = spanProblem(start, end);
        setProblem(wrong);
        if (!wrong && start !== null && end !== null) onChange({ from: start, to: end });
      }}
    >
      <Field label="From">
        {(wiring) => <TextInput {...wiring} type="datetime-local" value={from} onChange={setFrom} />}
      </Field>
      <Field label="To" hint={`Not included. Clocks of ${zone}.`} error={problem}>
        {(wiring) => <TextInput {...wiring} type="datetime-local" value={to} onChange={setTo} />}
      </Field>
      <Button type="submit" tone="primary">
        Apply
      </Button>
    </form>
  );
}
