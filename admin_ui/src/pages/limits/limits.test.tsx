import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, expect, test, vi } from "vitest";
import { ApiError } from "@/api/errors";
import type { Standing } from "@/api/limits";
import { limitsDraft, noLimits } from "@/format/limits";
import { TooltipProvider } from "@/ui/Tooltip";
import { LimitBars, TightestBudget } from "./Bars";
import { LimitFields } from "./LimitFields";

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

const day: Standing = {
  name: "day",
  unit: "nano_usd",
  limit: 10e9,
  used: 4e9,
  held: 1e9,
  remaining: 5e9,
  reset: Date.now() + 3_600_000,
};

test("a bar says what is settled and held, in words and apart", () => {
  const { container } = render(
    <TooltipProvider>
      <LimitBars limits={[day]} whose="Bot" />
    </TooltipProvider>,
  );
  const bar = screen.getByRole("meter", { name: "Budget per day of Bot" });
  expect(bar).toHaveAttribute("aria-valuetext", "$4.00 settled, $1.00 held, $5.00 left of $10.00 (50 %)");
  expect([...bar.children].map((part) => (part as HTMLElement).style.width)).toEqual(["40%", "10%"]);
  expect(container.querySelector(".limit-reset")).toHaveTextContent(/resets.*(in 1 hr\.|in 60 min)/);
});

test("a budget of nothing is full and says so", () => {
  render(
    <TooltipProvider>
      <LimitBars limits={[{ ...day, limit: 0, used: 0, held: 0, remaining: 0 }]} whose="Bot" />
    </TooltipProvider>,
  );
  expect(screen.getByText("nothing may be spent")).toBeVisible();
  expect(screen.getByRole("meter").className).toContain("error");
});

test("a cell shows the tightest budget, or a dash", () => {
  const { rerender } = render(
    <TooltipProvider>
      <TightestBudget name="Bot" limits={[day, { ...day, name: "total", used: 9.5e9, held: 0 }]} />
    </TooltipProvider>,
  );
  expect(screen.getByRole("meter", { name: "Budget of Bot in total" })).toBeInTheDocument();
  rerender(
    <TooltipProvider>
      <TightestBudget name="Bot" limits={[]} />
    </TooltipProvider>,
  );
  expect(screen.getByText("–")).toBeVisible();
});

function Form({ error = null, initial = noLimits }: { error?: Error | null; initial?: typeof noLimits }) {
  const [draft, setDraft] = useState(initial);
  return <LimitFields draft={draft} change={setDraft} error={error} whose="the key" />;
}

test("a fault is told when the field is left, not while typing", async () => {
  render(<Form />);
  const rate = screen.getByLabelText(/Requests per minute/);
  await userEvent.type(rate, "1.5");
  expect(rate).toBeValid();
  await userEvent.tab();
  expect(rate).toBeInvalid();
  expect(rate).toHaveAccessibleDescription("A whole number from 1 to 1,000,000,000.");
});

test("when a budget begins anew is asked for once there is an amount", async () => {
  render(<Form />);
  expect(screen.queryByLabelText("Begins at")).toBeNull();
  await userEvent.type(screen.getByLabelText(/Budget per month/, { selector: "input" }), "0");
  expect(screen.getByText("Nothing may be spent.")).toBeVisible();
  expect(screen.getByLabelText("Begins on day")).toHaveValue("1");
  expect(screen.getByLabelText("Time zone")).toHaveValue("UTC");
  await userEvent.type(screen.getByLabelText(/Budget in total/, { selector: "input" }), "5");
  expect(screen.getAllByLabelText("Time zone")).toHaveLength(1);
});

test("what the API refuses is told at the right budget", () => {
  const initial = limitsDraft({ budgets: [{ period: "month", usd: "5", timezone: "UTC" }] });
  const error = new ApiError(422, "validation_error", "No such zone.", "limits.budgets[0].timezone");
  render(<Form error={error} initial={initial} />);
  expect(screen.getByLabelText("Time zone")).toHaveAccessibleDescription("No such zone.");
});
