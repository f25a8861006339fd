import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { columnsOf, ListTable } from "./ListTable";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

// jsdom has no layout: every row is as tall as rows are, or they would all be in sight.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, value: 45 });
vi.stubGlobal("scrollTo", () => undefined);

const column = columnsOf<{ id: string }>();
const columns = column.columns([column.accessor("id", { header: "Id" })]);
const show = (count: number) => {
  const rows = Array.from({ length: count }, (_, at) => ({ id: `row-${at}` }));
  const onSight = vi.fn();
  render(
    <ListTable
      label="Things"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      onSight={onSight}
      onOpen={() => undefined}
    />,
  );
  return onSight;
};

test("a short list is there as a whole", () => {
  const onSight = show(100);
  expect(screen.getAllByRole("row")).toHaveLength(101);
  expect(onSight).toHaveBeenLastCalledWith(0, 99);
});

test("of a long list only the rows in sight exist, and it says how long it is", () => {
  const onSight = show(2000);
  const rows = screen.getAllByRole("row");
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.length).toBeLessThan(100);
  expect(screen.getByRole("table")).toHaveAttribute("aria-rowcount", "2001");
  expect(screen.getByText("row-0").closest("tr")).toHaveAttribute("aria-rowindex", "2");
  expect(onSight).toHaveBeenLastCalledWith(0, rows.length - 2);
});
