import type { CellChange } from '../../domain/edit/cells.js';
import type { GridCell } from '../../domain/edit/grid.js';
import { formulaInRow } from '../../domain/edit/grid.js';
import type { ExtendedValue } from './google-grid.js';

/** Text is never taken for a formula or a date. An empty one empties the cell. */
export function entered(value: CellChange['value']): ExtendedValue {
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return value === '' ? {} : { stringValue: value };
}

/** What stood in a cell, for another row. What a formula of another cell had filled comes back by itself. */
export function enteredBefore(cell: GridCell | undefined, from: number, to: number): ExtendedValue {
  if (cell === undefined || cell.isSpilled) return {};
  if (cell.formula !== undefined) return { formulaValue: formulaInRow(cell.formula, from, to) };
  const { value } = cell;
  return entered(value === null || value === undefined ? '' : value);
}

/** Counted from 0; only the value of the cell changes, neither format nor note nor tick box. */
export const updateCell = (sheetId: number, row: number, column: number, value: ExtendedValue) => ({
  updateCells: {
    range: {
      sheetId,
      startRowIndex: row,
      endRowIndex: row + 1,
      startColumnIndex: column,
      endColumnIndex: column + 1,
    },
    rows: [{ values: [{ userEnteredValue: value }] }],
    fields: 'userEnteredValue',
  },
});

export const rowOf = (sheetId: number, row: number) => ({ sheetId, startRowIndex: row, endRowIndex: row + 1 });
