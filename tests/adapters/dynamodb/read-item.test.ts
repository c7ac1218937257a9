import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readItem } from '../../../src/adapters/dynamodb/read-item.js';
import { exchangeNames } from '../../../src/domain/market.js';
import {
  above,
  below,
  delivery,
  expiredAlert,
  notifyingAlert,
  pendingAlert,
  trigger,
  triggeredAlert,
} from '../../support/builders.js';
import { shownNames } from '../../support/conditions.js';
import { documentedItem, itemOf } from '../../support/dynamodb.js';

const pending = itemOf(pendingAlert());
const notifying = itemOf(notifyingAlert());
const names = shownNames;
const anInstant = 'expected an instant such as 2026-11-20T12:03:00.000Z';

describe('an item of the first version', () => {
  const item = {
    ...documentedItem,
    id: '6b1b84f6aa1c11dab493',
    target_price: '95000.10',
    status: 'triggered',
    triggered_at: '2026-11-20T12:05:00.000Z',
    triggered_count: 1,
  };

  test('is read, and written as it was', () => {
    const alert = triggeredAlert({ id: '6b1b84f6aa1c11dab493', condition: above('95000.10') });
    expect(readItem(item)).toEqual({ ok: true, value: alert });
    expect(JSON.parse(JSON.stringify(itemOf(alert)))).toEqual(item);
  });

  test('with as little as it may hold is read, and written as it was', () => {
    const { name, exchange, notes, triggered_at, ...rest } = item;
    const least = { ...rest, condition: 'below', target_price: '0.00001234', status: 'pending', triggered_count: 0 };
    const alert = pendingAlert({
      ...{ id: least.id, exchange: undefined, condition: below('0.00001234'), name: '', notes: '' },
    });
    expect(readItem(least)).toEqual({ ok: true, value: alert });
    expect(JSON.parse(JSON.stringify(itemOf(alert)))).toEqual(least);
  });
});

describe('a fire by the funding', () => {
  const fired = trigger({
    market: { exchange: 'bybit', kind: 'perpetual', symbol: 'BTCUSDT' },
    ...{ price: '-0.00250000', lastPrice: '-0.00250000' },
    funding: { intervalHours: 4, nextAt: Date.UTC(2026, 10, 20, 16) },
  });
  const item = itemOf(notifyingAlert({ delivery: delivery({ trigger: fired }) }));

  test('keeps its rate, which may be negative, its interval and its next settlement', () => {
    expect(item).toMatchObject({ fired_price: '-0.00250000', funding_interval_hours: 4, fired_kind: 'perpetual' });
    expect(readItem(item)).toMatchObject({ ok: true, value: { delivery: { trigger: fired } } });
  });

  test('is named where an edit made nonsense of it, and so is a price that is none', () => {
    const errorOf = (broken: object) => {
      const read = readItem({ ...item, ...broken });
      return read.ok ? undefined : read.error;
    };
    expect(errorOf({ fired_price: 'much' })).toContain('fired_price: expected a decimal such as 0.0001');
    expect(errorOf({ funding_interval_hours: 0 })).toContain('funding_interval_hours: expected 1 or more');
    expect(errorOf({ next_funding_at: 'soon' })).toContain('next_funding_at: expected an instant');
    expect(errorOf({ funding_interval_hours: undefined })).toContain('fired_price: expected a plain decimal');
  });
});

test('attributes of other versions are passed over', () => {
  expect(readItem({ ...pending, cooldown_minutes: 5, ttl: 17 })).toEqual({ ok: true, value: pendingAlert() });
});

test('without the mark of a possible repeat there is none', () => {
  const { possible_repeat: _, ...item } = notifying;
  expect(readItem(item)).toEqual({ ok: true, value: notifyingAlert() });
});

