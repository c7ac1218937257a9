import type { Alert, AlertSpec } from './alert.js';
import { isBlank, readId, readSymbol } from './cell.js';
import type { Cell } from './columns.js';
import type { Condition } from './conditions/registry.js';
import type { ReadableRow } from './copied-ids.js';
import { type ConditionTrace, traceCondition } from './fields/condition.js';
import type { Reading } from './fields/field.js';
import { type ColumnName, columnNames, fieldNames } from './fields/fields.js';
import type { Columns } from './fields/find-columns.js';
import { readValues } from './fields/values.js';
import { alertIdentity } from './identity.js';
import { oneShape } from './one-shape.js';
import { err, ok, type Result } from './result.js';

/** What could be read of an unreadable row: a missing alert that fits may be its own. */
export interface RowTrace extends ConditionTrace {
  readonly id: string | undefined;
  readonly symbol: string | undefined;
}

export type Cells = Readonly<Record<ColumnName, Cell>>;

/** `givenId` is what the id cell says. */
export interface GoodRow extends ReadableRow {
  /** With the id that its content gives. */
  readonly spec: AlertSpec;
}

export interface BadRow {
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

/** The listed alerts by their ids. */
export type Known = ReadonlyMap<string, Alert>;

const newSpec = oneShape([...fieldNames, 'id']);

const readable = <T>(read: Result<T, string>): T | undefined => (read.ok ? read.value : undefined);

/** What is read from one text by one kind is the same. */
const isSameText = (a: Condition, b: Condition): boolean => a.kind === b.kind && a.target.text === b.target.text;

/** All problems of a row are told at once, so that the trader mends it in one go. */
export function parseRow(row: number, cells: Cells, reading: Reading, known: Known): Result<GoodRow, BadRow> {
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
export const isHeading = ({ condition, price }: Cells): boolean => isBlank(condition) && isBlank(price);
