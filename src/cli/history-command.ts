import { csvLine } from '../adapters/sheet/csv-text.js';
import { historyRecord } from '../domain/history-record.js';
import { findAskedRow } from './asked-row.js';
import { readTarget } from './edit-alert.js';
import { openEditedSheet } from './edited-sheet.js';
import { historyColumns, historyValues, shownHistory } from './history-table.js';
import { print, tell } from './print.js';
import { openTable, type StoredTable, sheetOf, type TableOptions } from './stored-table.js';

export interface HistoryOptions extends TableOptions {
  /** ms */
  readonly since: number;
  readonly alert?: string;
  readonly user?: string;
  readonly csv?: true;
}

/** A row's number says nothing without the sheet; an id is taken as it is, for its row may be gone. */
async function alertIdOf(text: string, options: HistoryOptions, { store }: StoredTable): Promise<string> {
  const target = readTarget(text);
  if ('id' in target) return target.id;
  const { alerts } = await store.list();
  const { id, error, problem } = await findAskedRow(await openEditedSheet(sheetOf(options)), target, alerts);
  if (id !== undefined) return id;
  throw new Error(
    problem ?? `row ${target.row}: ${error ?? 'there is no alert in it'}; give the id of the alert instead`,
  );
}

/** Resolves to the exit code. */
export async function runHistory(options: HistoryOptions): Promise<number> {
  const { since: from, user, alert, json, csv } = options;
  const opened = await openTable(options);
  try {
    const { history, config } = opened;
    const alertId = alert === undefined ? undefined : await alertIdOf(alert, options, opened);
    const query = {
      from,
      to: Date.now() + 1,
      ...(alertId !== undefined && { alertId }),
      ...(user !== undefined && { user }),
    };
    const { records, unreadable } = await history.read(query);
    if (json) print(JSON.stringify(records.map(historyRecord)));
    else if (csv) print([historyColumns, ...records.map(historyValues)].map((values) => csvLine(values)).join('\n'));
    else print(shownHistory(records, config.timeZone));
    for (const { id, message } of unreadable) tell(`the item ${id} of the history cannot be read: ${message}`);
    return unreadable.length === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}
