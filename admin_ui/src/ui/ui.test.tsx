import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState, type ReactNode } from "react";
import { beforeAll, expect, test, vi } from "vitest";
import { Code } from "./Copy";
import { Confirm } from "./Confirm";
import { Dialog } from "./Dialog";
import { Field, Segments, TextInput } from "./Field";
import { TagInput } from "./TagInput";
import { TooltipProvider } from "./Tooltip";

beforeAll(() => {
  // jsdom has no layout.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});

const show = (children: ReactNode) => render(<TooltipProvider>{children}</TooltipProvider>);

test("a field names its control and says what is wrong", () => {
  show(
    <Field label="Base URL" hint="a hint" error="Not a URL.">
      {(field) => <TextInput {...field} value="x" onChange={() => undefined} />}
    </Field>,
  );
  const input = screen.getByLabelText("Base URL");
  expect(input).toBeInvalid();
  expect(input).toHaveAccessibleDescription("Not a URL.");
});

test("what the browser finds wrong stands beside its field, and goes when it is put right", async () => {
  const sent = vi.fn();
  function Form() {
    const [name, setName] = useState("");
    return (
      <form onSubmit={sent}>
        <Field label="Name">{(wiring) => <TextInput {...wiring} required value={name} onChange={setName} />}</Field>
        <Field label="Id">{(wiring) => <TextInput {...wiring} required value="" onChange={() => undefined} />}</Field>
        <button>Save</button>
      </form>
    );
  }
  render(<Form />);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(sent).not.toHaveBeenCalled();
  const name = screen.getByLabelText("Name");
  expect(name).toHaveFocus();
  expect(name).toBeInvalid();
  expect(name).toHaveAccessibleDescription(/./);
  await userEvent.type(name, "Kim");
  expect(name).toHaveValue("Kim");
  expect(name).toBeValid();
  expect(name).not.toHaveAccessibleDescription();
  expect(screen.getByLabelText("Id")).toHaveAttribute("aria-invalid", "true");
});

test("a closed dialog gives the focus back to what opened it", async () => {
  function Opened() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <button onClick={() => setOpen(true)}>Details</button>
        {open && (
          <Dialog open title="One row" onClose={() => setOpen(false)}>
            What it holds
          </Dialog>
        )}
      </>
    );
  }
  show(<Opened />);
  const opener = screen.getByRole("button", { name: "Details" });
  await userEvent.click(opener);
  expect(screen.getByRole("dialog")).toHaveFocus();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  await waitFor(() => expect(opener).toHaveFocus());
});

test("a serious act waits for the name", async () => {
  const onConfirm = vi.fn();
  show(
    <Confirm title="Delete?" action="Delete key" typeName="Support bot" onConfirm={onConfirm} onClose={() => undefined}>
      It breaks.
    </Confirm>,
  );
  const button = screen.getByRole("button", { name: "Delete key" });
  expect(button).toBeDisabled();
  await userEvent.type(screen.getByLabelText(/Type Support bot/), "support bot{Enter}");
  expect(onConfirm).not.toHaveBeenCalled();
  await userEvent.clear(screen.getByLabelText(/Type Support bot/));
  await userEvent.type(screen.getByLabelText(/Type Support bot/), "Support bot");
  await userEvent.click(button);
  expect(onConfirm).toHaveBeenCalledOnce();
});

test("a dialog without onClose stays when Escape is pressed; one with it closes", async () => {
  const onClose = vi.fn();
  const { rerender } = show(
    <Dialog open title="Once">
      text
    </Dialog>,
  );
  await userEvent.keyboard("{Escape}");
  expect(screen.getByRole("dialog", { name: "Once" })).toBeVisible();
  rerender(
    <TooltipProvider>
      <Dialog open title="Once" onClose={onClose}>
        text
      </Dialog>
    </TooltipProvider>,
  );
  await userEvent.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
});

test("an open dialog locks the page without a style element", async () => {
  const { unmount } = show(
    <Dialog open title="Locks" onClose={() => undefined}>
      text
    </Dialog>,
  );
  expect(document.body).toHaveAttribute("data-scroll-locked", "1");
  expect(document.querySelector("style")).toBeNull();
  unmount();
  await waitFor(() => expect(document.body).not.toHaveAttribute("data-scroll-locked"));
});

test("segments are a radio group that arrow keys move", async () => {
  function Host() {
    const [value, setValue] = useState<"a" | "b" | "c">("a");
    return (
      <Segments
        label="Range"
        value={value}
        onChange={setValue}
        options={[
          { value: "a", label: "A" },
          { value: "b", label: "B" },
          { value: "c", label: "C" },
        ]}
      />
    );
  }
  show(<Host />);
  await userEvent.tab();
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("radio", { name: "B" })).toHaveAttribute("aria-checked", "true");
  expect(screen.getByRole("radio", { name: "B" })).toHaveFocus();
  await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
  expect(screen.getByRole("radio", { name: "C" })).toHaveAttribute("aria-checked", "true");
});

function Tags({ start = [] }: { start?: string[] }) {
  const [values, setValues] = useState(start);
  return (
    <TagInput id="t" values={values} onChange={setValues} options={["gpt-4.1", "gpt-4.1-mini"]} placeholder="Add" />
  );
}

test("a name that begins another can be typed, and Enter does not submit the form around", async () => {
  const onSubmit = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
  show(
    <form onSubmit={onSubmit}>
      <Tags />
      <button>Save</button>
    </form>,
  );
  await userEvent.type(screen.getByPlaceholderText("Add"), "gpt-4.1-mini{Enter}{Enter}");
  expect(screen.getByRole("button", { name: "Remove gpt-4.1-mini" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Remove gpt-4.1" })).toBeNull();
  expect(onSubmit).not.toHaveBeenCalled();
});

test("Backspace in the empty box takes the last one away; the same one is not added twice", async () => {
  show(<Tags start={["a", "b"]} />);
  await userEvent.type(screen.getByPlaceholderText("Add"), "a{Enter}{Backspace}");
  expect(screen.getAllByRole("button").map((button) => button.getAttribute("aria-label"))).toEqual(["Remove a"]);
});

test("code is shown as text", () => {
  show(<Code text={'<img src=x onerror="window.__xss()">'} />);
  expect(screen.getByText('<img src=x onerror="window.__xss()">')).toBeVisible();
  expect(document.querySelector("img")).toBeNull();
});
