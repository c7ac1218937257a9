import type { Alert, AlertSpec } from './alert.js';
import { isBlank, readActive, readExchange, readId, readSymbol, readTarget, readUser, shortened } from './cell.js';
import { type Cell, type Column, findColumns, type Table } from './columns.js';
import { readCondition, readConditionName } from './conditions/read-condition.js';
import type { ConditionName } from './conditions/registry.js';
import { settleIds } from './copied-ids.js';
import { alertIdentity } from './identity.js';
import type { Price } from './price.js';
import { err, ok, type Result } from './result.js';

/** What could be read of an unreadable row: a missing alert that fits may be its own. */
export interface RowTrace {
  readonly id: string | undefined;
  readonly symbol: string | undefined;
  readonly kind: ConditionName | undefined;
  readonly target: Price | undefined;
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

type CellOf = (column: Column) => Cell;

/** Pushover shows at most 1,024 characters in all; what is longer is cut here, before it is stored. */
const longest = { name: 100, notes: 500 };

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

const readable = <T>(read: Result<T, string>): T | undefined => (read.ok ? read.value : undefined);

/** All problems of a row are told at once, so that the trader mends it in one go. */
function parseRow(row: number, cell: CellOf, knownUsers: readonly string[] | undefined): Result<GoodRow, BadRow> {
  const symbol = readSymbol(cell('symbol'));
  const condition = readCondition({ condition: cell('condition'), price: cell('price') });
  const user = readUser(cell('user'), knownUsers);
  const exchange = readExchange(cell('exchange'));
  const active = readActive(cell('active'));
  const id = readId(cell('id'));
  if (symbol.ok && condition.ok && user.ok && exchange.ok && active.ok && id.ok) {
    const content = {
      user: user.value,
      exchange: exchange.value,
      symbol: symbol.value,
      condition: condition.value,
    };
    const spec = {
      ...content,
      id: alertIdentity(content),
      active: active.value,
      name: shortened(cell('name'), longest.name),
      notes: shortened(cell('notes'), longest.notes),
    };
    return ok({ row, givenId: id.value, spec });
  }
  const problems = [symbol, condition, user, exchange, active, id].flatMap((read) => (read.ok ? [] : read.error));
  const mayBe = {
    id: readable(id),
    symbol: readable(symbol),
    kind: readable(readConditionName(cell('condition'))),
    target: readable(readTarget(cell('price'))),
  };
  return err({ row, message: problems.join('. '), mayBe });
}

/** A row without condition and price asks for nothing: a blank line, a heading, a column of unticked boxes. */
const isHeading = (cell: CellOf): boolean => isBlank(cell('condition')) && isBlank(cell('price'));

/** Of rows with one id only equal ones, or one whose content gives another's id, are left: the first counts. */
function withoutDuplicates(rows: readonly GoodRow[], idOf: (row: GoodRow) => string) {
  const specs: AlertSpec[] = [];
  const errors: RowError[] = [];
  const firstOf = new Map<string, GoodRow>();
  for (const each of rows) {
    const id = idOf(each);
    const first = firstOf.get(id);
    if (first === undefined) {
      firstOf.set(id, each);
      specs.push({ ...each.spec, id });
    } else {
      const same = first.spec.id === each.spec.id ? 'the same alert' : `the same id "${id}"`;
      const message = `${same} as row ${first.row}, which counts; delete one of the two, or change what it asks for`;
      errors.push({ row: each.row, message, mayBe: undefined });
    }
  }
  return { specs, errors };
}

/**
 * One bad row never stops the others. The error is a sentence about the header, without which no row can be read.
 * `stored`: the listed alerts, which decide whose a copied id is; undefined where they are not known.
 */
export function readRows(
  table: Table,
  knownUsers: readonly string[] | undefined,
  stored?: readonly Alert[],
): Result<SheetRows, string> {
  const [header = [], ...below] = table;
  const columns = findColumns(header);
  if (!columns.ok) return columns;
  const good: GoodRow[] = [];
  const bad: BadRow[] = [];
  for (const [index, cells] of below.entries()) {
    const cell: CellOf = (column) => cells[columns.value.positions.get(column) ?? -1];
    if (isHeading(cell)) continue;
    const parsed = parseRow(index + 2, cell, knownUsers);
    if (parsed.ok) good.push(parsed.value);
    else bad.push(parsed.error);
  }
  const ids = settleIds(
    good.map(({ row, givenId, spec }) => ({ row, givenId, derivedId: spec.id })),
    bad.map(({ row, mayBe }) => ({ row, givenId: mayBe.id })),
    stored,
  );
  const { specs, errors: duplicates } = withoutDuplicates(good, ({ row }) => ids.idOf(row));
  // An id that another row keeps says nothing about whose alert this one was.
  const unreadable = bad.map(({ mayBe, ...rest }) => ({
    ...rest,
    mayBe: { ...mayBe, id: ids.isKept(mayBe.id) ? undefined : mayBe.id },
  }));
  return ok({
    rows: good.length + bad.length,
    specs,
    errors: [...unreadable, ...duplicates].toSorted((a, b) => a.row - b.row),
    warnings: [...columns.value.warnings, ...ids.warnings],
  });
}
