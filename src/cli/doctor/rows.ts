import type { Table } from '../../domain/columns.js';
import type { Reading } from '../../domain/fields/field.js';
import { optionalTitles, requiredTitles } from '../../domain/fields/find-columns.js';
import { readRows, type SheetRows } from '../../domain/rows.js';
import type { Sheet } from '../../flows/ports/sheet.js';
import { readAlerts } from '../../flows/read-sheet.js';
import { type Finding, right, skipped, wrong } from './findings.js';

const mostRowsShown = 20;
const columns = `${requiredTitles.join(', ')}, and as you like ${optionalTitles.join(', ')}`;

function rowsFinding({ rows, specs, errors }: SheetRows, note: string): Finding {
  if (errors.length === 0) {
    return right('rows', rows === 0 ? 'none yet' : `${specs.length} good, none wrong${note}`);
  }
  const shown = errors.slice(0, mostRowsShown).map(({ row, message }) => `row ${row}: ${message}`);
  const more = errors.length - shown.length;
  const rest = more > 0 ? [`${more} more; trading-alerts check --dry-run names them all`] : [];
  return wrong('rows', `${specs.length} good, ${errors.length} wrong${note}`, [...shown, ...rest].join('\n'));
}

/** As a check reads it, percentages included; a file that imports adapters may not import a flow. */
export const readTable = (sheet: Sheet): ReturnType<typeof readAlerts> => readAlerts(sheet);

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
