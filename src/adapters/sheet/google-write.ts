import type { CellChange } from '../../domain/edit/cells.js';
import { type CellWrite, type GridCell, rowKey } from '../../domain/edit/grid.js';
import { type Damage, judgeWrite, type Landing } from '../../domain/edit/judge-write.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError } from '../../flows/ports/sheet-editor.js';
import type { TabSnapshot } from './google-grid.js';
import { entered, enteredBefore, updateCell } from './google-requests.js';
import type { GoogleTabs } from './google-tab.js';

interface Placed {
  readonly tab: TabSnapshot;
  /** Counted from 0. */
  readonly index: number;
}

interface RowWrite extends Placed {
  readonly writes: readonly CellWrite[];
  readonly requests: readonly object[];
}

interface WriteContext {
  readonly tabs: GoogleTabs;
  /** Columns that others write. */
  readonly ignored: ReadonlySet<number>;
  /** The row for people, such as `BTCUSDT above 95000`. */
  shown(row: readonly GridCell[]): string;
  /** Whether a row that somebody has edited meanwhile is the one that was meant all the same. */
  isMeant(tab: TabSnapshot, index: number): boolean;
}

interface Outcome {
  readonly tab: TabSnapshot;
  readonly landing: Landing;
  readonly isAtOnce: boolean;
}

async function writeOnce({ tabs, ignored }: WriteContext, write: RowWrite): Promise<Result<Outcome, EditError>> {
  const { tab, index, writes, requests } = write;
  const written = await tabs.write(requests, tab.title);
  if (!written.ok) return written;
  const after = written.value.tabs.find(({ sheetId }) => sheetId === tab.sheetId);
  if (after === undefined)
    return err({ kind: 'look', message: `the tab "${tab.title}" is gone`, remedy: 'look at the sheet' });
  const { isAtOnce } = written.value;
  const landing = judgeWrite({ before: tab.grid, after: after.grid, index, writes, isAtOnce, ignored });
  return ok({ tab: after, landing, isAtOnce });
}

interface ToPutBack {
  /** As the row was after it was hit. */
  readonly damaged: readonly GridCell[];
  readonly damage: Damage;
}

/** The rows may move again while a row is put back, and another one is hit: then that one is put back first. */
const mostPutBacks = 8;

/** True when every cell that was hit says again what it said. */
async function putBack(
  context: WriteContext,
  hit: { readonly tab: TabSnapshot; readonly damage: Damage },
  columns: readonly number[],
): Promise<boolean> {
  const { ignored } = context;
  let { tab } = hit;
  const left: ToPutBack[] = [{ damaged: tab.grid[hit.damage.index] ?? [], damage: hit.damage }];
  for (let round = 0; round < mostPutBacks; round += 1) {
    const last = left.at(-1);
    if (last === undefined) return true;
    const { damaged, damage } = last;
    const isIt = (row: readonly GridCell[]): boolean => rowKey(row, ignored) === rowKey(damaged, ignored);
    const index = isIt(tab.grid[damage.index] ?? []) ? damage.index : tab.grid.findIndex(isIt);
    if (index < 0) return false;
    const from = damage.original?.index ?? index;
    const cells = columns.map((column) => ({ column, cell: damage.original?.row[column] ?? { value: '' } }));
    const requests = cells.map(({ column, cell }) =>
      updateCell(tab.sheetId, index, column, enteredBefore(cell, from, index)),
    );
    const written = await writeOnce(context, { tab, index, writes: cells, requests });
    if (!written.ok) return false;
    const { landing } = written.value;
    tab = written.value.tab;
    if (landing.kind === 'landed') left.pop();
    else if (landing.kind === 'unclear') return false;
    else if (landing.kind === 'elsewhere') {
      left.push({ damaged: tab.grid[landing.damage.index] ?? [], damage: landing.damage });
    }
  }
  return left.length === 0;
}

const shownCell = ({ formula, value }: GridCell): string => formula ?? (String(value ?? '') || 'blank');

/** Where the row that was hit stands for people. */
const place = ({ index }: Damage): string => `row ${index + 1}`;

async function repair(
  context: WriteContext,
  hit: { readonly tab: TabSnapshot; readonly damage: Damage },
  changes: readonly CellChange[],
  meant: string,
): Promise<EditError> {
  const { original } = hit.damage;
  const what = original === undefined ? 'a blank row' : context.shown(original.row);
  const came = `rows were moved while ${meant} was edited, and the edit hit ${place(hit.damage)} (${what})`;
  const columns = changes.map(({ column }) => column);
  if (await putBack(context, hit, columns)) {
    return { kind: 'moved', message: `${came}, which was put back; nothing is changed`, remedy: 'try again' };
  }
  const before = changes.map(({ column, title }) => `${title} ${shownCell(original?.row[column] ?? { value: '' })}`);
  return {
    kind: 'look',
    message: `${came}, which could not be put back`,
    remedy: `look at the row (${what}) and write what stood there: ${before.join(', ')}`,
  };
}

/**
 * Writes the cells of one row. Sheets cannot be told to write only where the row is still the same, so what the write
 * hit is found out afterwards, and put back where it was another row.
 */
export async function writeRow(
  context: WriteContext,
  { tab, index }: Placed,
  changes: readonly CellChange[],
): Promise<Result<Placed, EditError>> {
  const meant = `row ${index + 1} (${context.shown(tab.grid[index] ?? [])})`;
  const writes = changes.map(({ column, value }): CellWrite => ({ column, cell: { value } }));
  const requests = changes.map(({ column, value }) => updateCell(tab.sheetId, index, column, entered(value)));
  const written = await writeOnce(context, { tab, index, writes, requests });
  if (!written.ok) return written;
  const { tab: after, landing, isAtOnce } = written.value;
  switch (landing.kind) {
    case 'landed':
      return ok({ tab: after, index: landing.index });
    case 'elsewhere':
      return err(await repair(context, { tab: after, damage: landing.damage }, changes, meant));
    case 'nowhere': {
      if (isAtOnce)
        return err({
          kind: 'moved',
          message: `rows were moved while ${meant} was edited; nothing is changed`,
          remedy: 'try again',
        });
      const message = `Google Sheets did not answer; ${meant} is as it was so far`;
      return err({ kind: 'lost', message, remedy: 'look at the sheet in a minute, and try again' });
    }
    case 'unclear': {
      const at = landing.index;
      if (at !== undefined && context.isMeant(after, at)) return ok({ tab: after, index: at });
      const where = at === undefined ? 'the sheet' : `row ${at + 1}`;
      return err({
        kind: 'look',
        message: `somebody changed the sheet while ${meant} was edited, and it cannot be told which row the edit hit`,
        remedy: `look at ${where}`,
      });
    }
  }
}
