import { protectedCell } from './errors.js';
import { isProtected } from './protection.js';
import { type Refusal, refuse } from './request.js';
import { sizeOf } from './spreadsheet.js';
import {
  type GoogleState,
  type GridRangeJson,
  isEmpty,
  isRich,
  type RichCell,
  type SheetCell,
  type SheetRows,
  typedOf,
  withTyped,
} from './state.js';
import { put } from './values.js';

type CellJson = Readonly<Record<string, unknown>>;

const cellFields = ['note', 'userEnteredFormat', 'dataValidation'] as const;
const known = ['userEnteredValue', ...cellFields];

/** Text stays text, whatever it looks like. https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/other#ExtendedValue */
function enter(cell: SheetCell, value: unknown): SheetCell {
  const { stringValue, numberValue, boolValue, formulaValue } = (value ?? {}) as Record<string, unknown>;
  if (typeof formulaValue === 'string') return withTyped(cell, formulaValue);
  if (typeof stringValue === 'string') return withTyped(cell, stringValue, true);
  if (typeof numberValue === 'number') return withTyped(cell, numberValue);
  return withTyped(cell, typeof boolValue === 'boolean' ? boolValue : '');
}

/** The masked fields as they are given; what is masked and not given is emptied, and the others stay. */
function updated(cell: SheetCell, given: CellJson, mask: readonly string[]): SheetCell {
  const all = mask.includes('*');
  const next = all || mask.includes('userEnteredValue') ? enter(cell, given.userEnteredValue) : cell;
  const changed = cellFields.filter((name) => all || mask.includes(name));
  if (changed.length === 0) return next;
  const rich: Record<string, unknown> = isRich(next) ? { ...next } : { typed: next };
  for (const name of changed) {
    if (given[name] === undefined) delete rich[name];
    else rich[name] = given[name];
  }
  return Object.keys(rich).length === 1 ? (rich.typed as SheetCell) : (rich as unknown as RichCell);
}

interface Update {
  readonly tab: string;
  readonly rows: readonly { readonly values?: readonly CellJson[] }[];
  readonly fields: string;
  readonly firstRow: number;
  readonly firstColumn: number;
  /** Of a range, whose cells without data are emptied. */
  readonly height?: number;
  readonly width?: number;
}

function apply(state: GoogleState, name: string, update: Update): Refusal | undefined {
  const { tab, rows, fields, firstRow, firstColumn } = update;
  const mask = fields.split(',').map((field) => field.trim());
  const wrong = mask.find((field) => field !== '*' && !known.includes(field));
  if (fields === '' || wrong !== undefined)
    return refuse(name, `Invalid field: ${wrong ?? 'at least one must be given'}`);
  const { rowCount, columnCount } = sizeOf(state, tab);
  const height = update.height ?? rows.length;
  const sheet = state.tabs.get(tab) ?? [];
  for (let down = 0; down < height; down += 1) {
    const values = rows[down]?.values ?? [];
    for (let right = 0; right < (update.width ?? values.length); right += 1) {
      const [row, column] = [firstRow + down, firstColumn + right];
      if (row >= rowCount) {
        return refuse(name, `Attempting to write row: ${row}, beyond the last requested row of: ${rowCount - 1}`);
      }
      if (column >= columnCount) {
        const last = columnCount - 1;
        return refuse(name, `Attempting to write column: ${column}, beyond the last requested column of: ${last}`);
      }
      if (isProtected(state, tab, row, column)) return { error: protectedCell };
      put(sheet, row, column, (cell) => updated(cell, values[right] ?? {}, mask));
    }
  }
  return undefined;
}

const rowsOf = (value: unknown) => (Array.isArray(value) ? (value as Update['rows']) : []);

export function updateCells(state: GoogleState, tab: string, request: CellJson): Refusal | undefined {
  const start = request.start as { rowIndex?: number; columnIndex?: number } | undefined;
  const range = request.range as GridRangeJson | undefined;
  const given = { tab, rows: rowsOf(request.rows), fields: String(request.fields ?? '') };
  if (range === undefined) {
    return apply(state, 'updateCells', {
      ...given,
      firstRow: start?.rowIndex ?? 0,
      firstColumn: start?.columnIndex ?? 0,
    });
  }
  const { rowCount, columnCount } = sizeOf(state, tab);
  const { startRowIndex: firstRow = 0, startColumnIndex: firstColumn = 0 } = range;
  return apply(state, 'updateCells', {
    ...given,
    firstRow,
    firstColumn,
    height: (range.endRowIndex ?? rowCount) - firstRow,
    width: (range.endColumnIndex ?? columnCount) - firstColumn,
  });
}

const hasContent = (cells: SheetRows[number]): boolean => cells.some((cell) => !isEmpty(typedOf(cell)));

/** Below the last row that holds anything. https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request#AppendCellsRequest */
export function appendCells(state: GoogleState, tab: string, request: CellJson): Refusal | undefined {
  const sheet = state.tabs.get(tab) ?? [];
  const rows = rowsOf(request.rows);
  const firstRow = sheet.findLastIndex(hasContent) + 1;
  const { rowCount } = sizeOf(state, tab);
  while (sheet.length < Math.min(firstRow, rowCount)) sheet.push([]);
  // The grid grows where it has no more room.
  while (sheet.length < firstRow + rows.length) sheet.push([]);
  return apply(state, 'appendCells', {
    tab,
    rows,
    fields: String(request.fields ?? ''),
    firstRow,
    firstColumn: 0,
  });
}
