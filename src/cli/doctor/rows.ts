import type { Table } from '../../domain/columns.js';
import type { Reading } from '../../domain/fields/field.js';
import { optionalTitles, requiredTitles } from '../../domain/fields/find-columns.js';
import type { Result } from '../../domain/result.js';
import { readRows, type SheetRows } from '../../domain/rows.js';
import { type KnownUsers, readUserRows, type UserRows } from '../../domain/users.js';
import type { Sheet, SheetError } from '../../flows/ports/sheet.js';
import { tabsAsTyped } from '../../flows/read-sheet.js';
import { type ReadTabs, readTabs } from '../../flows/read-users-tab.js';
import { type Finding, right, skipped, wrong } from './findings.js';

/** The check of the users' tab; that of the secret's users is called `users`. */
export const usersCheck = 'users tab';

const mostRowsShown = 20;
const columns = `${requiredTitles.join(', ')}, and as you like ${optionalTitles.join(', ')}`;

/** What to write into the wrong rows, a line each. */
function remediesOf(errors: SheetRows['errors'] | UserRows['errors']): string {
  const shown = errors.slice(0, mostRowsShown).map(({ row, message }) => `row ${row}: ${message}`);
  const more = errors.length - shown.length;
  const rest = more > 0 ? [`${more} more; trading-alerts check --dry-run names them all`] : [];
  return [...shown, ...rest].join('\n');
}

function rowsFinding({ rows, specs, errors }: SheetRows, note: string): Finding {
  if (errors.length === 0) {
    return right('rows', rows === 0 ? 'none yet' : `${specs.length} good, none wrong${note}`);
  }
  return wrong('rows', `${specs.length} good, ${errors.length} wrong${note}`, remediesOf(errors));
}

/** Of the tab of that name, or the file in its place. Every row with a mistake counts as wrong, whatever else it says. */
export function usersFinding(name: string, table: Table, known: KnownUsers, note: string): Finding {
  const rows = readUserRows(table, known, []);
  if (!rows.ok) return wrong(usersCheck, `"${name}" cannot be used`, rows.error);
  const { settings, errors, warnings } = rows.value;
  if (errors.length > 0) {
    const wrongRows = `"${name}" has ${errors.length} wrong ${errors.length === 1 ? 'row' : 'rows'}${note}`;
    return wrong(usersCheck, wrongRows, remediesOf(errors));
  }
  const said = settings.length === 0 ? 'says nothing of anybody yet' : `is right for ${shownNames(settings)}${note}`;
  return right(usersCheck, `"${name}" ${said}`, warnings.join('\n') || undefined);
}

const mostNamesShown = 10;

function shownNames(settings: UserRows['settings']): string {
  const names = settings.slice(0, mostNamesShown).map(({ user }) => user);
  const more = settings.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Percentages included, and the users where there are some; a file that imports adapters may not import a flow. */
export const readAsACheck = async (sheet: Sheet, now: number): Promise<Result<ReadTabs, SheetError>> =>
  tabsAsTyped(sheet, await readTabs(sheet, undefined, now));

export type UsersRead = ReadTabs['users'];

/** Without known users their names cannot be compared, for the reason in `note`. */
export function tableFindings(table: Table, reading: Reading, note: string): Finding[] {
  const rows = readRows(table, reading);
  if (!rows.ok) {
    return [wrong('header', rows.error, `write the columns ${columns}`), skipped('rows', 'the header is not right')];
  }
  const { warnings } = rows.value;
  const header = right('header', 'symbol, condition and price are there', warnings.join('\n') || undefined);
  return [header, rowsFinding(rows.value, note)];
}
