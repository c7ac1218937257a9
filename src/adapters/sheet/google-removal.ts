import { filledInCopy, type GridCell, rowKey } from '../../domain/edit/grid.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError } from '../../flows/ports/sheet-editor.js';
import type { TabSnapshot } from './google-grid.js';
import { rowOf } from './google-requests.js';
import type { GoogleTabs } from './google-tab.js';

interface Removal {
  readonly tabs: GoogleTabs;
  readonly tab: TabSnapshot;
  /** Counted from 0. */
  readonly index: number;
  /** For the tab that keeps the row meanwhile; nobody else's. */
  readonly keeperId: number;
  readonly ignored: ReadonlySet<number>;
  shown(row: readonly GridCell[]): string;
  /** Whether a row that somebody has edited meanwhile is the one that was meant all the same. */
  isMeant(row: readonly GridCell[]): boolean;
}

/** Where a formula of one row fills the cells of others. */
export const spilledColumns = ({ grid }: TabSnapshot): ReadonlySet<number> =>
  new Set(grid.flatMap((row) => row.flatMap(({ isSpilled }, column) => (isSpilled ? [column] : []))));

/** Stretches of columns that may be pasted. */
function stretches(
  width: number,
  without: ReadonlySet<number>,
): { startColumnIndex: number; endColumnIndex: number }[] {
  const found: { startColumnIndex: number; endColumnIndex: number }[] = [];
  for (let column = 0; column < width; column += 1) {
    if (without.has(column)) continue;
    const last = found.at(-1);
    if (last?.endColumnIndex === column) last.endColumnIndex = column + 1;
    else found.push({ startColumnIndex: column, endColumnIndex: column + 1 });
  }
  return found;
}

const copy = (from: object, to: object) => ({
  copyPaste: { source: from, destination: to, pasteType: 'PASTE_NORMAL', pasteOrientation: 'NORMAL' },
});

/** The kept row, with its formats, notes and boxes, into a new row in its place; a position is enough for that. */
async function putBack(removal: Removal, keeper: TabSnapshot, width: number): Promise<boolean> {
  const { tabs, tab, index, keeperId } = removal;
  const range = { sheetId: tab.sheetId, dimension: 'ROWS', startIndex: index, endIndex: index + 1 };
  const filled = filledInCopy(keeper.grid[index] ?? [], tab.grid, removal.ignored);
  const pastes = stretches(width, filled).map((columns) =>
    copy({ ...rowOf(keeperId, index), ...columns }, { ...rowOf(tab.sheetId, index), ...columns }),
  );
  const requests = [{ insertDimension: { range } }, ...pastes, { deleteSheet: { sheetId: keeper.sheetId } }];
  const written = await tabs.write(requests, undefined);
  // All or none: with the keeper the rest has been done.
  return written.ok && !written.value.tabs.some(({ sheetId }) => sheetId === keeperId);
}

/**
 * Deletes a row, and knows what it deleted: the row that stands there is copied to a tab of its own in the same breath.
 * Without the copy nobody could tell afterwards which of two missing rows was ours and which somebody else's.
 * Gives what else is to be told.
 */
export async function removeRow(removal: Removal): Promise<Result<readonly string[], EditError>> {
  const { tabs, tab, index, keeperId, ignored, shown, isMeant } = removal;
  const { sheetId, rowCount, columnCount } = tab;
  const title = `trading-alerts removes a row (${keeperId})`;
  const target = tab.grid[index] ?? [];
  const meant = `row ${index + 1} (${shown(target)})`;
  const range = { sheetId, dimension: 'ROWS', startIndex: index, endIndex: index + 1 };
  const written = await tabs.write(
    [
      {
        addSheet: { properties: { sheetId: keeperId, title, hidden: true, gridProperties: { rowCount, columnCount } } },
      },
      // To the same row number, so that its formulas find their way back.
      copy(rowOf(sheetId, index), rowOf(keeperId, index)),
      { deleteDimension: { range } },
    ],
    undefined,
  );
  if (!written.ok) return written;
  const keeper = written.value.tabs.find((each) => each.sheetId === keeperId);
  if (keeper === undefined) {
    const message = `Google Sheets did not answer; ${meant} is there so far`;
    return err({ kind: 'lost', message, remedy: 'look at the sheet in a minute, and try again' });
  }
  const deleted = keeper.grid[index] ?? [];
  const strange = new Set([...ignored, ...spilledColumns(tab)]);
  if (rowKey(deleted, strange) === rowKey(target, strange) || isMeant(deleted)) {
    const cleaned = await tabs.write([{ deleteSheet: { sheetId: keeperId } }], tab.title);
    return ok(cleaned.ok && cleaned.value.isAtOnce ? [] : [`the hidden tab "${title}" may be left; delete it`]);
  }
  const hit = deleted.length === 0 ? 'a blank row' : shown(deleted);
  const came = `rows were moved while ${meant} was removed, and the removal hit ${hit}`;
  if (await putBack(removal, keeper, Math.max(columnCount, deleted.length))) {
    return err({ kind: 'moved', message: `${came}, which was put back; nothing is changed`, remedy: 'try again' });
  }
  const remedy = `look at the sheet; the hidden tab "${title}" holds the row`;
  return err({ kind: 'look', message: `${came}, which could not be put back`, remedy });
}
