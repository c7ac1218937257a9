import { type GridRange, gridSize, parseRange } from './a1-range.js';
import { type ReadCell, readCells } from './cells.js';
import { type GoogleState, isEmpty, isRich, type Look, lookOf, type SheetCell, sheetIdOf } from './state.js';

/** Content makes a new spreadsheet's 1,000 rows and 26 columns grow. */
export function sizeOf(state: GoogleState, tab: string): { rowCount: number; columnCount: number } {
  const { rows, columns } = gridSize(state.tabs.get(tab) ?? []);
  const { rowCount, columnCount } = lookOf(state, tab);
  return { rowCount: Math.max(rows, rowCount ?? 0), columnCount: Math.max(columns, columnCount ?? 0) };
}

export const rangeIn = (state: GoogleState, text: string): GridRange | undefined =>
  parseRange(text, state.tabs, (tab) => {
    const { rowCount: rows, columnCount: columns } = sizeOf(state, tab);
    return { rows, columns };
  });

function extendedValue(value: ReadCell['unformatted'], isError: boolean): object | undefined {
  if (isError) return { errorValue: { type: 'REF', message: 'Array result was not expanded' } };
  if (isEmpty(value)) return undefined;
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: String(value) };
}

/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#CellData */
function cellData(cell: SheetCell, read: ReadCell): object {
  const { note, userEnteredFormat, dataValidation } = isRich(cell) ? cell : {};
  const { unformatted, formatted, formula, isSpilled, numberFormat } = read;
  const isError = (formula !== undefined || isSpilled) && /^#[A-Z/?!]+$/.test(String(unformatted));
  const effectiveValue = extendedValue(unformatted, isError);
  const userEnteredValue =
    formula !== undefined ? { formulaValue: formula } : isSpilled ? undefined : extendedValue(unformatted, false);
  return {
    ...(userEnteredValue && { userEnteredValue }),
    ...(effectiveValue && { effectiveValue, formattedValue: formatted }),
    ...(userEnteredFormat && { userEnteredFormat }),
    ...(numberFormat && { effectiveFormat: { numberFormat } }),
    ...(note !== undefined && { note }),
    ...(dataValidation && { dataValidation }),
  };
}

function gridData(state: GoogleState, tab: string) {
  const rows = state.tabs.get(tab) ?? [];
  const read = readCells(rows);
  const rowData = rows.map((row, index) => {
    const values = read[index]?.map((cell, column) => cellData(row[column], cell)) ?? [];
    const filled = values.slice(0, values.findLastIndex((value) => Object.keys(value).length > 0) + 1);
    return filled.length === 0 ? {} : { values: filled };
  });
  const { rowCount, columnCount } = sizeOf(state, tab);
  const metadata = (count: number) => Array.from({ length: count }, () => ({ pixelSize: 21 }));
  return { rowData, rowMetadata: metadata(rowCount), columnMetadata: metadata(columnCount) };
}

/** Who else may edit is told to those who may. */
function protections({ protectedRanges }: Look, sheetId: number, clientEmail: string) {
  return protectedRanges.map(({ range, requestingUserCanEdit, ...rest }) => ({
    ...rest,
    range: { ...range, ...(sheetId !== 0 && { sheetId }) },
    ...(requestingUserCanEdit && { requestingUserCanEdit, editors: { users: [clientEmail] } }),
  }));
}

/** `tabs`: those whose cells are asked for; undefined: all tabs, without cells. */
function sheetsOf(state: GoogleState, tabs: readonly string[] | undefined) {
  return [...state.tabs.keys()].flatMap((title, index) => {
    if (tabs !== undefined && !tabs.includes(title)) return [];
    const look = lookOf(state, title);
    const sheetId = sheetIdOf(state, title);
    const { frozenRowCount, hidden } = look;
    const gridProperties = { ...sizeOf(state, title), ...(frozenRowCount && { frozenRowCount }) };
    return {
      properties: { sheetId, title, index, sheetType: 'GRID', gridProperties, ...(hidden && { hidden }) },
      ...(tabs !== undefined && { data: [gridData(state, title)] }),
      ...(look.conditionalFormats.length > 0 && { conditionalFormats: look.conditionalFormats }),
      ...(look.protectedRanges.length > 0 && {
        protectedRanges: protections(look, sheetId, state.account.clientEmail),
      }),
    };
  });
}

/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/get; the error is the range that is none. */
export function spreadsheetOf(
  state: GoogleState,
  { ranges, withCells }: { readonly ranges: readonly string[]; readonly withCells: boolean },
): { readonly spreadsheet: object } | { readonly badRange: string } {
  const found = ranges.map((range) => rangeIn(state, range)?.tab);
  const wrong = ranges.find((_, place) => found[place] === undefined);
  if (wrong !== undefined) return { badRange: wrong };
  const named = found.flatMap((tab) => tab ?? []);
  const asked = ranges.length > 0 ? named : [...state.tabs.keys()];
  const shown = sheetsOf(state, withCells || ranges.length > 0 ? asked : undefined);
  const sheets = withCells ? shown : shown.map(({ data: _, ...rest }) => rest);
  const spreadsheet = {
    spreadsheetId: state.spreadsheetId,
    properties: { title: 'Simulated alerts', locale: 'en_US', autoRecalc: 'ON_CHANGE', timeZone: 'Etc/GMT' },
    sheets,
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${state.spreadsheetId}/edit`,
  };
  return { spreadsheet };
}
