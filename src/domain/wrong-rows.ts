import { readUser, textOf } from './cell.js';
import type { Table } from './columns.js';
import { cutText } from './cut-text.js';
import type { Notification } from './delivery/notification.js';
import type { Reading } from './fields/field.js';
import { columnNames } from './fields/fields.js';
import { findColumns } from './fields/find-columns.js';
import { fingerprint } from './identity.js';
import { cellsOf } from './parse-row.js';
import type { RowError } from './rows.js';

/** A row that its owner has to be told of. */
export interface WrongRow {
  readonly row: number;
  readonly message: string;
  /** Undefined where the row names nobody who can be told. */
  readonly user: string | undefined;
  /** The same wherever the row stands, as long as it is wrong in the same way. */
  readonly key: string;
}

/** No part of what is wrong: a trader who notes something at a wrong row need not be told again. */
const ownWords: readonly string[] = ['name', 'notes'];

/** Another row's number moves with every sorting. */
const withoutRowNumbers = (message: string): string => message.replace(/\brow \d+/g, 'row');

export const wrongRowKey = (content: readonly string[], message: string): string =>
  fingerprint([JSON.stringify([...content, withoutRowNumbers(message)])]);

/** Whose the wrong rows are, and by what they are known again. */
export function wrongRows(
  [header = [], ...below]: Table,
  errors: readonly Pick<RowError, 'row' | 'message'>[],
  { knownUsers }: Pick<Reading, 'knownUsers'>,
): readonly WrongRow[] {
  if (errors.length === 0) return [];
  const columns = findColumns(header);
  return errors.map(({ row, message }) => {
    const cells = cellsOf(below[row - 2] ?? [], columns.ok ? columns.value.positions : new Map());
    const content = columnNames.filter((name) => !ownWords.includes(name)).map((name) => textOf(cells[name]));
    const user = readUser(cells.user, knownUsers);
    return { row, message, user: user.ok ? user.value : undefined, key: wrongRowKey(content, message) };
  });
}

/** The rest is counted; every channel cuts what is still too long. */
const mostRows = 20;
const longestMessage = 300;

/** One silent message for all of a user's. `now` in ms. */
export function wrongRowsNotification(rows: readonly WrongRow[], id: string, now: number): Notification {
  const [first, ...others] = rows.toSorted((a, b) => a.row - b.row);
  const named = first === undefined ? [] : [first, ...others].slice(0, mostRows);
  const more = rows.length - named.length;
  return {
    id,
    kind: 'notice',
    title: rows.length === 1 ? `Row ${first?.row} of the sheet is wrong` : `${rows.length} rows of the sheet are wrong`,
    lines: [
      ...named.map(({ row, message }) => `Row ${row}: ${cutText(message, longestMessage)}`),
      ...(more > 0 ? [`And ${more} more: trading-alerts sheet check names them all.`] : []),
      'Until it is mended, what is wrong does not count. This is told once.',
    ],
    happenedAt: now,
    priority: 'low',
    isSilent: true,
    direction: undefined,
    facts: { wrongRows: named.map(({ row, message }) => ({ row, message })) },
  };
}
