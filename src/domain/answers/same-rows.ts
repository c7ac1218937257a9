import type { Cell, Table } from '../columns.js';
import { findColumns } from '../fields/find-columns.js';

const isSame = (a: Cell, b: Cell): boolean => (a ?? '') === (b ?? '');

/** Whether both ask for the same, row by row, so that what was read of one holds for the other. */
export function asksForSame(before: Table, after: Table): boolean {
  const [header = []] = before;
  const columns = findColumns(header);
  if (!columns.ok || before.length !== after.length) return false;
  const positions = [...columns.value.positions.values()];
  const isSameHeader = Array.from({ length: Math.max(header.length, after[0]?.length ?? 0) }, (_, column) =>
    isSame(header[column], after[0]?.[column]),
  ).every((each) => each);
  return (
    isSameHeader &&
    before.every((row, index) => positions.every((column) => isSame(row[column], after[index]?.[column])))
  );
}
