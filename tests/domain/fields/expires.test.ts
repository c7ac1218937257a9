import { describe, expect, test } from '@jest/globals';
import type { Cell } from '../../../src/domain/columns.js';
import { type Expires, expiresField } from '../../../src/domain/fields/expires.js';
import { at, reading } from '../../support/builders.js';

const read = (expires: Cell, timeZone = 'UTC') => expiresField.read({ expires }, { ...reading(), timeZone });
const instant = (text: string) => Date.parse(text);
const day = 24 * 3_600_000;

describe('an end', () => {
  test.each<[string, string]>([
    ['2026-12-31', '2027-01-01T00:00:00.000Z'],
    ['2026-12-31 18:00', '2026-12-31T18:00:00.000Z'],
    ['2026-12-31T18:00', '2026-12-31T18:00:00.000Z'],
    ['2026-12-31 18:00:30', '2026-12-31T18:00:30.000Z'],
    ['2026-1-5', '2026-01-06T00:00:00.000Z'],
    ['31.12.2026', '2027-01-01T00:00:00.000Z'],
    ['05.06.2026', '2026-06-06T00:00:00.000Z'],
    ['31.12.2026 9:00', '2026-12-31T09:00:00.000Z'],
    ['31.12.2026, 18:00:00', '2026-12-31T18:00:00.000Z'],
    // As Sheets shows a date where only one order makes one.
    ['12/31/2026', '2027-01-01T00:00:00.000Z'],
    ['31/12/2026 18:00:00', '2026-12-31T18:00:00.000Z'],
    ['5/5/2026', '2026-05-06T00:00:00.000Z'],
  ])('of %s', (text, expected) =>
    expect(read(` ${text} `)).toEqual({ ok: true, value: { text, at: instant(expected) } }),
  );

  test.each<[string, string, string]>([
    ['2026-12-31', 'Europe/Berlin', '2026-12-31T23:00:00.000Z'],
    ['2026-12-31', 'America/New_York', '2027-01-01T05:00:00.000Z'],
    ['2026-07-01 18:00', 'Europe/Berlin', '2026-07-01T16:00:00.000Z'],
  ])('of %s is the one of %s', (text, zone, expected) =>
    expect(read(text, zone)).toEqual({ ok: true, value: { text, at: instant(expected) } }),
  );

  test.each<[string, number]>([
    ['30d', 30 * day],
    ['12 hours', day / 2],
    ['30 дней', 30 * day],
    ['90m', 90 * 60_000],
  ])('of %s counts from the check that reads it', (text, ms) =>
    expect(read(text)).toEqual({ ok: true, value: { text, at: at('12:05') + ms } }),
  );

  test.each<Cell>(['', ' ', null, undefined])('of %p is none', (cell) =>
    expect(read(cell)).toEqual({ ok: true, value: undefined }),
  );

  test.each<[Cell, string]>([
    ['2026-02-30', '"2026-02-30"'],
    ['2026-13-01', '"2026-13-01"'],
    ['31/31/2026', '"31/31/2026"'],
    ['31.12.26', '"31.12.26"'],
    ['2026-12-31 25:00', '"2026-12-31 25:00"'],
    ['2026-12-31 soon', '"2026-12-31 soon"'],
    ['0d', '"0d"'],
    ['9999d', '"9999d"'],
    ['0000-01-01', '"0000-01-01"'],
    ['tomorrow', '"tomorrow"'],
    [46_387, '46387'],
    [true, 'true'],
  ])('of %j is refused', (cell, got) =>
    expect(read(cell)).toEqual({
      ok: false,
      error: `expires: expected 2026-12-31, 2026-12-31 18:00 or 30d or a blank cell, got ${got}`,
    }),
  );

  test('that may be two days is not guessed', () =>
    expect(read('05/06/2026')).toEqual({
      ok: false,
      error: 'expires: "05/06/2026" may be two days; write 2026-05-06 or 2026-06-05, and format the cell as plain text',
    }));
});

describe('a change of the end', () => {
  const now = at('12:05');
  const past: Expires = { text: '2026-11-19', at: at('00:00') };
  const ahead: Expires = { text: '2026-12-31', at: now + 40 * day };
  const days = (text: string, from: number): Expires => ({ text, at: from + 30 * day });
  const closed = (stored: Expires | undefined) => ({ now, isOver: stored !== undefined && stored.at <= now });

  test.each<[string, Expires | undefined, Expires | undefined, string]>([
    ['no end, still none', undefined, undefined, 'nothing'],
    ['the same', ahead, { ...ahead }, 'nothing'],
    ['a duration, read again later', days('30d', now - day), days('30d', now), 'nothing'],
    ['another duration', days('30d', now - day), { text: '60d', at: now + 60 * day }, 'changes'],
    ['the same day in another zone', ahead, { ...ahead, at: ahead.at + 3_600_000 }, 'changes'],
    ['a first end', undefined, ahead, 'changes'],
    ['none any more', ahead, undefined, 'changes'],
    ['an end in the past', ahead, past, 'changes'],
    ['a later one, for what is over', past, ahead, 'arms-afresh'],
    ['none, for what is over', past, undefined, 'arms-afresh'],
    ['another past one, for what is over', past, { text: '2026-11-18', at: past.at - day }, 'changes'],
    ['a duration that is over, read again later', days('30d', now - 31 * day), days('30d', now), 'nothing'],
  ])('%s', (_, stored, asked, expected) => expect(expiresField.change(stored, asked, closed(stored))).toBe(expected));

  test.each([ahead, undefined])('goes on with what has an end that has passed, and is not over yet: %j', (asked) =>
    expect(expiresField.change(past, asked, { now, isOver: false })).toBe('changes'),
  );
});

describe('on the item', () => {
  const { attributes } = expiresField;
  const expires = { text: '30d', at: at('12:05') };
  const item = { expires: '30d', expires_at: '2026-11-20T12:05:00.000Z' };
  test('it is kept with the instant that it stands for', () => {
    expect(attributes.write(expires)).toEqual(item);
    expect(attributes.read(item)).toEqual({ ok: true, value: expires });
  });
  test('none is absent', () => {
    expect(attributes.write(undefined)).toEqual({ expires: undefined, expires_at: undefined });
    expect(attributes.read({})).toEqual({ ok: true, value: undefined });
  });
  test.each([
    { item: { ...item, expires_at: undefined }, problem: 'expires_at is missing' },
    { item: { ...item, expires: undefined }, problem: 'expires is missing' },
    {
      item: { ...item, expires_at: '2026-11-20' },
      problem: 'expires_at: expected an instant such as 2026-11-20T12:03:00.000Z, got "2026-11-20"',
    },
  ])('$problem', ({ item: wrong, problem }) => expect(attributes.read(wrong)).toEqual({ ok: false, error: [problem] }));
});
