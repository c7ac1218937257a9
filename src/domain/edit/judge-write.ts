import type { CellChange } from './cells.js';
import { type CellWrite, type Grid, type GridCell, rowKey, withWrites } from './grid.js';

export interface Damage {
  /** Where it stands now, counted from 0. */
  readonly index: number;
  /** What the row was, and where; undefined where it was blank. */
  readonly original: { readonly index: number; readonly row: readonly GridCell[] } | undefined;
}

/** Where cells landed that were meant for one row. */
export type Landing =
  | { readonly kind: 'landed'; readonly index: number }
  /** Nothing is different: what was hit had said the same already. */
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'elsewhere'; readonly damage: Damage }
  /** Nobody can tell what the row was before. */
  | { readonly kind: 'unclear'; readonly index: number | undefined };

interface Write {
  readonly before: Grid;
  readonly after: Grid;
  /** Where the row was that was meant. */
  readonly index: number;
  readonly writes: readonly CellWrite[];
  /** `after` is the answer of the write itself, so that the written row stands at `index` in it. */
  readonly isAtOnce: boolean;
  /** Columns that others write. */
  readonly ignored: ReadonlySet<number>;
}

function placesByKey(grid: Grid, ignored: ReadonlySet<number>): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, row] of grid.entries()) {
    const key = rowKey(row, ignored);
    const known = places.get(key);
    if (known === undefined) places.set(key, [index]);
    else known.push(index);
  }
  return places;
}

/** Rows of `grid` of which `other` has fewer. */
function surplus(grid: ReadonlyMap<string, readonly number[]>, other: typeof grid): number[] {
  return [...grid].flatMap(([key, places]) => (places.length > (other.get(key)?.length ?? 0) ? places : []));
}

/** Between which rows of `before` the row at `index` must have stood, by its neighbours, where they are still in order. */
function between({ before, after, index, ignored }: Write): (place: number) => boolean {
  const places = placesByKey(before, ignored);
  const placeOf = (row: readonly GridCell[]): number | undefined => {
    const [place, ...more] = places.get(rowKey(row, ignored)) ?? [];
    return more.length === 0 ? place : undefined;
  };
  const known = (rows: Grid) => rows.map(placeOf).find((place) => place !== undefined);
  const above = known(after.slice(0, index).toReversed()) ?? Number.NEGATIVE_INFINITY;
  const below = known(after.slice(index + 1)) ?? Number.POSITIVE_INFINITY;
  return above < below ? (place) => above < place && place < below : () => true;
}

/**
 * Sheets knows no "write only if": somebody may have moved the rows between the read and the write. The written cells
 * give away the row that they hit: its other cells are those of one row that is missing now.
 */
export function judgeWrite(write: Write): Landing {
  const { before, after, index, writes, isAtOnce, ignored } = write;
  const target = before[index] ?? [];
  const others = new Set([...ignored, ...writes.map(({ column }) => column)]);
  const otherKey = (row: readonly GridCell[]): string => rowKey(row, others);
  const [was, is] = [placesByKey(before, ignored), placesByKey(after, ignored)];
  const missing = surplus(was, is);
  const holdsAll = (row: readonly GridCell[]): boolean =>
    rowKey(withWrites(row, writes), ignored) === rowKey(row, ignored);
  const fresh = surplus(is, was).filter((place) => holdsAll(after[place] ?? []));
  const hit = isAtOnce ? index : (fresh.find((place) => otherKey(after[place] ?? []) === otherKey(target)) ?? fresh[0]);
  const row = hit === undefined ? undefined : after[hit];
  if (rowKey(before[0] ?? [], ignored) !== rowKey(after[0] ?? [], ignored)) return { kind: 'unclear', index: hit };
  const candidates = missing.filter((place) => row !== undefined && otherKey(before[place] ?? []) === otherKey(row));
  if (hit === undefined || row === undefined || (candidates.length === 0 && !fresh.includes(hit))) {
    // Nothing new is in the sheet; without the row that was meant, somebody has taken it away.
    return missing.includes(index) && !isAtOnce ? { kind: 'unclear', index: undefined } : { kind: 'nowhere' };
  }
  const near = candidates.filter(between({ ...write, index: hit }));
  const fitting = near.length > 0 ? near : candidates;
  if (fitting.includes(index)) return { kind: 'landed', index: hit };
  const [original, ...more] = fitting;
  if (original !== undefined && more.length === 0) {
    return { kind: 'elsewhere', damage: { index: hit, original: { index: original, row: before[original] ?? [] } } };
  }
  // A new blank row that was emptied is as it was.
  if (rowKey(row, ignored) === '') return { kind: 'nowhere' };
  const isBlank = otherKey(row) === '' && original === undefined;
  return isBlank ? { kind: 'elsewhere', damage: { index: hit, original: undefined } } : { kind: 'unclear', index: hit };
}

/**
 * Rows that differ in nothing but what is written could not be told apart afterwards. Then the id is written first, and
 * the rest when the row has it.
 */
export function stagesOf(
  before: Grid,
  index: number,
  changes: readonly CellChange[],
  ignored: ReadonlySet<number>,
): readonly (readonly CellChange[])[] {
  const others = new Set([...ignored, ...changes.map(({ column }) => column)]);
  const key = rowKey(before[index] ?? [], others);
  const hasTwin = before.some((row, place) => place !== index && rowKey(row, others) === key);
  const id = changes.filter(({ title }) => title === 'id');
  const rest = changes.filter(({ title }) => title !== 'id');
  return hasTwin && id.length > 0 && rest.length > 0 ? [id, rest] : [changes];
}
