import type { Alert, AlertSpec } from './alert.js';
import type { Table } from './columns.js';
import type { Reading } from './fields/field.js';
import type { Columns } from './fields/find-columns.js';
import { type Cells, cellsOf } from './parse-row.js';
import { err, ok, type Result } from './result.js';
import { parseTable } from './rows.js';

/** A row that asks for something, and whose it is. */
export interface LocatedRow {
  readonly row: number;
  readonly cells: Cells;
  /** What its id cell says; undefined where it is blank or wrong. */
  readonly givenId: string | undefined;
  /** Of its alert. Of a row that cannot be read, what its id cell says. */
  readonly id: string | undefined;
  /** What it asks for, or all that is wrong with it. */
  readonly spec: Result<AlertSpec, string>;
}

export interface LocatedRows {
  readonly columns: Columns;
  /** From the top. */
  readonly rows: readonly LocatedRow[];
}

/** Which row is which alert's, by the same rules as `readRows`. Equal rows have one id, of which the first counts. */
export function locateRows(table: Table, reading: Reading, stored?: readonly Alert[]): Result<LocatedRows, string> {
  const parsed = parseTable(table, reading, stored);
  if (!parsed.ok) return parsed;
  const { columns, good, bad, ids } = parsed.value;
  const cells = (row: number) => cellsOf(table[row - 1] ?? [], columns.positions);
  const rows = [
    ...good.map((each) => {
      const { row, givenId, spec } = each;
      const id = ids.idOf(each);
      return { row, cells: cells(row), givenId, id, spec: ok({ ...spec, id }) };
    }),
    ...bad.map(({ row, message, mayBe: { id } }) => ({
      row,
      cells: cells(row),
      givenId: id,
      id,
      spec: err(message),
    })),
  ];
  return ok({ columns, rows: rows.toSorted((a, b) => a.row - b.row) });
}
