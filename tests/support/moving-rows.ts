import { formulaInRow } from '../../src/domain/edit/grid.js';
import { deleteRows, insertRows, sortRows } from '../../src/simulators/google/rows.js';
import { isRich, type SheetCell, type SheetRows, typedOf } from '../../src/simulators/google/state.js';
import type { Chance } from './candle-series.js';

export const oneOf = <T>(chance: Chance, items: readonly T[]): T => items[chance.below(items.length)] as T;

/** A note on the first cell, which no program looks at, tells a row from its twins. */
export const markerOf = ([first]: readonly SheetCell[]): string | undefined => (isRich(first) ? first.note : undefined);

const isFormula = (cell: SheetCell, beginning = '='): boolean => String(typedOf(cell) ?? '').startsWith(beginning);
const fillsColumn = (cell: SheetCell): boolean => isFormula(cell, '=ARRAY');

/** The first `width` cells by row; formulas as they would be in the first one, so that a row may stand anywhere. */
export const contents = (rows: SheetRows, width: number): Map<string, unknown[]> =>
  new Map(
    rows.flatMap((row, at): [string, unknown[]][] => {
      const marker = markerOf(row);
      const cells = Array.from({ length: width }, (_, column) => {
        const cell = row[column];
        return isFormula(cell) ? formulaInRow(String(typedOf(cell)), at, 0) : (typedOf(cell) ?? '');
      });
      return marker === undefined ? [] : [[marker, cells]];
    }),
  );

/** What a person does in one go, sorting by one of these columns; gives the marker of the row that goes. */
export function act(chance: Chance, rows: SheetRows, sortedBy: readonly number[]): string | undefined {
  const at = 1 + chance.below(rows.length - 1);
  const row = rows[at] ?? [];
  const what = oneOf(chance, ['sort', 'insert', 'delete', 'delete'] as const);
  if (what === 'sort') sortRows(rows, oneOf(chance, sortedBy), chance.isHit(0.5));
  if (what === 'insert') insertRows(rows, at, 1 + chance.below(2));
  // Without the row that fills the column the others would be empty there.
  if (what !== 'delete' || row.some(fillsColumn)) return undefined;
  deleteRows(rows, at);
  return markerOf(row);
}
