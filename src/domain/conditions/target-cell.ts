import { isBlank, shownCell, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { err, ok, type Result } from '../result.js';
import { decimalText } from './number-text.js';

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
  if (isBlank(cell)) return err(`price is blank: write ${wanted.example}`);
  const text = typeof cell === 'number' && Number.isFinite(cell) ? decimalText(cell) : textOf(cell);
  // Sheets shows a broken formula as `#N/A`, `#REF!` and so on.
  if (/^#[A-Z/0]+[!?]?$/.test(text)) {
    return err(`price holds the formula error ${text}: repair the formula or write ${wanted.example}`);
  }
  return typeof cell === 'boolean' || text.length > longestTarget ? err(refusal(wanted, cell)) : ok(text);
}
