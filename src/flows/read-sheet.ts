import { findPercentCells, withPercents } from '../domain/percent-cells.js';
import { err, ok, type Result } from '../domain/result.js';
import type { Sheet, SheetError } from './ports/sheet.js';
import type { ReadTabs } from './read-users-tab.js';

/** One more read, of the price column, where a number there may be a percentage, which would be another alert. */
export async function withShownPercents(
  { readShown }: Sheet,
  read: Result<ReadTabs, SheetError>,
): Promise<Result<ReadTabs, SheetError>> {
  const cells = read.ok ? findPercentCells(read.value.alerts) : undefined;
  if (!read.ok || readShown === undefined || cells === undefined) return read;
  const shown = await readShown(cells.column);
  if (!shown.ok) return shown;
  const whole = withPercents(read.value.alerts, cells, shown.value);
  if (whole.ok) return ok({ ...read.value, alerts: whole.value });
  const message = `the sheet was edited while it was read: ${whole.error}`;
  return err({ kind: 'unavailable', message, remedy: 'the next run reads again' });
}
