import * as v from 'valibot';
import type { Cell, Table } from '../../domain/columns.js';
import type { Grid, GridCell } from '../../domain/edit/grid.js';
import { findPercentCells, withPercents } from '../../domain/percent-cells.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { SheetError } from '../../flows/ports/sheet.js';
import { ProtectedRanges, protectionFields } from './google-protection.js';

/** A tab at one instant: Google gives it all in one answer. */
export interface TabSnapshot {
  readonly title: string;
  readonly sheetId: number;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly protectedRanges: ProtectedRanges;
  /** As it was entered. */
  readonly grid: Grid;
  /** As a check reads it. */
  readonly table: Table;
}

/** What is asked for of each tab; without a mask Google sends the looks of every cell too. */
export const tabFields =
  `sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),${protectionFields},` +
  'data(rowData(values(userEnteredValue,effectiveValue,formattedValue,effectiveFormat(numberFormat(type))))))';

interface CellData {
  readonly userEnteredValue?: ExtendedValue;
  readonly effectiveValue?: ExtendedValue;
  readonly formattedValue?: string;
  readonly effectiveFormat?: { readonly numberFormat?: { readonly type?: string } };
}

/** https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ExtendedValue */
export interface ExtendedValue {
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
  readonly formulaValue?: string;
  readonly errorValue?: unknown;
}

/** A row without cells comes as an empty object. */
interface RowData {
  readonly values?: readonly CellData[];
}

const isRows = (rows: unknown): boolean =>
  Array.isArray(rows) && rows.every((row) => typeof row === 'object' && row !== null);

/** The cells are read by hand, because a schema would copy every one. A 0 may be left out. */
const Sheets = v.array(
  v.object({
    properties: v.object({
      sheetId: v.optional(v.number(), 0),
      title: v.string(),
      gridProperties: v.optional(
        v.object({ rowCount: v.optional(v.number(), 0), columnCount: v.optional(v.number(), 0) }),
        {},
      ),
    }),
    protectedRanges: v.optional(ProtectedRanges, []),
    data: v.optional(v.array(v.object({ rowData: v.optional(v.custom<readonly RowData[]>(isRows), []) })), []),
  }),
);
const Spreadsheet = v.object({ sheets: Sheets });
const SpreadsheetBody = v.pipe(v.string(), v.parseJson(), Spreadsheet);
const UpdateBody = v.pipe(v.string(), v.parseJson(), v.object({ updatedSpreadsheet: Spreadsheet }));

const plain = ({ stringValue, numberValue, boolValue }: ExtendedValue = {}): Cell =>
  stringValue ?? numberValue ?? boolValue ?? '';

const isDate = /^(DATE|TIME|DATE_TIME)$/;

/** The raw value; what a formula broke, and dates, as they are shown. */
function cellOf({ effectiveValue, formattedValue, effectiveFormat }: CellData): Cell {
  const isShown = effectiveValue?.errorValue !== undefined || isDate.test(effectiveFormat?.numberFormat?.type ?? '');
  return isShown ? (formattedValue ?? '') : plain(effectiveValue);
}

/** Of which a sheet holds most; one of each is enough. */
const emptyCell: GridCell = { value: '' };
const spilledCell: GridCell = { value: '', isSpilled: true };

function gridCellOf({ userEnteredValue, effectiveValue }: CellData): GridCell {
  if (userEnteredValue === undefined) return effectiveValue === undefined ? emptyCell : spilledCell;
  const { formulaValue } = userEnteredValue;
  return formulaValue === undefined ? { value: plain(userEnteredValue) } : { value: '', formula: formulaValue };
}

function withShownPercents(table: Table, cells: readonly (readonly CellData[])[]): Table {
  const percents = findPercentCells(table);
  if (percents === undefined) return table;
  const whole = withPercents(
    table,
    percents,
    cells.map((row) => [row[percents.column]?.formattedValue ?? '']),
  );
  // Both come from one answer, so none of them moved.
  return whole.ok ? whole.value : table;
}

function snapshotsOf({ sheets }: v.InferOutput<typeof Spreadsheet>): readonly TabSnapshot[] {
  return sheets.map(({ properties, protectedRanges, data }) => {
    const cells = (data[0]?.rowData ?? []).map(({ values }) => (Array.isArray(values) ? values : []));
    const table = cells.map((row) => row.map(cellOf));
    const { title, sheetId, gridProperties } = properties;
    return {
      title,
      sheetId,
      rowCount: gridProperties.rowCount ?? 0,
      columnCount: gridProperties.columnCount ?? 0,
      protectedRanges,
      grid: cells.map((row) => row.map(gridCellOf)),
      table: withShownPercents(table, cells),
    };
  });
}

const noCells: SheetError = {
  kind: 'bad-response',
  message: 'Google Sheets answered with something other than tabs and their cells',
  remedy: "check GOOGLE_SHEETS_BASE_URL, and whether a proxy answers in Google's place",
};

/** Of spreadsheets.get. */
export function readTabs(text: string): Result<readonly TabSnapshot[], SheetError> {
  const body = v.safeParse(SpreadsheetBody, text);
  return body.success ? ok(snapshotsOf(body.output)) : err(noCells);
}

/** Of spreadsheets.batchUpdate, as the tabs were right after it. */
export function readUpdatedTabs(text: string): Result<readonly TabSnapshot[], SheetError> {
  const body = v.safeParse(UpdateBody, text);
  return body.success ? ok(snapshotsOf(body.output.updatedSpreadsheet)) : err(noCells);
}
