import type { Alert } from './alert.js';
import { groupBy } from './group-by.js';
import { alertIdentity } from './identity.js';

export interface UnreadableRow {
  readonly row: number;
  readonly givenId: string | undefined;
}

export interface ReadableRow extends UnreadableRow {
  /** The id that the row's content gives. */
  readonly derivedId: string;
}

export interface SettledIds {
  idOf(row: ReadableRow): string;
  /** Whether a readable row keeps that id. */
  isKept(id: string | undefined): boolean;
  readonly warnings: readonly string[];
}

function listed(rows: readonly number[]): string {
  const [last, ...before] = rows.toReversed();
  return before.length === 0 ? `row ${last}` : `rows ${before.toReversed().join(', ')} and ${last}`;
}

/**
 * The one whose content is stored under the id. With another content stored, its own row may be one that cannot be
 * read: then nobody takes it over. Else the first that has no stored alert of its own: one that had already counted as
 * without the id would be armed afresh by taking it.
 */
function keeperOf(
  id: string,
  readable: readonly ReadableRow[],
  isAnyUnreadable: boolean,
  stored: ReadonlyMap<string, Alert>,
): ReadableRow | undefined {
  const known = stored.get(id);
  const same = known && readable.find(({ derivedId }) => derivedId === alertIdentity(known));
  if (same !== undefined) return same;
  if (known !== undefined && isAnyUnreadable) return undefined;
  return readable.find(({ derivedId }) => !stored.has(derivedId)) ?? readable[0];
}

function copyWarning(id: string, rows: readonly number[], without: readonly number[], keeper: string): string {
  const counts = without.length === 1 ? 'counts as a row' : 'count as rows';
  const remedy = without.length === 1 ? 'Empty the id cell of the copied row' : 'Empty the id cells of the copied rows';
  return `the id "${id}" stands in ${listed(rows)}: ${keeper}, ${listed(without)} ${counts} without an id. ${remedy}`;
}

/** Of several rows with one id, as copying a row makes them, one keeps it; the others count as rows without an id. */
export function settleIds(
  readable: readonly ReadableRow[],
  unreadable: readonly UnreadableRow[],
  stored: ReadonlyMap<string, Alert>,
): SettledIds {
  const rowsOf = groupBy(
    readable.filter(({ givenId }) => givenId !== undefined),
    ({ givenId }) => givenId,
  );
  /** By row, where it is not the derived one. */
  const given = new Map<number, string>();
  const kept = new Set<string>();
  const warnings: string[] = [];
  for (const [id, rows] of rowsOf) {
    if (id === undefined) continue;
    const bad = unreadable.filter(({ givenId }) => givenId === id);
    const keeper = keeperOf(id, rows, bad.length > 0, stored);
    if (keeper !== undefined) kept.add(id);
    // What asks for the same is one alert, and so has one id.
    const keeping = rows.filter(({ derivedId }) => derivedId === keeper?.derivedId);
    for (const { row } of keeping) given.set(row, id);
    const others = rows.filter((row) => !keeping.includes(row));
    const without = (keeper === undefined ? others : [...others, ...bad])
      .map(({ row }) => row)
      .toSorted((a, b) => a - b);
    if (without.length === 0) continue;
    const all = [...rows, ...bad].map(({ row }) => row).toSorted((a, b) => a - b);
    const keeps =
      keeper === undefined ? `it stays with ${listed(bad.map(({ row }) => row))}` : `row ${keeper.row} keeps it`;
    warnings.push(copyWarning(id, all, without, keeps));
  }
  return {
    idOf: ({ row, derivedId }) => given.get(row) ?? derivedId,
    isKept: (id) => id !== undefined && kept.has(id),
    warnings,
  };
}
