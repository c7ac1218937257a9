import { randomInt } from 'node:crypto';
import pLimit from 'p-limit';
import type { Table } from '../../domain/columns.js';
import type { CellChange, RowCells } from '../../domain/edit/cells.js';
import { type EditContext, findRow, planAppend, planChange, planRemoval } from '../../domain/edit/plan-edit.js';
import { type LocatedRows, locateRows } from '../../domain/locate-rows.js';
import { err, ok, type Result } from '../../domain/result.js';
import type { EditError, EditedRow, SheetEditor } from '../../flows/ports/sheet-editor.js';
import { errorCode } from '../error-code.js';
import { delimiterOf, readTable } from './csv.js';
import { type ReadFile, readForEdit, replaceFile } from './csv-file.js';
import { type CsvText, findRecords, withCell, withoutRecord, withRecord } from './csv-text.js';

type Edited<T> = Result<T, EditError>;

const byteOrderMark = '\uFEFF';

export interface ReadCsv {
  readonly file: ReadFile;
  readonly mark: string;
  readonly csv: CsvText;
  readonly table: Table;
}

/** The text with the place of every cell, and the cells as a check reads them. */
export async function readCsvText(path: string): Promise<Edited<ReadCsv>> {
  let file: ReadFile;
  try {
    file = await readForEdit(path);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    return err({ kind: 'no-such-sheet', message: `${path} cannot be read (${code})` });
  }
  let whole: string;
  try {
    whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.bytes);
  } catch (error) {
    if (errorCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    const remedy = 'in the spreadsheet program, save it as "CSV UTF-8"';
    return err({ kind: 'bad-response', message: `${path} is not text in UTF-8`, remedy });
  }
  const mark = whole.startsWith(byteOrderMark) ? byteOrderMark : '';
  const text = whole.slice(mark.length);
  const table = readTable(text, path);
  if (!table.ok) return table;
  const delimiter = delimiterOf(text.replace(/\r\n?/g, '\n'));
  const records = findRecords(text, delimiter);
  const isSame = records.every(({ cells }, row) => cells.length === Math.max(1, table.value[row]?.length ?? 0));
  if (records.length !== table.value.length || !isSame) {
    const message = `${path} cannot be edited safely: its lines are not clear`;
    return err({ kind: 'bad-response', message, remedy: 'save it anew in the spreadsheet program' });
  }
  return ok({ file, mark, csv: { text, delimiter, records }, table: table.value });
}

export async function saveCsvText({ file, mark }: ReadCsv, text: string): Promise<Edited<undefined>> {
  return replaceFile(file, Buffer.from(mark + text));
}

interface Located extends ReadCsv {
  readonly sheet: LocatedRows;
}

async function read(path: string, { reading, stored }: EditContext): Promise<Edited<Located>> {
  const found = await readCsvText(path);
  if (!found.ok) return found;
  if (found.value.file.mode === undefined) {
    const remedy = 'name a CSV file with --sheet, or make one: trading-alerts sheet init';
    return err({ kind: 'no-such-sheet', message: `there is no file ${path}`, remedy });
  }
  const sheet = locateRows(found.value.table, reading, stored);
  return sheet.ok ? ok({ ...found.value, sheet: sheet.value }) : err({ kind: 'wrong-cells', message: sheet.error });
}

const textOfValue = (value: CellChange['value']): string =>
  typeof value === 'boolean' ? String(value).toUpperCase() : String(value);

/** A number keeps the digits that it was written with: a CSV file has nothing but text. */
const toText = (changes: readonly CellChange[], cells: RowCells): CellChange[] =>
  changes.map((change) => ({
    ...change,
    value: typeof change.value === 'number' ? (cells.price ?? '').trim() : textOfValue(change.value),
  }));

/** A spreadsheet program runs what begins so. https://owasp.org/www-community/attacks/CSV_Injection */
function guardText(cells: RowCells): Edited<undefined> {
  for (const column of ['name', 'notes', 'user'] as const) {
    const text = (cells[column] ?? '').trim();
    if (!/^[=+\-@]/.test(text)) continue;
    const message = `${column}: a spreadsheet program would run what begins with "${text[0]}"`;
    return err({ kind: 'unsafe-text', message, remedy: 'begin with a letter' });
  }
  return ok(undefined);
}

function shownRow({ table, sheet: { columns } }: Located, row: number): string {
  const cells = table[row - 1] ?? [];
  const places = (['symbol', 'condition', 'price'] as const).map((name) => columns.positions.get(name) ?? -1);
  return places.map((column) => String(cells[column] ?? '').trim()).join(' ');
}

async function append(path: string, cells: RowCells, context: EditContext): Promise<Edited<EditedRow>> {
  const safe = guardText(cells);
  const found = safe.ok ? await read(path, context) : safe;
  if (!found.ok) return found;
  const { sheet, csv, table } = found.value;
  const planned = planAppend(sheet, cells, context, (below) => randomInt(below));
  if (!planned.ok) return planned;
  const { changes, id, notes } = planned.value;
  const values = Array.from({ length: table[0]?.length ?? 0 }, () => '');
  for (const { column, value } of toText(changes, cells)) values[column] = String(value);
  const saved = await saveCsvText(found.value, withRecord(csv, values));
  if (!saved.ok) return saved;
  const shown = [cells.symbol, cells.condition, cells.price].join(' ');
  return ok({ row: table.length + 1, id, shown, isChanged: true, notes });
}

async function change(
  path: string,
  [target, cells, context]: Parameters<SheetEditor['change']>,
): Promise<Edited<EditedRow>> {
  const safe = guardText(cells);
  const found = safe.ok ? await read(path, context) : safe;
  if (!found.ok) return found;
  const { sheet, csv } = found.value;
  const row = findRow(sheet, target);
  if (!row.ok) return row;
  const planned = planChange(sheet, row.value, cells, context);
  if (!planned.ok) return planned;
  const { row: number, id } = row.value;
  let { text } = csv;
  for (const { column, value } of toText(planned.value, cells)) {
    text = withCell({ ...csv, text, records: findRecords(text, csv.delimiter) }, number - 1, column, String(value));
  }
  const isChanged = planned.value.length > 0;
  const saved = isChanged ? await saveCsvText(found.value, text) : ok(undefined);
  if (!saved.ok) return saved;
  const now = readTable(text, path);
  const shown = shownRow(now.ok ? { ...found.value, table: now.value } : found.value, number);
  return ok({ row: number, id, shown, isChanged, notes: [] });
}

async function remove(path: string, [target, context]: Parameters<SheetEditor['remove']>): Promise<Edited<EditedRow>> {
  const found = await read(path, context);
  if (!found.ok) return found;
  const row = planRemoval(found.value.sheet, target);
  if (!row.ok) return row;
  const { row: number, id } = row.value;
  const saved = await saveCsvText(found.value, withoutRecord(found.value.csv, number - 1));
  return saved.ok ? ok({ row: number, id, shown: shownRow(found.value, number), isChanged: true, notes: [] }) : saved;
}

/** For a file in place of the sheet: all other lines stay byte for byte. */
export function createCsvEditor(path: string): SheetEditor {
  const oneByOne = pLimit(1);
  return {
    append: (cells, context) => oneByOne(() => append(path, cells, context)),
    change: (...asked) => oneByOne(() => change(path, asked)),
    remove: (...asked) => oneByOne(() => remove(path, asked)),
  };
}
