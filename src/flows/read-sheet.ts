import type { Table } from '../domain/columns.js';
import { findPercentCells, withPercents } from '../domain/percent-cells.js';
import { err, ok, type Result } from '../domain/result.js';
import type { Sheet, SheetError } from './ports.js';

/** One read; one more of the price column where a number there may be a percentage, which would be another alert. */
export async function readSheet(sheet: Sheet): Promise<Result<Table, SheetError>> {
  const table = await sheet.read();
  if (!table.ok || sheet.readShown === undefined) return table;
  const cells = findPercentCells(table.value);
  if (cells === undefined) return table;
  const shown = await sheet.readShown(cells.column);
  if (!shown.ok) return shown;
  const whole = withPercents(table.value, cells, shown.value);
  if (whole.ok) return ok(whole.value);
  const message = `the sheet was edited while it was read: ${whole.error}`;
  return err({ kind: 'unavailable', message, remedy: 'the next run reads again' });
}
