import { describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import { isQuietAt, readQuietHours, ringsInQuietHours } from '../../src/domain/quiet-hours.js';
import { rowsIn } from '../support/text-table.js';

const minutes = (hour: number, minute = 0) => hour * 60 + minute;
const night = { from: minutes(23), to: minutes(7) };
const noon = { from: minutes(12), to: minutes(14, 30) };

test.each<[Cell, { from: number; to: number } | undefined]>([
  ['', undefined],
  [null, undefined],
  ['  ', undefined],
  ['23:00-07:00', night],
  ['23:00–07:00', night],
  ['23:00 — 7:00', night],
  [' 23.00 - 07.00 ', night],
  ['23-7', night],
  ['12:00-14:30', noon],
  ['22:00-24:00', { from: minutes(22), to: minutes(24) }],
  ['00:00-24:00', { from: 0, to: minutes(24) }],
])('%j is read', (cell, value) => expect(readQuietHours(cell)).toEqual({ ok: true, value }));

test.each<[Cell, string]>([
  ['night', '"night"'],
  ['23:00', '"23:00"'],
  ['25:00-07:00', '"25:00-07:00"'],
  ['23:60-07:00', '"23:60-07:00"'],
  ['23:00-07:60', '"23:00-07:60"'],
  ['24:00-07:00', '"24:00-07:00"'],
  ['23:00-07:00 on weekdays', '23 characters'],
  [0.96, '0.96'],
  [true, 'true'],
])('%j is none', (cell, got) =>
  expect(readQuietHours(cell)).toEqual({
    ok: false,
    error: `quiet: expected a stretch of the day such as 23:00-07:00, or a blank cell, got ${got}`,
  }),
);

test('a stretch without a length is refused with what to write', () =>
  expect(readQuietHours('07:00-7')).toEqual({
    ok: false,
    error:
      'quiet: "07:00-7" begins when it ends; write 23:00-07:00, 00:00-24:00 for the whole day, or leave the cell blank',
  }));

test('a broken formula is named', () =>
  expect(readQuietHours('#REF!')).toEqual({
    ok: false,
    error: 'quiet holds the formula error #REF!: repair the formula or write 23:00-07:00',
  }));

const quietAt = (hours: { from: number; to: number }, instant: string, zone: string) =>
  isQuietAt(hours, Date.parse(instant), zone);

/** Each night: the last instant that rings, the first and the last quiet ones, the first that rings again. */
describe.each(
  // Lord Howe moves by half an hour: from +11:00 to +10:30 on 5 April, back on 4 October.
  rowsIn(`
    UTC | no change | 01-15T22:59:59 | 01-15T23:00:00 | 01-16T06:59:59 | 01-16T07:00:00
    Europe/Berlin | in winter | 01-15T21:59:59 | 01-15T22:00:00 | 01-16T05:59:59 | 01-16T06:00:00
    Europe/Berlin | that loses an hour | 03-28T21:59:59 | 03-28T22:00:00 | 03-29T04:59:59 | 03-29T05:00:00
    Europe/Berlin | that gains an hour | 10-24T20:59:59 | 10-24T21:00:00 | 10-25T05:59:59 | 10-25T06:00:00
    America/New_York | that loses an hour | 03-08T03:59:59 | 03-08T04:00:00 | 03-08T10:59:59 | 03-08T11:00:00
    America/New_York | that gains an hour | 11-01T02:59:59 | 11-01T03:00:00 | 11-01T11:59:59 | 11-01T12:00:00
    Australia/Lord_Howe | that gains half an hour
      04-04T11:59:59 | 04-04T12:00:00 | 04-04T20:29:59 | 04-04T20:30:00
    Australia/Lord_Howe | that loses half an hour
      10-03T12:29:59 | 10-03T12:30:00 | 10-03T19:59:59 | 10-03T20:00:00
  `),
)('23:00-07:00 of %s in a night %s', (zone, _, ...instants) => {
  test.each([
    [0, false],
    [1, true],
    [2, true],
    [3, false],
  ])('%p', (index, isQuiet) => expect(quietAt(night, `2026-${instants[index]}Z`, zone)).toBe(isQuiet));
});

describe('hours that the clocks leap over or show twice', () => {
  const early = { from: minutes(2, 15), to: minutes(2, 45) };
  test.each<[string, string, string, boolean]>([
    ['Berlin leaps over them: right before', 'Europe/Berlin', '2026-03-29T00:59:59Z', false],
    ['Berlin leaps over them: right after', 'Europe/Berlin', '2026-03-29T01:00:00Z', false],
    ['Berlin shows them twice: first', 'Europe/Berlin', '2026-10-25T00:30:00Z', true],
    ['between', 'Europe/Berlin', '2026-10-25T00:50:00Z', false],
    ['again', 'Europe/Berlin', '2026-10-25T01:30:00Z', true],
    ['Lord Howe leaps over the first half: right after', 'Australia/Lord_Howe', '2026-10-03T15:30:00Z', true],
    ['and they end as ever', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z', false],
  ])('%s', (_, zone, instant, isQuiet) => expect(quietAt(early, instant, zone)).toBe(isQuiet));
});

test.each<[string, boolean]>([
  ['2026-01-15T11:59:00Z', false],
  ['2026-01-15T12:00:00Z', true],
  ['2026-01-15T14:29:00Z', true],
  ['2026-01-15T14:30:00Z', false],
  ['2026-01-16T00:00:00Z', false],
])('hours of one day do not go over midnight: %s', (instant, isQuiet) =>
  expect(quietAt(noon, instant, 'UTC')).toBe(isQuiet),
);

test.each(['2026-01-15T00:00:00Z', '2026-01-15T12:00:00Z', '2026-01-15T23:59:59Z'])(
  'a whole day is quiet at %s',
  (instant) => expect(quietAt({ from: 0, to: minutes(24) }, instant, 'UTC')).toBe(true),
);

test('high and urgent ring, normal and low do not', () =>
  expect((['low', 'normal', 'high', 'urgent'] as const).filter(ringsInQuietHours)).toEqual(['high', 'urgent']));
