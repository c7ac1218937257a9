import * as v from 'valibot';

/** Undefined where it is none. Strict, because the leases are compared as text. */
export function instantOf(text: unknown): number | undefined {
  const instant = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) || new Date(instant).toISOString() !== text ? undefined : instant;
}

const expected = 'expected an instant such as 2026-11-20T12:03:00.000Z';

export const Instant = v.pipe(
  v.string(expected),
  v.check((text) => instantOf(text) !== undefined, expected),
  v.transform((text) => Date.parse(text)),
);

/** ISO 8601 in UTC with milliseconds: as text it sorts by time. */
export function instantText(instant: number): string;
export function instantText(instant: number | undefined): string | undefined;
export function instantText(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}
