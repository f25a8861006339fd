import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { Field, TextInput } from "./Field";
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
