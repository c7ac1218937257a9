import { describe, expect, test } from '@jest/globals';
import { endOfDay, instantOf, isTimeZone, wallTime, wallTimeAt, zoneNameAt } from '../../src/domain/time-zone.js';

const time = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0) => ({
  ...{ year, month, day, hour, minute, second },
});
const iso = (instant: number) => new Date(instant).toISOString();

test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Etc/GMT+3'])('%s is a time zone', (name) =>
  expect(isTimeZone(name)).toBe(true),
);
test.each(['', 'Berlin', 'Moon/Tycho', 'Europe/Berlin; rm'])('%p is none', (name) =>
  expect(isTimeZone(name)).toBe(false),
);

describe('the clocks of a zone show a time', () => {
  test.each<[string, string, ReturnType<typeof time>, string]>([
    ['in UTC', 'UTC', time(2026, 12, 31, 18), '2026-12-31T18:00:00.000Z'],
    ['east of it', 'Europe/Berlin', time(2026, 12, 31, 18), '2026-12-31T17:00:00.000Z'],
    ['in its summer', 'Europe/Berlin', time(2026, 7, 1, 18, 30, 5), '2026-07-01T16:30:05.000Z'],
    ['west of it', 'America/New_York', time(2026, 12, 31, 18), '2026-12-31T23:00:00.000Z'],
    ['half an hour off', 'Asia/Kolkata', time(2026, 1, 1), '2025-12-31T18:30:00.000Z'],
    ['fourteen hours ahead', 'Pacific/Kiritimati', time(2026, 1, 1), '2025-12-31T10:00:00.000Z'],
    // On 25 October 2026 Berlin has 02:30 twice, on 29 March not at all.
    ['twice: the later counts', 'Europe/Berlin', time(2026, 10, 25, 2, 30), '2026-10-25T01:30:00.000Z'],
    ['never: as if they had not leapt', 'Europe/Berlin', time(2026, 3, 29, 2, 30), '2026-03-29T01:30:00.000Z'],
    ['right before they leap', 'Europe/Berlin', time(2026, 3, 29, 1, 59), '2026-03-29T00:59:00.000Z'],
    ['right after', 'Europe/Berlin', time(2026, 3, 29, 3), '2026-03-29T01:00:00.000Z'],
  ])('%s', (_, zone, wall, expected) => expect(iso(instantOf(wall, zone))).toBe(expected));
});

test.each<[string, string, [number, number, number], string]>([
  ['a year', 'UTC', [2026, 12, 31], '2027-01-01T00:00:00.000Z'],
  ['February', 'UTC', [2028, 2, 28], '2028-02-29T00:00:00.000Z'],
  ['a day of 25 hours', 'Europe/Berlin', [2026, 10, 25], '2026-10-25T23:00:00.000Z'],
  // Havana's clocks leap over midnight itself, from 0:00 to 1:00 on 8 March 2026.
  ['a day whose midnight is leapt over', 'America/Havana', [2026, 3, 7], '2026-03-08T05:00:00.000Z'],
])('the end of %s is its midnight', (_, zone, [year, month, day], expected) =>
  expect(iso(endOfDay({ year, month, day }, zone))).toBe(expected),
);

test.each([
  time(2026, 2, 30),
  time(2026, 13, 1),
  time(2026, 0, 1),
  time(2026, 1, 0),
  time(2026, 1, 1, 24),
  time(2026, 1, 1, 0, 60),
  time(2026, 1, 1, 0, 0, 60),
])('%j is shown by no clock', (none) => expect(wallTime(none)).toBeUndefined());

test('the 29th of February is shown in a leap year', () =>
  expect(wallTime(time(2028, 2, 29))).toEqual(time(2028, 2, 29)));

test.each<[string, string, ReturnType<typeof time>, string]>([
  ['UTC', '2026-01-15T12:00:05Z', time(2026, 1, 15, 12, 0, 5), 'UTC'],
  ['America/New_York', '2026-01-15T04:59:00Z', time(2026, 1, 14, 23, 59), 'EST'],
  ['America/New_York', '2026-07-15T04:00:00Z', time(2026, 7, 15), 'EDT'],
  ['Europe/Berlin', '2026-10-25T00:30:00Z', time(2026, 10, 25, 2, 30), 'GMT+2'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z', time(2026, 10, 25, 2, 30), 'GMT+1'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', time(2026, 4, 5, 1, 30), 'GMT+10:30'],
])('the clocks of %s at %s', (zone, instant, shown, name) => {
  expect(wallTimeAt(Date.parse(instant), zone)).toEqual(shown);
  expect(zoneNameAt(Date.parse(instant), zone)).toBe(name);
});
