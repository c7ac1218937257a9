import type { Cell, Table } from '../columns.js';
import { findColumns } from '../fields/find-columns.js';

const isSame = (a: Cell, b: Cell): boolean => (a ?? '') === (b ?? '');

/** Whether both ask for the same, row by row, so that what was read of one holds for the other. Blank rows may follow. */
export function asksForSame(before: Table, after: Table): boolean {
  const [header = []] = before;
  const columns = findColumns(header);
  if (!columns.ok) return false;
  const positions = [...columns.value.positions.values()];
  const width = Math.max(header.length, after[0]?.length ?? 0);
  for (let column = 0; column < width; column += 1) if (!isSame(header[column], after[0]?.[column])) return false;
  for (let index = 1; index < Math.max(before.length, after.length); index += 1) {
    if (!positions.every((column) => isSame(before[index]?.[column], after[index]?.[column]))) return false;
  }
  return true;
}
