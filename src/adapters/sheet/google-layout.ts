import { randomInt } from 'node:crypto';
import { missingTitles, newHeader, standingOf } from '../../domain/edit/new-sheet.js';
import type { EditProblem } from '../../domain/edit/problem.js';
import { columnLetters } from '../../domain/fields/find-columns.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError, SheetLayout } from '../../flows/ports/sheet-editor.js';
import type { GoogleSheetSettings } from './google.js';
import type { TabSnapshot } from './google-grid.js';
import { alertsTab, usersTab } from './google-new-tab.js';
import { entered, updateCell } from './google-requests.js';
import { createGoogleTabs, type GoogleTabs } from './google-tab.js';

type Edited<T> = Result<T, EditError>;

/** Google's own ids are as large. */
const newSheetId = (): number => randomInt(1, 2 ** 31 - 1);

const lost: EditProblem = {
  kind: 'lost',
  message: 'Google Sheets did not answer; nothing of it is in the sheet so far',
  remedy: 'look at the sheet in a minute, and try again',
};

async function setUp(tabs: GoogleTabs, { tab, usersTab: users }: GoogleSheetSettings): Promise<Edited<string[]>> {
  const all = await tabs.readAll();
  if (!all.ok) return all;
  const named = (title: string | undefined) => all.value.find((each) => each.title === title);
  const alerts = named(tab);
  const standing = standingOf(alerts?.table ?? []);
  if (standing === 'in-use') {
    const message = `the tab "${tab}" holds something else already`;
    const remedy = 'set SHEET_TAB to a new name, or write the columns symbol, condition and price into its first row';
    return err({ kind: 'not-empty', message, remedy });
  }
  const requests: object[] = [];
  const done: string[] = [];
  if (standing === 'set-up') done.push(`the tab "${tab}" is set up already`);
  else {
    const { sheetId, columnCount } = alerts ?? { sheetId: newSheetId(), columnCount: newHeader.length };
    const more = newHeader.length - columnCount;
    if (more > 0) requests.push({ appendDimension: { sheetId, dimension: 'COLUMNS', length: more } });
    requests.push(...alertsTab(sheetId, alerts === undefined ? tab : undefined));
    done.push(`the tab "${tab}" has its columns, what to choose from, colours, and an example that is paused`);
  }
  if (users !== undefined && named(users) === undefined) {
    requests.push(...usersTab(newSheetId(), users));
    done.push(`the tab "${users}" has its columns`);
  } else if (users !== undefined) done.push(`the tab "${users}" is there already`);
  if (requests.length === 0) return ok(done);
  const written = await tabs.write(requests, undefined);
  if (!written.ok) return written;
  const after = written.value.tabs;
  const isDone = standingOf(after.find(({ title }) => title === tab)?.table ?? []) === 'set-up';
  return isDone && (users === undefined || after.some(({ title }) => title === users)) ? ok(done) : err(lost);
}

/** A cell that only has a format, such as a bold one of the header, holds nothing. */
const widthOf = ({ grid }: TabSnapshot): number =>
  Math.max(
    0,
    ...grid.map((row) => row.findLastIndex((cell) => cell.formula || cell.isSpilled || cell.value !== '') + 1),
  );

/** After the last column that holds anything, because a person may have cells below a blank header. */
async function addColumns(tabs: GoogleTabs, titles: readonly string[]): Promise<Edited<readonly string[]>> {
  const read = await tabs.read();
  if (!read.ok) return read;
  const tab = read.value;
  const missing = missingTitles(tab.table[0] ?? [], titles);
  if (missing.length === 0) return ok([]);
  const width = widthOf(tab);
  const { sheetId } = tab;
  const more = width + missing.length - tab.columnCount;
  const written = await tabs.write(
    [
      ...(more > 0 ? [{ appendDimension: { sheetId, dimension: 'COLUMNS', length: more } }] : []),
      ...missing.map((title, index) => updateCell(sheetId, 0, width + index, entered(title))),
    ],
    tab.title,
  );
  if (!written.ok) return written;
  const after = written.value.tabs.find((each) => each.sheetId === sheetId);
  const header = after?.table[0] ?? [];
  const isAsBefore = (tab.table[0] ?? []).every((cell, column) => header[column] === cell);
  if (isAsBefore && missing.every((title, index) => header[width + index] === title)) return ok(missing);
  if (!written.value.isAtOnce && missingTitles(header, missing).length > 0) return err(lost);
  return err({
    kind: 'look',
    message: 'columns were moved while others were added',
    remedy: `look at the first row from column ${columnLetters(width)} on; it said: ${(tab.table[0] ?? []).join(', ')}`,
  });
}

/** Needs a share as an editor. */
export function createGoogleLayout(settings: GoogleSheetSettings): SheetLayout {
  const tabs = createGoogleTabs(settings);
  return {
    setUp: () => setUp(tabs, settings),
    addColumns: (titles) => addColumns(tabs, titles),
  };
}
