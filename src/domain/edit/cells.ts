import { Big } from 'big.js';
import { readActive, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { findConditionName, kindNamed } from '../conditions/registry.js';
import type { ColumnName } from '../fields/fields.js';
import { decimalText } from '../number-text.js';

export type EditableColumn = Exclude<ColumnName, 'id'>;

/** What shall stand in a row, as a person would write it; an empty text empties the cell, what is left out stays. */
export type RowCells = Readonly<Partial<Record<EditableColumn, string>>>;

/** One cell of a row. `value` is empty text where the cell is emptied. */
export interface CellChange {
  readonly column: number;
  /** As people are told of it. */
  readonly title: string;
  readonly value: string | number | boolean;
}

/** Whether a cell already says that, so that it need not be written. */
export function saysSame(column: ColumnName, cell: Cell, text: string): boolean {
  if (column !== 'active') return textOf(cell) === text.trim();
  const [stands, asked] = [readActive(cell), readActive(text)];
  return stands.ok && asked.ok && stands.value === asked.value;
}

/** Of such a condition a number may be a percentage, when the cell is formatted so from the time when one stood in it. */
function mayBePercent(condition: Cell): boolean {
  const name = findConditionName(textOf(condition));
  return name !== undefined && kindNamed(name).allowsPercent;
}

/**
 * A price is a number only where its decimal survives one: a double holds 15 digits. `condition` is what the row will
 * say there.
 */
export function typedValue(column: ColumnName, text: string, condition: Cell): CellChange['value'] {
  const trimmed = text.trim();
  const active = column === 'active' && trimmed !== '' ? readActive(trimmed) : undefined;
  if (active?.ok) return active.value;
  if (column !== 'price' || mayBePercent(condition) || !/^\d{1,20}(\.\d{1,20})?$/.test(trimmed)) return trimmed;
  const number = Number(trimmed);
  return new Big(decimalText(number)).eq(trimmed) && new Big(number).eq(trimmed) ? number : trimmed;
}
