import { describe, expect, test } from '@jest/globals';
import { channelNames } from '../../../src/adapters/notifiers/registry.js';
import type { Cell } from '../../../src/domain/columns.js';
import { notifyField } from '../../../src/domain/fields/notify.js';
import { reading } from '../../support/builders.js';

const { attributes } = notifyField;
const channels = new Map([['dmitry', ['pushover', 'telegram']]]);
const read = (notify: Cell, user: Cell = 'dmitry') =>
  notifyField.read({ notify, user }, { ...reading(['dmitry']), channels });

test.each<[Cell, string[], string | undefined]>([
  ['', [], undefined],
  [null, [], undefined],
  ['telegram', ['telegram'], 'telegram'],
  [' Telegram,PUSHOVER, telegram,', ['pushover', 'telegram'], 'pushover,telegram'],
  ['telegram pushover', ['pushover', 'telegram'], 'pushover,telegram'],
])('%j is %j', (cell, value, stored) => {
  expect(read(cell)).toEqual({ ok: true, value });
  expect(attributes.write(value)).toEqual({ notify: stored });
  expect(attributes.read({ notify: stored })).toEqual({ ok: true, value });
});

const known = channelNames.join(', ');
test.each<[Cell, string]>([
  ['no-such, telegram', `notify: expected some of ${known} or a blank cell, got "no-such"`],
  [',', `notify: expected some of ${known} or a blank cell, got ","`],
  [5, `notify: expected some of ${known} or a blank cell, got "5"`],
  ['__proto__', `notify: expected some of ${known} or a blank cell, got "__proto__"`],
  ['#N/A', 'notify holds the formula error #N/A: repair the formula or write channels such as pushover, telegram'],
  [
    'slack, ntfy, telegram',
    'notify: the secret has no key of dmitry for slack, ntfy, but for pushover, telegram; write what it has a key for, leave the cell blank for all of them, or add the key under users in the secret',
  ],
])('%j is told with what to write', (cell, error) => expect(read(cell)).toEqual({ ok: false, error }));

describe('where nobody knows who has a key for what', () => {
  test('every channel that there is may be named', () =>
    expect(notifyField.read({ notify: 'slack', user: 'bob' }, reading())).toEqual({ ok: true, value: ['slack'] }));
  test('a wrong user is told in its own column alone', () =>
    expect(read('slack', 'nobody')).toEqual({ ok: true, value: ['slack'] }));
});

test('other channels change the alert and arm nothing', () => {
  const standing = { now: 0, isOver: false };
  expect(notifyField.change(['telegram'], ['telegram'], standing)).toBe('nothing');
  expect(notifyField.change(['telegram'], [], standing)).toBe('changes');
});

test('a stored channel that there is no more does not hide the alert', () =>
  expect(attributes.read({ notify: 'fax,telegram' })).toEqual({ ok: true, value: ['fax', 'telegram'] }));
test('an item with something else is named', () =>
  expect(attributes.read({ notify: 7 })).toEqual({ ok: false, error: ['notify: expected channels, got 7'] }));
