import { readCells } from './cells.js';
import { protectedCell } from './errors.js';
import { isProtected, isRowProtected } from './protection.js';
import { done, type Outcome, type Request, refuse } from './request.js';
import { deleteRows, insertRows, moved } from './rows.js';
import { sizeOf } from './spreadsheet.js';
import { type GoogleState, type GridRangeJson, lookOf, tabOf } from './state.js';
import { put } from './values.js';

export interface Dimension {
  readonly sheetId?: number;
  readonly dimension?: string;
  readonly startIndex?: number;
  readonly endIndex?: number;
}

export function deleteDimension(state: GoogleState, tab: string, { range }: Request): Outcome {
  const { dimension, startIndex = 0, endIndex } = range as Dimension;
  const last = endIndex ?? sizeOf(state, tab).rowCount;
  if (dimension !== 'ROWS') return refuse('deleteDimension', 'this simulator deletes rows only');
  if (last > sizeOf(state, tab).rowCount) {
    return refuse('deleteDimension', `Cannot delete a row that doesn't exist. Tried to delete row index ${last - 1}`);
  }
  for (let row = startIndex; row < last; row += 1) {
    if (isRowProtected(state, tab, row)) return { error: protectedCell };
  }
  deleteRows(state.tabs.get(tab) ?? [], startIndex, last - startIndex);
  return done;
}

export function insertDimension(state: GoogleState, tab: string, { range }: Request): Outcome {
  const { dimension, startIndex = 0, endIndex = startIndex + 1 } = range as Dimension;
  if (dimension !== 'ROWS') return refuse('insertDimension', 'this simulator inserts rows only');
  insertRows(state.tabs.get(tab) ?? [], startIndex, endIndex - startIndex);
  return done;
}

export function appendDimension(state: GoogleState, tab: string, { dimension, length }: Request): Outcome {
  const { rowCount, columnCount } = sizeOf(state, tab);
  const look = lookOf(state, tab);
  if (dimension === 'ROWS') look.rowCount = rowCount + Number(length);
  else look.columnCount = columnCount + Number(length);
  return done;
}

/** With everything that the cells have; a cell that a formula of another one fills is copied as what it shows. */
export function copyPaste(state: GoogleState, tab: string, { source, destination }: Request): Outcome {
  const from = source as GridRangeJson;
  const to = destination as GridRangeJson;
  const target = tabOf(state, to.sheetId ?? 0);
  if (target === undefined) return refuse('copyPaste', `No grid with id: ${to.sheetId ?? 0}`);
  const rows = state.tabs.get(tab) ?? [];
  const read = readCells(rows);
  const [row, into] = [from.startRowIndex ?? 0, to.startRowIndex ?? 0];
  const { startColumnIndex = 0, endColumnIndex = read[row]?.length ?? 0 } = from;
  for (let column = startColumnIndex; column < endColumnIndex; column += 1) {
    const place = column - startColumnIndex + (to.startColumnIndex ?? 0);
    if (isProtected(state, target, into, place)) return { error: protectedCell };
    const cell = read[row]?.[column];
    const copy = cell?.isSpilled ? cell.unformatted : moved(rows[row]?.[column], row, into);
    put(state.tabs.get(target) ?? [], into, place, () => copy ?? '');
  }
  return done;
}
