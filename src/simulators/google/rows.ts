import { formulaOf } from './cells.js';
import { isRich, type SheetCell, type SheetRows, typedOf, withTyped } from './state.js';

/** A formula goes with its row: what it says of its own row, it then says of the new one. `$` pins a row. */
export function moved(cell: SheetCell, from: number, to: number): SheetCell {
  const formula = formulaOf(cell);
  if (formula === undefined || from === to) return cell;
  const next = formula.replace(/(?<![A-Z$\d])(\$?[A-Z]{1,3})(\d+)(?!\d|\()/g, (whole, letters, row) =>
    Number(row) === from + 1 ? `${letters}${to + 1}` : whole,
  );
  return isRich(cell) ? { ...cell, typed: next } : withTyped(cell, next);
}

function settle(rows: SheetRows, before: readonly SheetCell[][]): void {
  for (const [index, row] of rows.entries()) {
    const from = before.indexOf(row);
    if (from >= 0 && from !== index) rows[index] = row.map((cell) => moved(cell, from, index));
  }
}

/** Rows are counted from 0, the header included. */
export function insertRows(rows: SheetRows, at: number, count = 1): void {
  const before = [...rows];
  // Below the last row there is nothing to move.
  if (at < rows.length) rows.splice(at, 0, ...Array.from({ length: count }, () => []));
  settle(rows, before);
}

export function deleteRows(rows: SheetRows, at: number, count = 1): void {
  const before = [...rows];
  rows.splice(at, count);
  settle(rows, before);
}

/** All but the header, by what was typed into a column; blanks go last. */
export function sortRows(rows: SheetRows, column: number, isDescending = false): void {
  const before = [...rows];
  const [header = [], ...below] = rows;
  const key = (row: SheetCell[]): string => String(typedOf(row[column]) ?? '');
  below.sort((a, b) => {
    if (key(a) === '' || key(b) === '') return Number(key(a) === '') - Number(key(b) === '');
    return key(a).localeCompare(key(b), 'en', { numeric: true }) * (isDescending ? -1 : 1);
  });
  rows.splice(0, rows.length, header, ...below);
  settle(rows, before);
}
