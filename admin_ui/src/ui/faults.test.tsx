import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { CheckGroup, Field, TextInput } from "./Field";
import { Tried } from "./tried";

function Days({ tried = false }: { tried?: boolean }) {
  const [text, setText] = useState("x");
  return (
    <Tried value={tried}>
      <details>
        <Field label="Days" hint="How long" fault={/^[0-9]+$/.test(text) ? undefined : "A whole number."}>
          {(field) => <TextInput {...field} value={text} onChange={setText} />}
        </Field>
      </details>
    </Tried>
  );
}

test("what is wrong with a field is said when it is left, not while it is typed, and goes when it is right", async () => {
  render(<Days />);
  const input = screen.getByLabelText("Days");
  await userEvent.click(input);
  await userEvent.tab();
  expect(input, "nobody has typed in it").not.toBeInvalid();
  await userEvent.type(input, "y");
  expect(input).not.toBeInvalid();
  await userEvent.tab();
  expect(input).toHaveAccessibleDescription("A whole number.");
  await userEvent.clear(input);
  await userEvent.type(input, "7");
  expect(input).not.toBeInvalid();
});

test("once saving was tried it is said at once", () => {
  render(<Days tried />);
  expect(screen.getByLabelText("Days")).toBeInvalid();
});

test("boxes that make one field say what is wrong once one was touched, and the first of them is then the one to go to", async () => {
  function Form() {
    const [values, setValues] = useState<("a" | "b")[]>(["a"]);
    return (
      <CheckGroup
        label="Kinds"
        options={[
          { value: "a", label: "A" },
          { value: "b", label: "B", hint: "the second" },
        ]}
        values={values}
        onChange={(value, on) => setValues((old) => (on ? [...old, value] : old.filter((one) => one !== value)))}
        fault={values.length === 0 ? "Choose one." : undefined}
      />
    );
  }
  render(<Form />);
  expect(screen.getByRole("group", { name: "Kinds" })).toBeVisible();
  expect(screen.getByLabelText("B")).toHaveAccessibleDescription("the second");
  expect(screen.queryByRole("alert")).toBeNull();
  await userEvent.click(screen.getByLabelText("A"));
  expect(screen.getByRole("alert")).toHaveTextContent("Choose one.");
  expect(screen.getByLabelText("A")).toBeInvalid();
  expect(screen.getByLabelText("B")).toBeValid();
  await userEvent.click(screen.getByLabelText("B"));
  expect(screen.queryByRole("alert")).toBeNull();
});
