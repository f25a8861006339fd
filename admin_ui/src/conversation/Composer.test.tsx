import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { TooltipProvider } from "@/ui/Tooltip";
import { Composer } from "./Composer";

/** A box with a text; what pressing a key in it sends. */
function box(part: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSend = vi.fn();
  const given = { text: "hi", onText: vi.fn(), ready: true, busy: false, onSend, onStop: vi.fn(), placeholder: "" };
  render(
    <TooltipProvider>
      <Composer {...given} {...part} />
    </TooltipProvider>,
  );
  const press = (init: object) => fireEvent.keyDown(screen.getByLabelText("Message"), { key: "Enter", ...init });
  return { onSend, press };
}

test("where Enter sends, Shift Enter breaks the line, and Enter that ends a character stays with it", () => {
  const { onSend, press } = box({ enterSends: true });
  press({ shiftKey: true });
  press({ isComposing: true });
  expect(onSend).not.toHaveBeenCalled();
  press({});
  expect(onSend).toHaveBeenCalledTimes(1);
});

test("elsewhere only with Ctrl or ⌘", () => {
  const { onSend, press } = box();
  press({});
  expect(onSend).not.toHaveBeenCalled();
  press({ ctrlKey: true });
  press({ metaKey: true });
  expect(onSend).toHaveBeenCalledTimes(2);
});

test("nothing is sent while something is in the way", () => {
  const { onSend, press } = box({ enterSends: true, ready: false });
  press({});
  expect(onSend).not.toHaveBeenCalled();
});
