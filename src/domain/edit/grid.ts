import type { Cell } from '../columns.js';

/** A cell as it was entered. */
export interface GridCell {
  readonly value: Cell;
  /** With its equals sign. */
  readonly formula?: string;
  /** Filled by a formula of another cell. */
  readonly isSpilled?: true;
}

/** The header first; rows and columns are counted from 0. */
export type Grid = readonly (readonly GridCell[])[];

const keyOf = ({ value, formula, isSpilled }: GridCell): string => {
  // What a formula gives may change at any time, and its text changes with its row.
  if (formula !== undefined) return 'formula';
  return isSpilled || value === null || value === undefined || value === '' ? '' : JSON.stringify(value);
};

/** The same for two rows that were entered alike, without the columns that are ignored. */
export function rowKey(row: readonly GridCell[], ignored: ReadonlySet<number>): string {
  const keys = row.map((cell, column) => (ignored.has(column) ? '' : keyOf(cell)));
  return keys.slice(0, keys.findLastIndex((key) => key !== '') + 1).join('\u0001');
}

const isBare = (cell: GridCell | undefined): boolean => cell === undefined || keyOf(cell) === '';

/**
 * A copy of a row holds as constants what formulas of other rows had filled, and pasted they would stop those formulas.
 * The columns where that is so: the row that it is a copy of, as it was entered, has nothing of its own there.
 */
export function filledInCopy(copy: readonly GridCell[], rows: Grid, ignored: ReadonlySet<number>): ReadonlySet<number> {
  const extras = (row: readonly GridCell[]): number[] | undefined => {
    const found: number[] = [];
    for (let column = 0; column < Math.max(copy.length, row.length); column += 1) {
      const [own, copied] = [row[column] ?? { value: '' }, copy[column] ?? { value: '' }];
      if (ignored.has(column) || keyOf(own) === keyOf(copied)) continue;
      if (!isBare(own) || copied.formula !== undefined) return undefined;
      found.push(column);
    }
    return found;
  };
  const fitting = rows.flatMap((row) => {
    const found = extras(row);
    return found === undefined ? [] : [found];
  });
  return new Set(fitting.toSorted((a, b) => a.length - b.length)[0]);
}

/** What is written into one cell of a row. */
export interface CellWrite {
  readonly column: number;
  readonly cell: GridCell;
}

export function withWrites(row: readonly GridCell[], writes: readonly CellWrite[]): GridCell[] {
  const next = [...row];
  for (const { column, cell } of writes) {
    while (next.length <= column) next.push({ value: '' });
    next[column] = cell;
  }
  return next;
}

/** The formula as it has to be in another row: what it says of its own row, it then says of that one. `$` pins a row. */
export const formulaInRow = (formula: string, from: number, to: number): string =>
  formula.replace(/(?<![A-Z$\d])(\$?[A-Z]{1,3})(\d+)(?!\d|\()/g, (whole, letters, row) =>
    Number(row) === from + 1 ? `${letters}${to + 1}` : whole,
  );
