import { createPriceSources } from '../app.js';
import type { Alert } from '../domain/alert.js';
import type { RowTarget } from '../domain/edit/plan-edit.js';
import { explanationRecord } from '../domain/explanation-record.js';
import { explainedLines, wrongRowSentence } from '../domain/explanation-text.js';
import { newAlert } from '../domain/sync-plan.js';
import { explain } from '../flows/explain.js';
import { type AskedRow, findAskedRow } from './asked-row.js';
import { readTarget } from './edit-alert.js';
import { openEditedSheet } from './edited-sheet.js';
import { print, tell } from './print.js';
import { hasSheet, openTable, type StoredTable, sheetOf, type TableOptions } from './stored-table.js';

export type WhyOptions = TableOptions;

const noSheet = (target: RowTarget): AskedRow => ({
  ...{ row: undefined, spec: undefined, error: undefined, id: 'id' in target ? target.id : undefined },
  problem: 'no sheet was read; set GOOGLE_SHEETS_SPREADSHEET_ID to look into it',
});

const wrongLines = ({ row, error }: AskedRow): readonly string[] =>
  error === undefined ? [] : [wrongRowSentence(row, error)];

/** What is stored of it, else what the next check would make of its row. */
async function alertOf({ store }: StoredTable, { id, spec, error }: AskedRow, now: number) {
  const stored = id === undefined ? undefined : await store.get(id);
  if (stored !== undefined) return { alert: stored, isStored: true };
  const fresh: Alert | undefined = spec === undefined || error !== undefined ? undefined : newAlert(spec, now);
  return { alert: fresh, isStored: false };
}

/** Resolves to the exit code: 1 where the row is wrong, or there is nothing of that name. */
export async function runWhy(text: string, options: WhyOptions): Promise<number> {
  const target = readTarget(text);
  const opened = await openTable(options);
  try {
    const { store, history, config } = opened;
    const [{ alerts }, checkpoint] = await Promise.all([store.list(), store.readCheckpoint()]);
    const asked = hasSheet(options, process.env)
      ? await findAskedRow(await openEditedSheet(sheetOf(options)), target, alerts)
      : noSheet(target);
    if (asked.problem !== undefined) tell(asked.problem);
    const { alert, isStored } = await alertOf(opened, asked, Date.now());
    const wrong = wrongLines(asked);
    if (alert === undefined) {
      const nothing = 'id' in target ? `there is no alert "${target.id}"` : `there is no alert in row ${target.row}`;
      if (options.json) print(JSON.stringify({ row: asked.row ?? null, error: asked.error ?? nothing }));
      else if (wrong.length > 0) print(wrong.join('\n'));
      else tell(`${nothing}; trading-alerts list names those that are stored`);
      return 1;
    }
    const ports = { exchanges: createPriceSources(config), history, now: Date.now };
    const explained = await explain(ports, { alert, isStored, row: asked.row, checkpoint });
    const { timeZone } = config;
    if (options.json) print(JSON.stringify({ error: asked.error ?? null, ...explanationRecord(explained, timeZone) }));
    else print([...wrong, ...explainedLines(explained, timeZone)].join('\n'));
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}
