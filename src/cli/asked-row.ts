import type { Alert, AlertSpec } from '../domain/alert.js';
import type { RowTarget } from '../domain/edit/plan-edit.js';
import { type LocatedRow, locateRows } from '../domain/locate-rows.js';
import { problemText } from '../domain/problem.js';
import { readRows } from '../domain/rows.js';
import type { Sheet } from '../flows/ports/sheet.js';
import { tabsAsTyped } from '../flows/read-sheet.js';
import { readTabs } from '../flows/read-users-tab.js';
import type { EditedSheet } from './edited-sheet.js';

/** What the sheet says of the row or alert that is asked about. */
export interface AskedRow {
  readonly row: number | undefined;
  /** Of its alert; undefined where there is no such row, or its id is wrong. */
  readonly id: string | undefined;
  readonly spec: AlertSpec | undefined;
  /** All that is wrong with the row, and what to write. */
  readonly error: string | undefined;
  /** Why the sheet could not be looked into. */
  readonly problem: string | undefined;
}

const unknownRow = ({ id }: { id?: string }, problem?: string): AskedRow => ({
  ...{ row: undefined, id, spec: undefined, error: undefined, problem },
});

async function readTable(sheet: Sheet, now: number) {
  const tabs = await tabsAsTyped(sheet, await readTabs(sheet, undefined, now));
  return tabs.ok ? { table: tabs.value.alerts } : { problem: problemText(tabs.error) };
}

/** As a check reads it: `stored` decides whose a copied id is. Of equal rows the first counts. */
export async function findAskedRow(
  { sheet, context }: Pick<EditedSheet, 'sheet' | 'context'>,
  target: RowTarget,
  stored: readonly Alert[],
): Promise<AskedRow> {
  const { reading } = context();
  const id = 'id' in target ? target.id : undefined;
  const read = await readTable(sheet, reading.now);
  if (read.table === undefined) return unknownRow({ ...(id !== undefined && { id }) }, read.problem);
  const [located, judged] = [locateRows(read.table, reading, stored), readRows(read.table, reading, stored)];
  if (!located.ok || !judged.ok) {
    const problem = located.ok ? (judged.ok ? undefined : judged.error) : located.error;
    return unknownRow({ ...(id !== undefined && { id }) }, problem);
  }
  const isAsked = (each: LocatedRow): boolean => ('row' in target ? each.row === target.row : each.id === target.id);
  const found = located.value.rows.find(isAsked);
  if (found === undefined) return unknownRow({ ...(id !== undefined && { id }) });
  const error = judged.value.errors.find(({ row }) => row === found.row)?.message;
  return {
    ...{ row: found.row, id: found.id, error, problem: undefined },
    spec: found.spec.ok ? found.spec.value : undefined,
  };
}
