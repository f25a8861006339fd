import { createColumnHelper, tableFeatures, useTable, type ColumnDef, type RowData } from "@tanstack/react-table";
import { useEffect, useRef, type ReactNode } from "react";
import { SkeletonRows } from "./Page";
import { Pick, type Selection } from "./Selection";
import { SortHead, type Sorting } from "./SortHead";
import { useRowsInSight } from "./use-rows-in-sight";

const features = tableFeatures({});
type Features = typeof features;

export type Column<T extends RowData> = ColumnDef<Features, T>;

/** Column definitions of a `ListTable`; `meta.right` aligns numbers. */
export const columnsOf = <T extends RowData>() => createColumnHelper<Features, T>();

/** Which columns sort, in which direction first, and how it is now. */
export interface TableSorting {
  first: Readonly<Record<string, "asc" | "desc">>;
  now: Sorting | undefined;
  onSort: (next: Sorting) => void;
}

interface Props<T extends RowData> {
  label: string;
  columns: Column<T>[];
  rows: T[] | undefined;
  rowKey: (row: T) => string;
  right?: readonly string[];
  selected?: string;
  /** On a phone each row is a card, its cells one below the other with the names of their columns. */
  cards?: boolean;
  /** Columns that somebody does not want to see. */
  hidden?: ReadonlySet<string>;
  sorting?: TableSorting;
  /** Rows can be ticked to do something to several of them. */
  selection?: Selection;
  /** Called with the first and the last row that exist, whenever they change. */
  onSight?: (first: number, last: number) => void;
  onOpen: (row: T) => void;
}

const none: never[] = [];
const headerText = (header: unknown) => (typeof header === "string" && header ? header : undefined);
/** A column that shows a field is called like it, unless it has a name of its own. */
const columnId = <T extends RowData>(column: Column<T>): string =>
  column.id ?? ("accessorKey" in column ? String(column.accessorKey) : "");
const noSorting: Sorting = { by: "", dir: "asc" };

/**
 * The table of a list page. A click anywhere in a row opens it; the keyboard uses the name, which is a link. Of a long list only the rows in sight
 * exist.
 */
export function ListTable<T extends RowData>(props: Props<T>) {
  const {
    label,
    columns,
    rows,
    rowKey,
    right = [],
    selected,
    cards,
    hidden,
    sorting,
    selection,
    onSight,
    onOpen,
  } = props;
  const shown = hidden?.size ? columns.filter((column) => !hidden.has(columnId(column))) : columns;
  const table = useTable({ features, columns: shown, data: rows ?? none, getRowId: rowKey });
  const side = (id: string) => (right.includes(id) ? "right" : undefined);
  const host = useRef<HTMLTableElement>(null);
  const list = table.getRowModel().rows;
  const many = shown.length + (selection ? 1 : 0);
  const sight = useRowsInSight(host, list.length, `${shown.map(columnId).join()} ${many}`);
  const { long, first, last, above, below, widths } = sight;
  useEffect(() => onSight?.(first, last), [onSight, first, last]);
  return (
    <div className="scroll">
      <table
        ref={host}
        className={`table ${cards ? "cards" : ""} ${widths ? "fixed" : ""}`.trim()}
        style={widths ? { minWidth: widths.reduce((sum, width) => sum + width, 0) } : undefined}
        aria-label={label}
        aria-busy={!rows}
        aria-rowcount={long ? list.length + 1 : undefined}
      >
        {widths && (
          <colgroup>
            {widths.map((width, at) => (
              <col key={at} style={{ width }} />
            ))}
          </colgroup>
        )}
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={long ? 1 : undefined}>
              {selection && (
                <th scope="col" className="pick">
                  <Pick
                    label={`Select all of ${label.toLowerCase()}`}
                    checked={selection.all}
                    some={selection.ids.size > 0}
                    onChange={selection.toggleAll}
                  />
                </th>
              )}
              {group.headers.map((header) => (
                <Head
                  key={header.id}
                  id={header.column.id}
                  right={side(header.column.id) !== undefined}
                  sorting={sorting}
                >
                  <table.FlexRender header={header} />
                </Head>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {!rows && <SkeletonRows rows={5} columns={many} />}
          {long && <Gap height={above} columns={many} />}
          {list.slice(first, last + 1).map((row, at) => (
            // The row is a larger target for the pointer only: the link in it has the keyboard and the name.
            <tr
              key={row.id}
              ref={sight.measure}
              data-index={long ? first + at : undefined}
              aria-rowindex={long ? first + at + 2 : undefined}
              className={row.id === selected || selection?.ids.has(row.id) ? "link selected" : "link"}
              onClick={(event) => {
                if (!(event.target as Element).closest("a, button, input, label, [role=menu], .pick"))
                  onOpen(row.original);
              }}
            >
              {selection && (
                <td className="pick">
                  {selection.can(row.id) && (
                    <Pick
                      label={`Select ${selection.name(row.id)}`}
                      checked={selection.ids.has(row.id)}
                      onChange={() => selection.toggle(row.id)}
                    />
                  )}
                </td>
              )}
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
          {long && <Gap height={below} columns={many} />}
        </tbody>
      </table>
    </div>
  );
}

/** The room that rows out of sight take. */
const Gap = ({ height, columns }: { height: number; columns: number }) =>
  height > 0 && (
    <tr className="gap" aria-hidden style={{ height }}>
      <td colSpan={columns} />
    </tr>
  );

interface HeadProps {
  id: string;
  right: boolean;
  sorting: TableSorting | undefined;
  children: ReactNode;
}

function Head({ id, right, sorting, children }: HeadProps) {
  const first = sorting?.first[id];
  if (!sorting || !first) {
    return (
      <th scope="col" className={right ? "right" : undefined}>
        {children}
      </th>
    );
  }
  return (
    <SortHead name={id} sorting={sorting.now ?? noSorting} onSort={sorting.onSort} right={right} first={first}>
      {children}
    </SortHead>
  );
}
