import { choices, exampleRow, newHeader, statusLooks, usersHeader } from '../../domain/edit/new-sheet.js';
import { channelNames } from '../notifiers/registry.js';
import { entered } from './google-requests.js';

/** Light colours, on which black text stays easy to read. */
const colours = {
  good: { red: 0.85, green: 0.94, blue: 0.83 },
  news: { red: 0.81, green: 0.89, blue: 0.95 },
  quiet: { red: 0.93, green: 0.93, blue: 0.93 },
  bad: { red: 0.96, green: 0.8, blue: 0.8 },
};

const rowJson = (cells: readonly (string | number | boolean)[]) => ({
  values: cells.map((cell) => ({ userEnteredValue: entered(cell) })),
});

const bold = (sheetId: number, width: number) => ({
  repeatCell: {
    range: { sheetId, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: width },
    cell: { userEnteredFormat: { textFormat: { bold: true } } },
    fields: 'userEnteredFormat.textFormat.bold',
  },
});

const frozen = (sheetId: number) => ({
  updateSheetProperties: {
    properties: { sheetId, gridProperties: { frozenRowCount: 1 } },
    fields: 'gridProperties.frozenRowCount',
  },
});

/** All rows below the header, or the first of them alone. */
const below = (sheetId: number, column: number, isFirstOnly = false) => ({
  sheetId,
  startRowIndex: 1,
  ...(isFirstOnly && { endRowIndex: 2 }),
  startColumnIndex: column,
  endColumnIndex: column + 1,
});

const dropDown = (sheetId: number, title: string, words: readonly string[]) => ({
  setDataValidation: {
    range: below(sheetId, newHeader.indexOf(title)),
    rule: {
      condition: { type: 'ONE_OF_LIST', values: words.map((userEnteredValue) => ({ userEnteredValue })) },
      showCustomUi: true,
      // Other words are read too, in Russian or several at once.
      strict: false,
    },
  },
});

/**
 * In the example row alone: on an empty row a box would show unticked what counts as active, and Google may take a row
 * with a box for one that holds something, and append below all of them.
 */
const tickBox = (sheetId: number) => ({
  setDataValidation: {
    range: below(sheetId, newHeader.indexOf('active'), true),
    rule: { condition: { type: 'BOOLEAN' }, showCustomUi: true },
  },
});

const colourRules = (sheetId: number) =>
  statusLooks.map(({ begins, look }, index) => ({
    addConditionalFormatRule: {
      rule: {
        ranges: [below(sheetId, newHeader.indexOf('status'))],
        booleanRule: {
          condition: { type: 'TEXT_STARTS_WITH', values: [{ userEnteredValue: begins }] },
          format: { backgroundColor: colours[look] },
        },
      },
      index,
    },
  }));

const typed = (text: string, title = ''): string | number | boolean => {
  if (title === 'active') return text === 'TRUE';
  return title === 'price' ? Number(text) : text;
};

const addTab = (sheetId: number, title: string) => ({
  addSheet: { properties: { sheetId, title, gridProperties: { rowCount: 1_000, columnCount: 26, frozenRowCount: 1 } } },
});

const cells = (sheetId: number, rows: readonly object[]) => ({
  updateCells: { start: { sheetId, rowIndex: 0, columnIndex: 0 }, rows, fields: 'userEnteredValue' },
});

/** Everything of the alerts' tab, in the order in which it has to be done. The colours are there twice where it is done twice. */
export const alertsTab = (sheetId: number, newTitle: string | undefined) => [
  ...(newTitle === undefined ? [frozen(sheetId)] : [addTab(sheetId, newTitle)]),
  cells(sheetId, [rowJson(newHeader), rowJson(exampleRow.map((text, column) => typed(text, newHeader[column])))]),
  bold(sheetId, newHeader.length),
  ...Object.entries({ ...choices, notify: channelNames }).map(([title, words]) => dropDown(sheetId, title, words)),
  tickBox(sheetId),
  ...colourRules(sheetId),
];

export const usersTab = (sheetId: number, title: string) => [
  addTab(sheetId, title),
  cells(sheetId, [rowJson(usersHeader)]),
  bold(sheetId, usersHeader.length),
];
