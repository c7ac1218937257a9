import type { AnswerTitle } from '../answer-columns.js';
import { textOf } from '../cell.js';
import type { Cell, Table } from '../columns.js';
import { decimalText } from '../number-text.js';
import type { PlacedRows } from '../rows.js';
import { type Answers, headingAnswers, wrongAnswers } from './answers.js';

/** One cell to write. */
export interface AnswerCell {
  /** As a person sees it at the left of the sheet. */
  readonly row: number;
  /** Counted from 0. */
  readonly column: number;
  /** Empty text empties the cell. */
  readonly value: string | number;
}

/** A CSV file, and a cell that is formatted as text, give numbers as text. */
function saysSame(cell: Cell, value: string | number): boolean {
  if (typeof cell === 'number' && typeof value === 'number') return cell === value;
  if (cell === value) return true;
  const text = textOf(cell);
  // To spell a number takes long, and an empty cell says none.
  return text === '' || typeof value === 'string' ? text === value : text === decimalText(value);
}

/**
 * The cells that say something else than they should, from the top. A row whose alert is not known is left alone: nobody
 * has looked at it yet.
 */
export function planAnswers(
  table: Table,
  rows: Pick<PlacedRows, 'ids' | 'errors'>,
  columns: ReadonlyMap<AnswerTitle, number>,
  answersOf: (id: string) => Answers | undefined,
): readonly AnswerCell[] {
  const errors = new Map(rows.errors.map(({ row, message }) => [row, message]));
  const wanted = (row: number): Answers | undefined => {
    const message = errors.get(row);
    if (message !== undefined) return wrongAnswers(message);
    const id = rows.ids.get(row);
    return id === undefined ? headingAnswers : answersOf(id);
  };
  const cells: AnswerCell[] = [];
  const places = [...columns];
  for (let index = 1; index < table.length; index += 1) {
    const answers = wanted(index + 1);
    if (answers === undefined) continue;
    for (const [title, column] of places) {
      const value = answers[title];
      if (value === undefined || saysSame(table[index]?.[column], value)) continue;
      cells.push({ row: index + 1, column, value });
    }
  }
  return cells;
}
