import { cutText } from './cut-text.js';
import { err, ok, type Result } from './result.js';

/** A raw cell: Google Sheets gives numbers and booleans as such, a CSV file gives text. */
export type Cell = string | number | boolean | null | undefined;

/** What a sheet is to us: the header row first, then everything below it. Rows may differ in length. */
export type Table = readonly (readonly Cell[])[];

const aliases = {
  symbol: ['symbol'],
  condition: ['condition'],
  price: ['price', 'targetprice'],
  user: ['userid'],
  exchange: ['exchange'],
  active: ['active'],
  name: ['name'],
  notes: ['notes'],
  id: ['id'],
} as const;

export type Column = keyof typeof aliases;

const required: readonly Column[] = ['symbol', 'condition', 'price'];

/** Where each known column stands; unknown columns are the trader's own and are left out. */
export interface Columns {
  readonly positions: ReadonlyMap<Column, number>;
  readonly warnings: readonly string[];
}

const normalized = (cell: Cell): string =>
  String(cell ?? '')
    .toLowerCase()
    .replace(/[\s_]/g, '');

/** A, B, … Z, AA: the letters a person sees above the column. */
export function columnLetters(position: number): string {
  const letter = String.fromCharCode(65 + (position % 26));
  return position < 26 ? letter : columnLetters(Math.floor(position / 26) - 1) + letter;
}

/**
 * Names match without regard to case, spaces and underscores.
 * The error is a sentence for the trader: a required column is missing, or stands twice, so that no row can be trusted.
 */
export function findColumns(header: readonly Cell[]): Result<Columns, string> {
  const names = header.map(normalized);
  const positions = new Map<Column, number>();
  const warnings: string[] = [];
  for (const [column, spellings] of Object.entries(aliases) as [Column, readonly string[]][]) {
    const found = names.flatMap((name, position) => (spellings.includes(name) ? [position] : []));
    const [first] = found;
    if (first === undefined) continue;
    positions.set(column, first);
    if (found.length === 1) continue;
    const places = found.map(columnLetters).join(' and ');
    if (required.includes(column)) {
      return err(
        `the column "${column}" stands twice (${places}), so it is not clear which one counts; keep one of them`,
      );
    }
    warnings.push(`the column "${column}" stands twice (${places}); column ${columnLetters(first)} is read`);
  }
  if (names.includes('pushoveruserkey')) {
    warnings.push(
      'the column "pushover_user_key" is not read: keys belong in the secret, under pushover_users. Delete the column and name the user in "user_id"',
    );
  }
  const missing = required.filter((column) => !positions.has(column));
  if (missing.length > 0) {
    const came = header.map((cell) => cutText(String(cell ?? '').trim(), 40)).filter(Boolean);
    return err(
      `the first row must name the columns symbol, condition and price; ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing` +
        ` (the first row holds: ${came.length > 0 ? cutText(came.join(', '), 200) : 'nothing'})`,
    );
  }
  return ok({ positions, warnings });
}
