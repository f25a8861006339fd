import { createColumnHelper, tableFeatures, useTable, type ColumnDef, type RowData } from "@tanstack/react-table";
import { SkeletonRows } from "./Page";

const features = tableFeatures({});
type Features = typeof features;

export type Column<T extends RowData> = ColumnDef<Features, T>;

/** Column definitions of a `ListTable`; `meta.right` aligns numbers. */
export const columnsOf = <T extends RowData>() => createColumnHelper<Features, T>();

interface Props<T extends RowData> {
  label: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowKey: (row: T) => string;
  right?: readonly string[];
  selected?: string;
  /** On a phone each row is a card, its cells one below the other with the names of their columns. */
  cards?: boolean;
  onOpen: (row: T) => void;
}

const none: never[] = [];
const headerText = (header: unknown) => (typeof header === "string" && header ? header : undefined);

/** The table of a list page. A click anywhere in a row opens it; the keyboard uses the name, which is a link. */
export function ListTable<T extends RowData>(props: Props<T>) {
  const { label, columns, rows, rowKey, right = [], selected, cards, onOpen } = props;
  const table = useTable({ features, columns, data: rows ?? none, getRowId: rowKey });
  const side = (id: string) => (right.includes(id) ? "right" : undefined);
  return (
    <div className="scroll">
      <table className={cards ? "table cards" : "table"} aria-label={label} aria-busy={!rows}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th key={header.id} scope="col" className={side(header.column.id)}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {!rows && <SkeletonRows rows={5} columns={columns.length} />}
          {table.getRowModel().rows.map((row) => (
            // The row is a larger target for the pointer only: the link in it has the keyboard and the name.

            <tr
              key={row.id}
              className={row.id === selected ? "link selected" : "link"}
              onClick={(event) => {
                if (!(event.target as Element).closest("a, button, [role=menu]")) onOpen(row.original);
              }}
            >
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={side(cell.column.id)}
                  data-label={headerText(cell.column.columnDef.header)}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
