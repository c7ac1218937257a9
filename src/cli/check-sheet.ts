import { shownCell } from '../domain/cell.js';
import type { Reading } from '../domain/fields/field.js';
import { locateRows } from '../domain/locate-rows.js';
import { problemText } from '../domain/problem.js';
import { err, ok, type Result } from '../domain/result.js';
import { readRows } from '../domain/rows.js';
import { type KnownUsers, readUserRows } from '../domain/users.js';
import type { Sheet } from '../flows/ports/sheet.js';
import { tabsAsTyped } from '../flows/read-sheet.js';
import { readTabs } from '../flows/read-users-tab.js';
import { aligned } from './print.js';

/** One row, good or wrong, with its number as people see it. */
export interface CheckedRow {
  readonly row: number;
  /** Undefined where the row cannot be read. */
  readonly id?: string;
  readonly alert: string;
  readonly error?: string;
}

export interface CheckedSheet {
  readonly rows: readonly CheckedRow[];
  /** Of the users' tab, by its name. */
  readonly users: readonly { readonly row: number; readonly error: string }[];
  readonly warnings: readonly string[];
}

export const isGood = ({ rows, users }: CheckedSheet): boolean =>
  users.length === 0 && rows.every(({ error }) => error === undefined);

function checkedUsers(
  { users }: Sheet,
  table: Parameters<typeof readUserRows>[0] | undefined,
  known: KnownUsers,
): Pick<CheckedSheet, 'users' | 'warnings'> {
  if (users === undefined || table === undefined) return { users: [], warnings: [] };
  const read = readUserRows(table, known, []);
  if (!read.ok) return { users: [{ row: 1, error: `${users.name}: ${read.error}` }], warnings: [] };
  const { errors, warnings } = read.value;
  return {
    users: errors.map(({ row, message }) => ({ row, error: `${users.name}: ${message}` })),
    warnings: warnings.map((text) => `${users.name}: ${text}`),
  };
}

/** Reads every row as a check would, and writes nothing. The error: nothing could be read. */
export async function checkSheet(
  sheet: Sheet,
  reading: Reading,
  known: KnownUsers,
): Promise<Result<CheckedSheet, string>> {
  const tabs = await tabsAsTyped(sheet, await readTabs(sheet, undefined, reading.now));
  if (!tabs.ok) return err(problemText(tabs.error));
  const { alerts, users } = tabs.value;
  const [located, judged] = [locateRows(alerts, reading), readRows(alerts, reading)];
  if (!located.ok || !judged.ok) return err(located.ok ? (judged.ok ? '' : judged.error) : located.error);
  const errors = new Map(judged.value.errors.map(({ row, message }) => [row, message]));
  const rows = located.value.rows.map(({ row, id, cells }): CheckedRow => {
    const error = errors.get(row);
    const alert = [cells.symbol, cells.condition, cells.price].map((cell) => shownCell(cell).replaceAll('"', ''));
    return { row, ...(id !== undefined && { id }), alert: alert.join(' '), ...(error !== undefined && { error }) };
  });
  const tab = users?.ok ? users.value : undefined;
  const isBroken = users !== undefined && !users.ok && users.error.kind !== 'no-such-tab';
  const told = checkedUsers(sheet, tab, known);
  const broken = isBroken ? [{ row: 1, error: problemText(users.error) }] : [];
  return ok({
    rows,
    users: [...broken, ...told.users],
    warnings: [...judged.value.warnings, ...told.warnings],
  });
}

export function shownCheck(checked: CheckedSheet): string {
  const { rows, users, warnings } = checked;
  const wrong = rows.filter(({ error }) => error !== undefined).length + users.length;
  const lines = [
    ...rows.map(({ row, alert, error }) => [`row ${row}`, alert, error ?? 'good']),
    ...users.map(({ row, error }) => [`row ${row}`, '', error]),
  ];
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, ${wrong === 0 ? 'none wrong' : `${wrong} wrong`}`;
  return [...(lines.length > 0 ? [aligned(lines)] : []), ...warnings, count].join('\n');
}
