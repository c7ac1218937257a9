import type { Alert, AlertSpec } from './alert.js';
import type { Table } from './columns.js';
import { type SettledIds, settleIds } from './copied-ids.js';
import type { Reading } from './fields/field.js';
import { type Columns, findColumns } from './fields/find-columns.js';
import { problemsWhenNew } from './fields/values.js';
import { type BadRow, cellsOf, type GoodRow, isHeading, type Known, parseRow, type RowTrace } from './parse-row.js';
import { ok, type Result } from './result.js';

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

export interface PlacedRows extends SheetRows {
  /** The number of each spec's row. */
  readonly places: readonly number[];
}

/** Whose each row is, by its number; none of those with an error. */
export const idsByRow = ({ specs, places }: PlacedRows): ReadonlyMap<number, string> =>
  new Map(specs.map(({ id }, index) => [places[index] ?? 0, id]));

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
  const places: number[] = [];
  const firstOf = new Map<string, GoodRow>();
  for (const each of rows) {
    const id = idOf(each);
    const first = firstOf.get(id);
    if (first === undefined) {
      firstOf.set(id, each);
      places.push(each.row);
      specs.push(each.spec.id === id ? each.spec : { ...each.spec, id });
    } else {
      const same = first.spec.id === each.spec.id ? 'the same alert' : `the same id "${id}"`;
      const message = `${same} as row ${first.row}, which counts; delete one of the two, or change what it asks for`;
      errors.push({ row: each.row, message, mayBe: undefined });
    }
  }
  return { specs, errors, places };
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

/** As `readRows`, with where each spec stands. */
export function placeRows(table: Table, reading: Reading, stored?: readonly Alert[]): Result<PlacedRows, string> {
  const parsed = parseTable(table, reading, stored);
  if (!parsed.ok) return parsed;
  const { columns, good, bad, ids, known } = parsed.value;
  const unjudged = { fit: good, errors: [] };
  const { fit, errors: unfit } = stored === undefined ? unjudged : withoutUnfit(good, ids.idOf, known, reading.now);
  const { specs, errors: duplicates, places } = withoutDuplicates(fit, ids.idOf);
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
    places,
  });
}

/**
 * One bad row never stops the others. The error is a sentence about the header, without which no row can be read.
 * `stored`: the listed alerts, which decide whose a copied id is; undefined where they are not known.
 */
export function readRows(table: Table, reading: Reading, stored?: readonly Alert[]): Result<SheetRows, string> {
  const placed = placeRows(table, reading, stored);
  if (!placed.ok) return placed;
  const { places: _, ...rows } = placed.value;
  return ok(rows);
}
