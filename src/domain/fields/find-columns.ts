import { type Cell, headerName } from '../columns.js';
import { cutText } from '../cut-text.js';
import { err, ok, type Result } from '../result.js';
import { type ColumnName, columnNames, columns } from './fields.js';

const required = columnNames.filter((column) => columns[column].isRequired);

/** As people are told of them. */
export const requiredTitles: readonly string[] = required.map((column) => columns[column].title);
export const optionalTitles: readonly string[] = columnNames
  .filter((column) => !required.includes(column))
  .map((column) => columns[column].title);

/** Where each known column stands; unknown columns are the trader's own and are left out. */
export interface Columns {
  readonly positions: ReadonlyMap<ColumnName, number>;
  readonly warnings: readonly string[];
}

/** A, B, … Z, AA: the letters a person sees above the column. */
export function columnLetters(position: number): string {
  const letter = String.fromCharCode(65 + (position % 26));
  return position < 26 ? letter : columnLetters(Math.floor(position / 26) - 1) + letter;
}

const placesOf = (names: readonly string[], spellings: readonly string[]): readonly number[] =>
  names.flatMap((name, position) => (spellings.includes(name) ? [position] : []));

/**
 * The error is a sentence for the trader: a required column is missing, or stands twice, so that no row can be trusted.
 */
export function findColumns(header: readonly Cell[]): Result<Columns, string> {
  const names = header.map(headerName);
  const positions = new Map<ColumnName, number>();
  const warnings: string[] = [];
  for (const column of columnNames) {
    const { title, aliases = [], otherwise = [], isRequired = false } = columns[column];
    const named = placesOf(names, [headerName(title), ...aliases]);
    const found = named.length > 0 ? named : placesOf(names, otherwise);
    const [first] = found;
    if (first === undefined) continue;
    positions.set(column, first);
    if (found.length === 1) continue;
    const places = found.map(columnLetters).join(' and ');
    if (isRequired) {
      return err(
        `the column "${column}" stands twice (${places}), so it is not clear which one counts; keep one of them`,
      );
    }
    warnings.push(`the column "${column}" stands twice (${places}); column ${columnLetters(first)} is read`);
  }
  if (names.includes('pushoveruserkey')) {
    warnings.push(
      'the column "pushover_user_key" is not read: keys belong in the secret, under users. Delete the column and name the user in "user_id"',
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
