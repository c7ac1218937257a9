import { randomInt } from 'node:crypto';
import pLimit from 'p-limit';
import { answerTitles } from '../../domain/answer-columns.js';
import { textOf } from '../../domain/cell.js';
import type { CellChange } from '../../domain/edit/cells.js';
import type { GridCell } from '../../domain/edit/grid.js';
import { stagesOf } from '../../domain/edit/judge-write.js';
import { type EditContext, findRow, planAppend, planChange, planRemoval } from '../../domain/edit/plan-edit.js';
import { columnLetters } from '../../domain/fields/find-columns.js';
import { type LocatedRows, locateRows } from '../../domain/locate-rows.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError, SheetEditor } from '../../flows/ports/sheet-editor.js';
import type { GoogleAccess } from './google-api.js';
import type { TabSnapshot } from './google-grid.js';
import { removeRow, spilledColumns } from './google-removal.js';
import { entered } from './google-requests.js';
import { columnsNamed, createGoogleTabs, type GoogleTabs } from './google-tab.js';
import { writeRow } from './google-write.js';

type Edited<T> = Result<T, EditError>;

interface Read {
  readonly tab: TabSnapshot;
  readonly sheet: LocatedRows;
  readonly ignored: ReadonlySet<number>;
}

function locate(tab: TabSnapshot, { reading, stored }: EditContext): Edited<Read> {
  const sheet = locateRows(tab.table, reading, stored);
  if (!sheet.ok) return err({ kind: 'wrong-cells', message: sheet.error });
  return ok({ tab, sheet: sheet.value, ignored: columnsNamed(tab.table, answerTitles) });
}

async function read(tabs: GoogleTabs, context: EditContext): Promise<Edited<Read>> {
  const tab = await tabs.read();
  return tab.ok ? locate(tab.value, context) : tab;
}

/** As people know the row: its symbol, condition and price. */
function shownRow({ columns: { positions } }: LocatedRows, row: readonly GridCell[]): string {
  const places = [positions.get('symbol'), positions.get('condition'), positions.get('price')];
  const texts = places.map((column = -1) => row[column]?.formula ?? textOf(row[column]?.value));
  return texts.filter((text) => text !== '').join(' ') || 'without a symbol';
}

const formula = (message: string): Edited<never> =>
  err({ kind: 'formula', message, remedy: 'change it in the sheet, where the formula can be seen' });

/** A formula is never overwritten, nor a cell that a formula of another one fills. */
function guardCells({ grid }: TabSnapshot, index: number, changes: readonly CellChange[]): Edited<undefined> {
  for (const { column, title } of changes) {
    const cell = grid[index]?.[column];
    if (cell?.formula === undefined && !cell?.isSpilled) continue;
    return formula(`row ${index + 1}: "${title}" (${columnLetters(column)}${index + 1}) is filled by a formula`);
  }
  return ok(undefined);
}

/** Without the formula in it, a whole column would be empty. */
function guardRow(tab: TabSnapshot, index: number): Edited<undefined> {
  const column = [...spilledColumns(tab)].find((each) => tab.grid[index]?.[each]?.formula !== undefined);
  if (column === undefined) return ok(undefined);
  return formula(`row ${index + 1} holds the formula that fills the column ${columnLetters(column)}`);
}

/** A formula that fills a whole column would fill the new row too. */
function guardColumns({ grid }: TabSnapshot, changes: readonly CellChange[]): Edited<undefined> {
  const filled = changes.find(({ column }) => grid.some((row) => row[column]?.isSpilled));
  return filled === undefined ? ok(undefined) : formula(`the column "${filled.title}" is filled by a formula`);
}

