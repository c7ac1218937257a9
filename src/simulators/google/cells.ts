import { Big } from 'big.js';
import type { Cell } from '../../domain/columns.js';
import { columnNumber } from './a1-range.js';
import { isEmpty, isRich, type SheetCell, type SheetRows, typedOf } from './state.js';

/** What stands in a cell, in the three ways in which it can be asked for. */
export interface ReadCell {
  readonly unformatted: Cell;
  readonly formatted: Cell;
  /** With its equals sign; undefined where the cell has none of its own. */
  readonly formula: string | undefined;
  /** Filled by a formula of another cell. */
  readonly isSpilled: boolean;
  readonly numberFormat: { readonly type: string } | undefined;
}

/** `3%` as a trader types it: Sheets makes a number of it, and shows that in percent with two decimals where some were typed. */
function percentOf(cell: Cell): { readonly raw: number; readonly shown: string } | undefined {
  const [, digits, decimals] = /^\s*(\d+(\.\d+)?)\s*%\s*$/.exec(typeof cell === 'string' ? cell : '') ?? [];
  if (digits === undefined) return undefined;
  const typed = new Big(digits);
  return { raw: Number(typed.div(100)), shown: `${typed.toFixed(decimals === undefined ? 0 : 2)}%` };
}

export const formulaOf = (cell: SheetCell): string | undefined => {
  const typed = typedOf(cell);
  return typeof typed === 'string' && typed.startsWith('=') && !(isRich(cell) && cell.isText) ? typed : undefined;
};

const plain = (unformatted: Cell): ReadCell => ({
  unformatted: unformatted ?? '',
  formatted: typeof unformatted === 'boolean' ? String(unformatted).toUpperCase() : String(unformatted ?? ''),
  formula: undefined,
  isSpilled: false,
  numberFormat: undefined,
});

function withoutFormula(cell: SheetCell): ReadCell {
  const typed = typedOf(cell);
  const percent = isRich(cell) && cell.isText ? undefined : percentOf(typed);
  if (percent !== undefined) {
    return { ...plain(percent.raw), formatted: percent.shown, numberFormat: { type: 'PERCENT' } };
  }
  const { shown, userEnteredFormat } = isRich(cell) ? cell : {};
  const { numberFormat } = (userEnteredFormat ?? {}) as { numberFormat?: { type: string } };
  return { ...plain(typed), ...(shown !== undefined && { formatted: shown }), numberFormat };
}

const product = /^=([A-Z]+)(\d+)\*([\d.]+)$/;
const spill = /^=ARRAYFORMULA\(([A-Z]+)(\d+):\1\*([\d.]+)\)$/;

/**
 * All cells of a tab. Two kinds of formulas are reckoned, which are enough to be in somebody's way: `=C2*1.1`, and
 * `=ARRAYFORMULA(C2:C*1.1)`, which fills the cells below, and is #REF! where one of them holds something.
 */
export function readCells(rows: SheetRows): ReadCell[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const grid = rows.map((row) => Array.from({ length: width }, (_, column) => withoutFormula(row[column])));
  const times = (cell: ReadCell | undefined, factor: string): Cell =>
    typeof cell?.unformatted === 'number' ? Number(new Big(cell.unformatted).times(factor)) : '';
  const put = (row: number, column: number, cell: ReadCell) => {
    const line = grid[row];
    if (line !== undefined) line[column] = cell;
  };
  for (const [row, cells] of rows.entries()) {
    for (const [column, cell] of cells.entries()) {
      const formula = formulaOf(cell);
      if (formula === undefined) continue;
      const [, letters = '', number, factor = ''] = product.exec(formula) ?? spill.exec(formula) ?? [];
      const value = times(grid[Number(number) - 1]?.[columnNumber(letters) - 1], factor);
      const below = spill.test(formula) ? rows.slice(row + 1) : [];
      const isBlocked = below.some((other) => !isEmpty(typedOf(other[column])));
      const shown = number === undefined ? '#NAME?' : isBlocked ? '#REF!' : value;
      put(row, column, { ...plain(shown), formula });
      for (const [index] of isBlocked ? [] : below.entries()) {
        const filled = times(grid[Number(number) + index]?.[columnNumber(letters) - 1], factor);
        put(row + 1 + index, column, { ...plain(filled), isSpilled: true });
      }
    }
  }
  return grid;
}
