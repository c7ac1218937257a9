import type { Cell } from '../../domain/columns.js';
import { type GridRange, shownRange } from './a1-range.js';
import { readCells } from './cells.js';
import { badRange, invalid, invalidField, protectedCell } from './errors.js';
import { isProtected } from './protection.js';
import { rangeIn, sizeOf } from './spreadsheet.js';
import { type GoogleState, isEmpty, type SheetRows, withTyped } from './state.js';

type Failure = { readonly error: { readonly code: number } };

function withoutTail<T>(items: readonly T[], isTail: (item: T) => boolean): T[] {
  return items.slice(0, items.findLastIndex((item) => !isTail(item)) + 1);
}

/** Trailing empty cells and rows are left out; a range that is all empty has no `values` at all. */
function valueRange(state: GoogleState, range: GridRange, render: string) {
  const cells = readCells(state.tabs.get(range.tab) ?? []).slice(range.firstRow - 1, range.lastRow);
  const rows = cells.map((row) => {
    const inside = row.slice(range.firstColumn - 1, range.lastColumn);
    return withoutTail(inside, ({ unformatted, formula }) => formula === undefined && isEmpty(unformatted)).map(
      ({ unformatted, formatted, formula }) =>
        render === 'FORMULA' ? (formula ?? unformatted) : render === 'UNFORMATTED_VALUE' ? unformatted : formatted,
    );
  });
  const values = withoutTail(rows, (row) => row.length === 0);
  return { range: shownRange(range), majorDimension: 'ROWS', ...(values.length > 0 && { values }) };
}

/** `dateTimeRenderOption=FORMATTED_STRING` is taken for granted. */
export function readValues(state: GoogleState, ranges: readonly string[], render = 'FORMATTED_VALUE') {
  const parsed = ranges.map((range) => rangeIn(state, range));
  const wrong = ranges.find((_, place) => parsed[place] === undefined);
  if (wrong !== undefined) return { error: badRange(wrong) };
  return { valueRanges: parsed.flatMap((range) => (range === undefined ? [] : valueRange(state, range, render))) };
}

interface Write {
  readonly row: number;
  readonly column: number;
  readonly value: Cell;
}

const isCell = (value: unknown): value is Cell =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The cells that are not null: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values#ValueRange */
function writesOf(range: GridRange, values: unknown, place: number): Write[] | Failure {
  if (!Array.isArray(values) || !values.every((row) => Array.isArray(row) && row.every(isCell))) {
    const field = `data[${place}].values`;
    const type = 'type.googleapis.com/google.protobuf.ListValue';
    return { error: invalidField(field, `Invalid value at '${field}' (${type}), ${JSON.stringify(values)}`) };
  }
  const rows = values as Cell[][];
  const tooWide = Math.max(0, ...rows.map((row) => row.length)) > range.lastColumn - range.firstColumn + 1;
  if (rows.length > range.lastRow - range.firstRow + 1 || tooWide) {
    return { error: invalid(`Requested writing within range [${shownRange(range)}], but tried writing beyond it`) };
  }
  return rows.flatMap((row, down) =>
    row.flatMap((value, right) =>
      value === null ? [] : { row: range.firstRow - 1 + down, column: range.firstColumn - 1 + right, value },
    ),
  );
}

const distinct = (numbers: readonly number[]): number => new Set(numbers).size;

function typed(value: Cell, isRaw: boolean): Cell {
  if (isRaw || typeof value !== 'string') return value;
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** The cell in a row that may not be there yet. */
export function put(
  rows: SheetRows,
  row: number,
  column: number,
  change: (cell: SheetRows[number][number]) => unknown,
) {
  while (rows.length <= row) rows.push([]);
  const cells = rows[row] ?? [];
  while (cells.length < column) cells.push('');
  cells[column] = change(cells[column]) as SheetRows[number][number];
}

/** All of them or none. https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values/batchUpdate */
export function writeValues(state: GoogleState, body: Readonly<Record<string, unknown>>): object {
  const { valueInputOption, data } = body;
  if (valueInputOption !== 'RAW' && valueInputOption !== 'USER_ENTERED') {
    return { error: invalid("'valueInputOption' is required but not specified") };
  }
  const planned: { range: GridRange; writes: Write[] }[] = [];
  const asked = (Array.isArray(data) ? data : []) as { range?: unknown; values?: unknown }[];
  for (const [place, each] of asked.entries()) {
    const range = rangeIn(state, String(each.range));
    if (range === undefined) return { error: badRange(String(each.range)) };
    const { rowCount, columnCount } = sizeOf(state, range.tab);
    if (range.lastColumn > columnCount || range.firstRow > rowCount) {
      const shown = shownRange(range);
      return {
        error: invalid(`Range (${shown}) exceeds grid limits. Max rows: ${rowCount}, max columns: ${columnCount}`),
      };
    }
    const writes = writesOf(range, each.values, place);
    if (!Array.isArray(writes)) return writes;
    if (writes.some(({ row, column }) => isProtected(state, range.tab, row, column))) return { error: protectedCell };
    planned.push({ range, writes });
  }
  const isRaw = valueInputOption === 'RAW';
  for (const { range, writes } of planned) {
    const rows = state.tabs.get(range.tab) ?? [];
    for (const { row, column, value } of writes) {
      put(rows, row, column, (cell) => withTyped(cell, typed(value, isRaw), isRaw));
    }
  }
  const all = planned.flatMap(({ writes }) => writes);
  const { spreadsheetId } = state;
  return {
    spreadsheetId,
    totalUpdatedRows: distinct(all.map(({ row }) => row)),
    totalUpdatedColumns: distinct(all.map(({ column }) => column)),
    totalUpdatedCells: all.length,
    totalUpdatedSheets: new Set(planned.map(({ range }) => range.tab)).size,
    responses: planned.map(({ range, writes }) => ({
      spreadsheetId,
      updatedRange: shownRange(range),
      updatedRows: distinct(writes.map(({ row }) => row)),
      updatedColumns: distinct(writes.map(({ column }) => column)),
      updatedCells: writes.length,
    })),
  };
}
