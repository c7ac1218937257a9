import type { Alert, AlertSpec } from './alert.js';
import { isBlank, readId, readSymbol } from './cell.js';
import type { Cell, Table } from './columns.js';
import type { Condition } from './conditions/registry.js';
import { type ReadableRow, type SettledIds, settleIds } from './copied-ids.js';
import { type ConditionTrace, traceCondition } from './fields/condition.js';
import type { Reading } from './fields/field.js';
import { type ColumnName, columnNames, fieldNames } from './fields/fields.js';
import { type Columns, findColumns } from './fields/find-columns.js';
import { problemsWhenNew, readValues } from './fields/values.js';
import { alertIdentity } from './identity.js';
import { oneShape } from './one-shape.js';
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

/** `givenId` is what the id cell says. */
interface GoodRow extends ReadableRow {
  /** With the id that its content gives. */
  readonly spec: AlertSpec;
}

interface BadRow {
  readonly row: number;
  readonly message: string;
  readonly mayBe: RowTrace;
}

const newCells = oneShape(columnNames);

export function cellsOf(row: readonly Cell[], positions: Columns['positions']): Cells {
  const cells = newCells();
  for (const column of columnNames) {
    const position = positions.get(column);
    cells[column] = position === undefined ? undefined : row[position];
  }
  return cells as Cells;
}

type Known = ReadonlyMap<string, Alert>;

const newSpec = oneShape([...fieldNames, 'id']);

const readable = <T>(read: Result<T, string>): T | undefined => (read.ok ? read.value : undefined);

/** What is read from one text by one kind is the same. */
const isSameText = (a: Condition, b: Condition): boolean => a.kind === b.kind && a.target.text === b.target.text;

/** All problems of a row are told at once, so that the trader mends it in one go. */
function parseRow(row: number, cells: Cells, reading: Reading, known: Known): Result<GoodRow, BadRow> {
  const spec = newSpec();
  const values = readValues(cells, reading, spec);
  const id = readId(cells.id);
  if (values.ok && id.ok) {
    const { condition } = values.value;
    const derivedId = alertIdentity(values.value);
    const stored = known.get(derivedId);
    // Of a large sheet nearly every row says what is stored: the memory for it is taken once.
    spec.id = stored?.id ?? derivedId;
    if (stored && isSameText(stored.condition, condition)) spec.condition = stored.condition;
    return ok({ row, givenId: id.value, derivedId: spec.id as string, spec: spec as unknown as AlertSpec });
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
  known: Known,
  now: number,
): { fit: readonly GoodRow[]; errors: readonly RowError[] } {
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
      specs.push(each.spec.id === id ? each.spec : { ...each.spec, id });
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
  /** The listed alerts by their ids. */
  readonly known: Known;
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
  const known = new Map(stored?.map((alert) => [alert.id, alert]));
  const good: GoodRow[] = [];
  const bad: BadRow[] = [];
  for (const [index, row] of below.entries()) {
    const cells = cellsOf(row, positions);
    if (isHeading(cells)) continue;
    const parsed = parseRow(index + 2, cells, reading, known);
    if (parsed.ok) good.push(parsed.value);
    else bad.push(parsed.error);
  }
  const ids = settleIds(
    good,
    bad.map(({ row, mayBe }) => ({ row, givenId: mayBe.id })),
    known,
  );
  return ok({ columns: columns.value, good, bad, ids, known });
}

/** As `readRows`, with whose each row is. */
export function placeRows(table: Table, reading: Reading, stored?: readonly Alert[]): Result<PlacedRows, string> {
  const parsed = parseTable(table, reading, stored);
  if (!parsed.ok) return parsed;
  const { columns, good, bad, ids, known } = parsed.value;
  const unjudged = { fit: good, errors: [] };
  const { fit, errors: unfit } = stored === undefined ? unjudged : withoutUnfit(good, ids.idOf, known, reading.now);
  const { specs, errors: duplicates, idsByRow } = withoutDuplicates(fit, ids.idOf);
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
