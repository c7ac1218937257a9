import type { Instruction } from './alert.js';
import {
  isBlank,
  readActive,
  readConditionKind,
  readExchange,
  readId,
  readSymbol,
  readTarget,
  readUser,
  shortened,
} from './cell.js';
import { type Cell, type Column, findColumns, type Table } from './columns.js';
import { alertIdentity } from './identity.js';
import { err, ok, type Result } from './result.js';

/** `row` is the number a person sees at the left of the sheet; the header is row 1. */
export interface RowError {
  readonly row: number;
  readonly message: string;
  /** Which alerts the row may stand for; undefined where even that cannot be read. */
  readonly symbol: string | undefined;
  /** The row could be read, and its alert stands in another one: it hides no alert that is missing. */
  readonly isDuplicate: boolean;
}

export interface SheetRows {
  /** Rows that hold something, good or bad. */
  readonly rows: number;
  readonly instructions: readonly Instruction[];
  readonly errors: readonly RowError[];
  readonly warnings: readonly string[];
}

type CellOf = (column: Column) => Cell;

/** Pushover shows at most 1,024 characters in all; what is longer is cut here, before it is stored. */
const longest = { name: 100, notes: 500 };

/** All problems of a row are told at once, so that the trader mends it in one go. */
function parseRow(cell: CellOf, knownUsers: readonly string[] | undefined): Result<Instruction, string> {
  const symbol = readSymbol(cell('symbol'));
  const kind = readConditionKind(cell('condition'));
  const target = readTarget(cell('price'));
  const user = readUser(cell('user'), knownUsers);
  const exchange = readExchange(cell('exchange'));
  const active = readActive(cell('active'));
  const id = readId(cell('id'));
  if (symbol.ok && kind.ok && target.ok && user.ok && exchange.ok && active.ok && id.ok) {
    const content = {
      user: user.value,
      exchange: exchange.value,
      symbol: symbol.value,
      condition: { kind: kind.value, target: target.value },
    };
    return ok({
      ...content,
      id: id.value ?? alertIdentity(content),
      active: active.value,
      name: shortened(cell('name'), longest.name),
      notes: shortened(cell('notes'), longest.notes),
    });
  }
  const problems = [symbol, kind, target, user, exchange, active, id].flatMap((read) => (read.ok ? [] : [read.error]));
  return err(problems.join('. '));
}

/** A row without symbol, condition and price asks for nothing: a blank line, a heading, a column of unticked boxes. */
const isEmptyRow = (cell: CellOf): boolean =>
  isBlank(cell('symbol')) && isBlank(cell('condition')) && isBlank(cell('price'));

/** One bad row never stops the others. The error is a sentence about the header, without which no row can be read. */
export function readRows(table: Table, knownUsers: readonly string[] | undefined): Result<SheetRows, string> {
  const [header = [], ...below] = table;
  const columns = findColumns(header);
  if (!columns.ok) return columns;
  const instructions: Instruction[] = [];
  const errors: RowError[] = [];
  const firstRowOf = new Map<string, number>();
  let rows = 0;
  for (const [index, cells] of below.entries()) {
    const row = index + 2;
    const cell: CellOf = (column) => cells[columns.value.positions.get(column) ?? -1];
    if (isEmptyRow(cell)) continue;
    rows += 1;
    const parsed = parseRow(cell, knownUsers);
    if (!parsed.ok) {
      const symbol = readSymbol(cell('symbol'));
      errors.push({ row, message: parsed.error, symbol: symbol.ok ? symbol.value : undefined, isDuplicate: false });
      continue;
    }
    const first = firstRowOf.get(parsed.value.id);
    if (first === undefined) {
      firstRowOf.set(parsed.value.id, row);
      instructions.push(parsed.value);
    } else {
      const same = isBlank(cell('id')) ? 'the same alert' : `the same id "${parsed.value.id}"`;
      const message = `${same} as row ${first}, which counts; delete one of the two, or change what it asks for`;
      errors.push({ row, message, symbol: parsed.value.symbol, isDuplicate: true });
    }
  }
  return ok({ rows, instructions, errors, warnings: columns.value.warnings });
}
