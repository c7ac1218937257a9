import { Big } from 'big.js';
import type { Cell, Table } from './columns.js';
import { findConditionName, kindNamed } from './conditions/registry.js';
import { cutText } from './cut-text.js';
import { findColumns } from './fields/find-columns.js';
import { err, ok, type Result } from './result.js';

/** Where a number may be a percentage: Sheets makes 0.03 of a typed `3%`, and its raw values lose the sign. */
export interface PercentCells {
  /** The position of the price column. */
  readonly column: number;
  /** Positions in the table. */
  readonly rows: readonly number[];
}

/** Undefined where there is none, as a rule, so that nothing has to be read once more. */
export function findPercentCells(table: Table): PercentCells | undefined {
  const [header = []] = table;
  const columns = findColumns(header);
  if (!columns.ok) return undefined;
  const { positions } = columns.value;
  const [condition, column] = [positions.get('condition') ?? -1, positions.get('price') ?? -1];
  const mayBePercent = (row: readonly Cell[]): boolean => {
    const name = typeof row[column] === 'number' ? findConditionName(String(row[condition] ?? '')) : undefined;
    return name !== undefined && kindNamed(name).allowsPercent;
  };
  const rows = table.flatMap((row, index) => (index > 0 && mayBePercent(row) ? [index] : []));
  return rows.length === 0 ? undefined : { column, rows };
}

/** A double holds 15 digits; what follows is the noise of a formula. */
const percentText = (raw: number): string => `${new Big(raw.toPrecision(15)).times(100).toFixed()}%`;

/** Whether the shown percentage is the number, rounded. What cannot be read, as `1.234,5 %`, is believed. */
function isSame(raw: number, shown: string): boolean {
  const digits = shown.replace(/[\s%]/gu, '').replace(',', '.');
  const decimals = digits.split('.')[1]?.length ?? 0;
  const value = Number(digits);
  return Number.isNaN(value) || Math.abs(value - raw * 100) <= 10 ** -decimals;
}

/** The table with its percentages as text. The error: the rows moved between the two reads, so that none fits its number. */
export function withPercents(table: Table, { column, rows }: PercentCells, shown: Table): Result<Table, string> {
  const next = [...table];
  for (const index of rows) {
    const raw = table[index]?.[column];
    const text = String(shown[index]?.[0] ?? '');
    if (typeof raw !== 'number' || !text.includes('%')) continue;
    if (!isSame(raw, text)) return err(`row ${index + 1} holds ${raw} and is shown as ${cutText(text.trim(), 20)}`);
    next[index] = (table[index] ?? []).map((cell, position) => (position === column ? percentText(raw) : cell));
  }
  return ok(next);
}