async function append(tabs: GoogleTabs, cells: Parameters<SheetEditor['append']>[0], context: EditContext) {
  const found = await read(tabs, context);
  if (!found.ok) return found;
  const { tab, sheet } = found.value;
  const planned = planAppend(sheet, cells, context, (below) => randomInt(below));
  if (!planned.ok) return planned;
  const { changes, id, notes } = planned.value;
  const guarded = guardColumns(tab, changes);
  if (!guarded.ok) return guarded;
  const width = Math.max(...changes.map(({ column }) => column)) + 1;
  const values = Array.from({ length: width }, (_, column) => {
    const change = changes.find((each) => each.column === column);
    return change === undefined ? {} : { userEnteredValue: entered(change.value) };
  });
  const request = { appendCells: { sheetId: tab.sheetId, rows: [{ values }], fields: 'userEnteredValue' } };
  const written = await tabs.write([request], tab.title);
  if (!written.ok) return written;
  const after = written.value.tabs.find(({ sheetId }) => sheetId === tab.sheetId);
  const now = after === undefined ? undefined : locate(after, context);
  const row = now?.ok ? now.value.sheet.rows.find((each) => each.id === id) : undefined;
  if (row === undefined || !now?.ok) {
    if (written.value.isAtOnce)
      return err<EditError>({ kind: 'look', message: 'the new row is not to be found', remedy: 'look at the sheet' });
    const message = 'Google Sheets did not answer; the new row is not in the sheet so far';
    return err<EditError>({ kind: 'lost', message, remedy: 'look at the sheet in a minute, and try again' });
  }
  const shown = shownRow(now.value.sheet, now.value.tab.grid[row.row - 1] ?? []);
  return ok({ row: row.row, id, shown, isChanged: true, notes });
}

/** Harmless, and it helps the next try: the id that its alert has. */
const withId = (error: EditError): EditError => ({
  ...error,
  message: `${error.message}, but that the row has its id now`,
});

async function change(
  tabs: GoogleTabs,
  [target, cells, context]: Parameters<SheetEditor['change']>,
): Promise<Awaited<ReturnType<SheetEditor['change']>>> {
  const found = await read(tabs, context);
  if (!found.ok) return found;
  const { tab, sheet, ignored } = found.value;
  const row = findRow(sheet, target);
  if (!row.ok) return row;
  const { id, givenId } = row.value;
  const planned = planChange(sheet, row.value, cells, context);
  if (!planned.ok) return planned;
  let placed = { tab, index: row.value.row - 1 };
  const shown = (cellsOfRow: readonly GridCell[]) => shownRow(sheet, cellsOfRow);
  const edited = (isChanged: boolean) => ({
    row: placed.index + 1,
    id,
    shown: shown(placed.tab.grid[placed.index] ?? []),
    isChanged,
    notes: [],
  });
  if (planned.value.length === 0) return ok(edited(false));
  const guarded = guardCells(tab, placed.index, planned.value);
  if (!guarded.ok) return guarded;
  const idColumn = sheet.columns.positions.get('id') ?? -1;
  const isMeant = (after: TabSnapshot, index: number) =>
    givenId !== undefined && textOf(after.table[index]?.[idColumn]) === givenId;
  for (const [stage, changes] of stagesOf(tab.grid, placed.index, planned.value, ignored).entries()) {
    const written = await writeRow({ tabs, ignored, shown, isMeant }, placed, changes);
    if (!written.ok) return stage === 0 ? written : err(withId(written.error));
    placed = written.value;
  }
  return ok(edited(true));
}

async function remove(tabs: GoogleTabs, [target, context]: Parameters<SheetEditor['remove']>) {
  const found = await read(tabs, context);
  if (!found.ok) return found;
  const { tab, sheet, ignored } = found.value;
  const row = planRemoval(sheet, target);
  if (!row.ok) return row;
  const { id, givenId, row: number } = row.value;
  const guarded = guardRow(tab, number - 1);
  if (!guarded.ok) return guarded;
  const idColumn = sheet.columns.positions.get('id') ?? -1;
  const removed = await removeRow({
    tabs,
    tab,
    index: number - 1,
    keeperId: randomInt(1, 2 ** 31 - 1),
    ignored,
    shown: (cells) => shownRow(sheet, cells),
    isMeant: (cells) => givenId !== undefined && textOf(cells[idColumn]?.value) === givenId,
  });
  if (!removed.ok) return removed;
  const shown = shownRow(sheet, tab.grid[number - 1] ?? []);
  return ok({ row: number, id, shown, isChanged: true, notes: removed.value });
}

/** One edit at a time: two of them would move each other's rows. */
export function createGoogleEditor(settings: GoogleAccess): SheetEditor {
  const tabs = createGoogleTabs(settings);
  const oneByOne = pLimit(1);
  return {
    append: (cells, context) => oneByOne(() => append(tabs, cells, context)),
    change: (...asked) => oneByOne(() => change(tabs, asked)),
    remove: (...asked) => oneByOne(() => remove(tabs, asked)),
  };
}
