import { blankOrBroken, shownCell, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { decimalText } from '../number-text.js';
import { err, ok, type Result } from '../result.js';

/** What a kind tells of a cell that it cannot read. */
export interface Wanted {
  readonly name: string;
  readonly example: string;
}

/** `condition: rises needs "5% in 1h" in the price cell, got "5"` and, where it is known, what to write. */
export function refusal({ name, example }: Wanted, cell: Cell, remedy?: string): string {
  const sentence = `condition: ${name} needs "${example}" in the price cell, got ${shownCell(cell)}`;
  return remedy === undefined ? sentence : `${sentence}; ${remedy}`;
}

export const notLessThanAll = ({ name, example }: Wanted, cell: Cell): string =>
  `condition: ${name} needs less than 100% in the price cell, since no price falls by all of itself, got ${shownCell(cell)}; write for example ${example}`;

/** Longer ones are no target, and would not fit into a message. */
const longestTarget = 140;

/** The text of a cell that holds some. */
export function readTargetText(wanted: Wanted, cell: Cell): Result<string, string> {
  const problem = blankOrBroken('price', cell, wanted.example);
  if (problem !== undefined) return err(problem);
  const text = typeof cell === 'number' && Number.isFinite(cell) ? decimalText(cell) : textOf(cell);
  return typeof cell === 'boolean' || text.length > longestTarget ? err(refusal(wanted, cell)) : ok(text);
}
