import { channelNames } from '../adapters/notifiers/registry.js';
import { createCsvSheet } from '../adapters/sheet/csv.js';
import { headerName } from '../domain/columns.js';
import { looksAtFunding } from '../domain/conditions/judge.js';
import { notReplayedText } from '../domain/funding.js';
import { problemText } from '../domain/problem.js';
import { readRows } from '../domain/rows.js';
import { newAlert } from '../domain/sync-plan.js';
import type { ReplayedAlert } from '../flows/replay.js';
import { readInstant } from './instant.js';

export interface ReplayAlerts {
  readonly alerts: readonly ReplayedAlert[];
  readonly rowErrors: readonly { row: number; message: string }[];
}

/**
 * The rows of a CSV file with the sheet's columns; `armed_at` (a time, UTC without a zone) says from when on a row counts,
 * blank from `armedAt` (ms). Throws where the file or its header cannot be read.
 */
export async function readReplayAlerts(path: string, armedAt: number, timeZone: string): Promise<ReplayAlerts> {
  const table = await createCsvSheet(path).read();
  if (!table.ok) throw new Error(problemText(table.error));
  const [header = [], ...below] = table.value;
  const armedColumn = header.findIndex((cell) => headerName(cell) === 'armedat');
  const alerts: ReplayedAlert[] = [];
  const rowErrors: { row: number; message: string }[] = [];
  for (const [index, cells] of below.entries()) {
    const row = index + 2;
    const written = String(cells[armedColumn] ?? '').trim();
    const armed = written === '' ? armedAt : readInstant(written);
    // Row by row, so that equal rows are replayed each.
    const read = readRows([header, cells], { knownUsers: undefined, channelNames, now: armed ?? armedAt, timeZone });
    if (!read.ok) throw new Error(read.error);
    for (const { message } of read.value.errors) rowErrors.push({ row, message });
    for (const spec of read.value.specs) {
      if (looksAtFunding(spec.condition)) rowErrors.push({ row, message: notReplayedText });
      else if (armed !== undefined) alerts.push({ row, alert: newAlert(spec, armed) });
      else rowErrors.push({ row, message: `armed_at: expected a time such as 2023-03-01 14:05, got "${written}"` });
    }
  }
  return { alerts, rowErrors };
}