test.each<[name: string, item: Record<string, unknown>, problem: string]>([
  ['no status', { ...pending, status: undefined }, 'status is missing'],
  [
    'an unknown status',
    { ...pending, status: 'done' },
    'status: expected pending, notifying, triggered or expired, got "done"',
  ],
  ['no target', { ...pending, target_price: undefined }, 'target_price is missing'],
  ['a zero target', { ...pending, target_price: '0.00' }, 'target_price: expected a price above zero, got "0.00"'],
  [
    'a target with a comma',
    { ...pending, target_price: '95,000' },
    'target_price: expected a plain decimal, got "95,000"',
  ],
  ['a condition that is none', { ...pending, condition: 'over' }, `condition: expected ${names}, got "over"`],
  [
    'an exchange that is none',
    { ...pending, exchange: 'kraken' },
    `exchange: expected ${exchangeNames.join(', ')}, got "kraken"`,
  ],
  ['a word for a truth', { ...pending, active: 'TRUE' }, 'active: expected true or false, got "TRUE"'],
  [
    'a count of half a firing',
    { ...pending, triggered_count: 0.5 },
    'triggered_count: expected a whole number, got 0.5',
  ],
  [
    'an instant without its milliseconds',
    { ...pending, armed_at: '2026-11-20T12:00:00Z' },
    `armed_at: ${anInstant}, got "2026-11-20T12:00:00Z"`,
  ],
  [
    'a day that is in no calendar',
    { ...pending, armed_at: '2026-02-30T12:00:00.000Z' },
    `armed_at: ${anInstant}, got "2026-02-30T12:00:00.000Z"`,
  ],
  ['an instant as a number', { ...pending, created_at: 1_795_176_000 }, `created_at: ${anInstant}, got 1795176000`],
  [
    'a notification without its facts',
    { ...notifying, fire_id: undefined, fired_price: '' },
    'fire_id is missing; fired_price: expected a plain decimal, got ""',
  ],
  ['a lease that ends some day', { ...notifying, lease_until: 'soon' }, `lease_until: ${anInstant}, got "soon"`],
  [
    'an expired one that does not say what it was',
    { ...itemOf(expiredAlert()), status_before: 'notifying' },
    'status_before: expected pending or triggered, got "notifying"',
  ],
  [
    'a long value is quoted in part',
    { ...pending, condition: 'x'.repeat(900) },
    `condition: expected ${names}, got "${'x'.repeat(58)}…`,
  ],
])('%s', (_name, item, problem) => {
  expect(readItem(item)).toEqual({ ok: false, error: problem });
});

test('of the last fire the channels that refused it are known, and what is no list of channels does no harm', () => {
  const channels = JSON.stringify([
    { channel: 'pushover', state: 'accepted', at: '2026-11-20T12:05:00.000Z' },
    { channel: 'telegram', state: 'given-up', error: 'no answer' },
    { channel: 'slack', state: 'refused' },
  ]);
  const item = itemOf(triggeredAlert());
  const untold = [
    { channel: 'telegram', why: 'no answer' },
    { channel: 'slack', why: undefined },
  ];
  expect(readItem({ ...item, channels })).toEqual({ ok: true, value: triggeredAlert({ untold }) });
  expect(readItem({ ...item, channels: 'nonsense' })).toEqual({ ok: true, value: triggeredAlert() });
});

test('what is read by hand is read as the schema would: a word about channels that means nothing makes it be asked', () => {
  const values = fc.constantFrom<unknown>(
    ...[undefined, null, '', 'x', 'triggered', 0, 1, -1, 0.5, true, Number.NaN, [], {}],
    ...['2026-11-20T12:05:00.000Z', '2026-11-20T12:05:00Z', '+010000-01-01T00:00:00.000Z'],
  );
  const names = fc.constantFrom(
    ...['id', 'status', 'armed_at', 'created_at', 'triggered_at', 'triggered_count'],
    ...['memory', 'over_at', 'rearm', 'recent_fires', 'receipts'],
  );
  const edits = fc.uniqueArray(fc.tuple(names, values), { maxLength: 2, selector: ([name]) => name });
  fc.assert(
    fc.property(fc.constantFrom(pending, itemOf(triggeredAlert())), edits, (stored, edited) => {
      const item = { ...stored, ...Object.fromEntries(edited) };
      expect(readItem(item)).toEqual(readItem({ ...item, channels: 'nonsense' }));
    }),
    { numRuns: 1_000 },
  );
});
