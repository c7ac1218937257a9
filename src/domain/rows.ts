import type { Alert, AlertSpec } from './alert.js';
import { isBlank, readId, readSymbol } from './cell.js';
import type { Cell, Table } from './columns.js';
import { type SettledIds, settleIds } from './copied-ids.js';
import { type ConditionTrace, traceCondition } from './fields/condition.js';
import type { Reading } from './fields/field.js';
import { type ColumnName, columnNames } from './fields/fields.js';
import { type Columns, findColumns } from './fields/find-columns.js';
import { problemsWhenNew, readValues } from './fields/values.js';
import { alertIdentity } from './identity.js';
import { err, ok, type Result } from './result.js';

/** What could be read of an unreadable row: a missing alert that fits may be its own. */
export interface RowTrace extends ConditionTrace {
  readonly id: string | undefined;
  readonly symbol: string | undefined;
}

/** `row` is the number a person sees at the left of the sheet; the header is row 1. */
export interface RowError {
  readonly row: number;
  readonly message: string;
  /** Undefined where the row could be read and its alert stands in another one: it hides no alert that is missing. */
  readonly mayBe: RowTrace | undefined;
}

export interface SheetRows {
  /** Rows that ask for something, good or bad. */
  readonly rows: number;
  readonly specs: readonly AlertSpec[];
  readonly errors: readonly RowError[];
  readonly warnings: readonly string[];
}

/** Whose each row is. */
export interface PlacedRows extends SheetRows {
  /** By the number of a row that counts: not of those with an error. */
  readonly ids: ReadonlyMap<number, string>;
}

export type Cells = Readonly<Record<ColumnName, Cell>>;

interface GoodRow {
  readonly row: number;
  /** What the id cell says. */
  readonly givenId: string | undefined;
  /** With the id that its content gives. */
  readonly spec: AlertSpec;
}

interface BadRow {
  readonly row: number;
  readonly message: string;
  readonly mayBe: RowTrace;
}

export const cellsOf = (row: readonly Cell[], positions: Columns['positions']): Cells =>
  Object.fromEntries(columnNames.map((column) => [column, row[positions.get(column) ?? -1]])) as Cells;

const readable = <T>(read: Result<T, string>): T | undefined => (read.ok ? read.value : undefined);

/** All problems of a row are told at once, so that the trader mends it in one go. */
function parseRow(row: number, cells: Cells, reading: Reading): Result<GoodRow, BadRow> {
  const values = readValues(cells, reading);
  const id = readId(cells.id);
  if (values.ok && id.ok) {
    return ok({ row, givenId: id.value, spec: { ...values.value, id: alertIdentity(values.value) } });
  }
  const problems = [...(values.ok ? [] : values.error), ...(id.ok ? [] : [id.error])];
  const symbol = readSymbol(cells.symbol);
  const mayBe = { id: readable(id), symbol: readable(symbol), ...traceCondition(cells) };
  return err({ row, message: problems.join('. '), mayBe });
}

/** A row without condition and price asks for nothing: a blank line, a heading, a column of unticked boxes. */
const isHeading = ({ condition, price }: Cells): boolean => isBlank(condition) && isBlank(price);

/**
 * What would be no good as a new alert may well stand in the row of an old one. Such a row can be read, so it hides no
 * alert that is missing.
 */
function withoutUnfit(
  rows: readonly GoodRow[],
  idOf: (row: GoodRow) => string,
  stored: readonly Alert[] | undefined,
  now: number,
): { fit: readonly GoodRow[]; errors: readonly RowError[] } {
  if (stored === undefined) return { fit: rows, errors: [] };
  const known = new Set(stored.map(({ id }) => id));
  const fit: GoodRow[] = [];
  const errors: RowError[] = [];
  for (const each of rows) {
    const problems = known.has(idOf(each)) ? [] : problemsWhenNew(each.spec, now);
    if (problems.length === 0) fit.push(each);
    else errors.push({ row: each.row, message: problems.join('. '), mayBe: undefined });
  }
  return { fit, errors };
}

/** Of rows with one id only equal ones, or one whose content gives another's id, are left: the first counts. */
function withoutDuplicates(rows: readonly GoodRow[], idOf: (row: GoodRow) => string) {
  const specs: AlertSpec[] = [];
  const errors: RowError[] = [];
  const idsByRow = new Map<number, string>();
  const firstOf = new Map<string, GoodRow>();
  for (const each of rows) {
    const id = idOf(each);
    const first = firstOf.get(id);
    if (first === undefined) {
      firstOf.set(id, each);
      idsByRow.set(each.row, id);
      specs.push({ ...each.spec, id });
    } else {
      const same = first.spec.id === each.spec.id ? 'the same alert' : `the same id "${id}"`;
      const message = `${same} as row ${first.row}, which counts; delete one of the two, or change what it asks for`;
      errors.push({ row: each.row, message, mayBe: undefined });
    }
  }
  return { specs, errors, idsByRow };
}

export interface ParsedTable {
  readonly columns: Columns;
  readonly good: readonly GoodRow[];
  readonly bad: readonly BadRow[];
  readonly ids: SettledIds;
}

/** Every row that asks for something, read, and whose it is. */
export function parseTable(
  table: Table,
  reading: Reading,
  stored: readonly Alert[] | undefined,
): Result<ParsedTable, string> {
  const [header = [], ...below] = table;
  const columns = findColumns(header);
  if (!columns.ok) return columns;
  const { positions } = columns.value;
  const good: GoodRow[] = [];
  const bad: BadRow[] = [];
  for (const [index, row] of below.entries()) {
    const cells = cellsOf(row, positions);
    if (isHeading(cells)) continue;
    const parsed = parseRow(index + 2, cells, reading);
    if (parsed.ok) good.push(parsed.value);
    else bad.push(parsed.error);
  }
  const ids = settleIds(
    good.map(({ row, givenId, spec }) => ({ row, givenId, derivedId: spec.id })),
    bad.map(({ row, mayBe }) => ({ row, givenId: mayBe.id })),
    stored,
  );
  return ok({ columns: columns.value, good, bad, ids });
}

/** As `readRows`, with whose each row is. */
export function placeRows(table: Table, reading: Reading, stored?: readonly Alert[]): Result<PlacedRows, string> {
  const parsed = parseTable(table, reading, stored);
  if (!parsed.ok) return parsed;
  const { columns, good, bad, ids } = parsed.value;
  const { fit, errors: unfit } = withoutUnfit(good, ({ row }) => ids.idOf(row), stored, reading.now);
  const { specs, errors: duplicates, idsByRow } = withoutDuplicates(fit, ({ row }) => ids.idOf(row));
  // An id that another row keeps says nothing about whose alert this one was.
  const unreadable = bad.map(({ mayBe, ...rest }) => ({
    ...rest,
    mayBe: { ...mayBe, id: ids.isKept(mayBe.id) ? undefined : mayBe.id },
  }));
  return ok({
    rows: good.length + bad.length,
    specs,
    errors: [...unreadable, ...unfit, ...duplicates].toSorted((a, b) => a.row - b.row),
    warnings: [...columns.warnings, ...ids.warnings],
    ids: idsByRow,
  });
}

/**
 * One bad row never stops the others. The error is a sentence about the header, without which no row can be read.
 * `stored`: the listed alerts, which decide whose a copied id is; undefined where they are not known.
 */
export function readRows(table: Table, reading: Reading, stored?: readonly Alert[]): Result<SheetRows, string> {
  const placed = placeRows(table, reading, stored);
  if (!placed.ok) return placed;
  const { ids: _, ...rows } = placed.value;
  return ok(rows);
}
