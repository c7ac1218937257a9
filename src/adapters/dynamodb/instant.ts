import * as v from 'valibot';

/** Strict, because the leases are compared as text. */
export const Instant = v.pipe(
  v.string('expected an instant such as 2026-11-20T12:03:00.000Z'),
  v.check(
    (text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text,
    'expected an instant such as 2026-11-20T12:03:00.000Z',
  ),
  v.transform((text) => Date.parse(text)),
);

/** ISO 8601 in UTC with milliseconds: as text it sorts by time. */
export function instantText(instant: number): string;
export function instantText(instant: number | undefined): string | undefined;
export function instantText(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}
