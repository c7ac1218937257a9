import type { Table } from '../domain/columns.js';
import { findPercentCells, withPercents } from '../domain/percent-cells.js';
import { err, ok, type Result } from '../domain/result.js';
import type { Sheet, SheetError } from './ports/sheet.js';
import type { ReadTabs } from './read-users-tab.js';

/** One more read, of the price column, where a number there may be a percentage, which would be another alert. */
async function withShownPercents({ readShown }: Sheet, table: Table): Promise<Result<Table, SheetError>> {
  const cells = findPercentCells(table);
  if (readShown === undefined || cells === undefined) return ok(table);
  const shown = await readShown(cells.column);
  if (!shown.ok) return shown;
  const whole = withPercents(table, cells, shown.value);
  if (whole.ok) return whole;
  const message = `the sheet was edited while it was read: ${whole.error}`;
  return err({ kind: 'unavailable', message, remedy: 'the next run reads again' });
}

/** The tabs with the alerts' percentages as they were typed. */
export async function tabsAsTyped(
  sheet: Sheet,
  read: Result<ReadTabs, SheetError>,
): Promise<Result<ReadTabs, SheetError>> {
  if (!read.ok) return read;
  const alerts = await withShownPercents(sheet, read.value.alerts);
  return alerts.ok ? ok({ ...read.value, alerts: alerts.value }) : alerts;
}
