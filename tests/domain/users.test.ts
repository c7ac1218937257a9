import { describe, expect, test } from '@jest/globals';
import { channelNames } from '../../src/adapters/notifiers/registry.js';
import type { Cell } from '../../src/domain/columns.js';
import { type KnownUsers, readUserRows, type UserSettings } from '../../src/domain/users.js';

const known: KnownUsers = {
  knownUsers: ['default', 'dmitry', 'anna'],
  channelNames,
  channels: new Map([
    ['default', ['pushover']],
    ['dmitry', ['pushover', 'telegram']],
    ['anna', ['telegram']],
  ]),
};
const header = ['user_id', 'time_zone', 'quiet', 'notify'];
const night = { from: 1380, to: 420 };
const none: UserSettings = { user: 'dmitry', timeZone: undefined, quiet: undefined, notify: [] };

const readOf = (...rows: (readonly Cell[])[]) => readUserRows([header, ...rows], known, []);
function settingsOf(...rows: (readonly Cell[])[]) {
  const read = readOf(...rows);
  return read.ok ? read.value.settings : read.error;
}
function errorsOf(...rows: (readonly Cell[])[]) {
  const read = readOf(...rows);
  return read.ok ? read.value.errors : read.error;
}

test('a row says how its user is told, and what is blank says nothing', () => {
  expect(
    readOf(
      ['dmitry', 'Europe/Berlin', '23:00-07:00', 'Telegram; PUSHOVER'],
      [],
      ['', ' ', null],
      ['Anna', 'America/New York'],
      ['', 'utc'],
    ),
  ).toEqual({
    ok: true,
    value: {
      settings: [
        { user: 'dmitry', timeZone: 'Europe/Berlin', quiet: night, notify: ['pushover', 'telegram'] },
        { ...none, user: 'anna', timeZone: 'America/New_York' },
        { ...none, user: 'default', timeZone: 'utc' },
      ],
      errors: [],
      warnings: [],
    },
  });
});

test.each([[['User ID', 'Time Zone', 'QUIET', 'Notify']], [['USER', 'timezone', 'Quiet hours', 'notify']]])(
  'the header may be written as %j',
  (written) => {
    const settings = [{ user: 'dmitry', timeZone: 'UTC', quiet: night, notify: ['telegram'] }];
    const read = readUserRows([written, ['dmitry', 'UTC', '23-7', 'telegram']], known, []);
    expect(read).toMatchObject({ value: { settings } });
  },
);

test.each<[name: string, header: string[], cells: Cell[], warnings: string[]]>([
  [
    'columns may stand anywhere, be left out, and be the trader’s own',
    ['phone', 'quiet', 'user_id'],
    ['+49', '', 'dmitry'],
    [],
  ],
  [
    'of a column that stands twice the first counts, with a warning',
    ['user_id', 'quiet', 'Quiet'],
    ['dmitry', '', '23-7'],
    ['the column "quiet" stands twice (B and C); column B is read'],
  ],
])('%s', (_, written, cells, warnings) =>
  expect(readUserRows([written, cells], known, [])).toEqual({
    ok: true,
    value: { settings: [none], errors: [], warnings },
  }),
);

test.each<[string, readonly (readonly Cell[])[]]>([
  ['nothing', []],
  ['nothing', [['', null]]],
  ['name, birthday', [['name', 'birthday']]],
])('without user_id no row can be read: %s', (holds, table) =>
  expect(readUserRows(table, known, [])).toEqual({
    ok: false,
    error:
      `the first row must name the column user_id, and as you like time_zone, quiet and notify; it holds: ${holds}.` +
      ' Where the tab is about something else, set USERS_TAB to another name',
  }),
);

describe('a time zone', () => {
  test.each(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Etc/GMT+3'])('%s is read', (zone) =>
    expect(settingsOf(['dmitry', zone])).toEqual([{ ...none, timeZone: zone }]),
  );
  test.each<[Cell, string]>([
    ['Berlin', '"Berlin"'],
    ['+03:00', '"+03:00"'],
    [3, '3'],
    ['Europe/Berlin or so, I think', '28 characters'],
  ])('%j is none', (cell, got) =>
    expect(errorsOf(['dmitry', cell])).toEqual([
      {
        row: 2,
        message: `time_zone: expected a name of the IANA list, such as Europe/Berlin, America/New_York or UTC, or a blank cell, got ${got}`,
      },
    ]),
  );
});

test('a channel that the user has no key for is an error of that cell alone', () => {
  const read = readOf(['anna', 'UTC', '', 'pushover']);
  expect(read).toEqual({
    ok: true,
    value: {
      settings: [{ ...none, user: 'anna', timeZone: 'UTC' }],
      errors: [
        { row: 2, message: expect.stringContaining('the secret has no key of anna for pushover, but for telegram') },
      ],
      warnings: [],
    },
  });
});

test('a wrong cell leaves what the tab last said there, and a good one beside it counts', () => {
  const kept = [{ user: 'dmitry', timeZone: 'Europe/Berlin', quiet: night, notify: ['telegram'] }];
  const rows = [header, ['dmitry', 'Moon/Tycho', '22-6', 'pigeon']];
  expect(readUserRows(rows, known, kept)).toMatchObject({
    value: {
      settings: [{ user: 'dmitry', timeZone: 'Europe/Berlin', quiet: { from: 1320, to: 360 }, notify: ['telegram'] }],
    },
  });
});

test('a laptop without keys takes every user and every channel', () =>
  expect(
    readUserRows([header, ['bob', '', '', 'slack']], { knownUsers: undefined, channelNames, channels: undefined }, []),
  ).toMatchObject({ value: { settings: [{ user: 'bob', notify: ['slack'] }], errors: [] } }));
