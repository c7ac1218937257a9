import { describe, expect, test } from '@jest/globals';
import { readItem } from '../../../src/adapters/dynamodb/read-item.js';
import { exchangeNames } from '../../../src/domain/market.js';
import { above, below, expiredAlert, notifyingAlert, pendingAlert, triggeredAlert } from '../../support/builders.js';
import { shownNames } from '../../support/conditions.js';
import { itemOf } from '../../support/dynamodb.js';

const pending = itemOf(pendingAlert());
const notifying = itemOf(notifyingAlert());
const names = shownNames;
const anInstant = 'expected an instant such as 2026-11-20T12:03:00.000Z';

describe('an item of the first version', () => {
  const item = {
    id: '6b1b84f6aa1c11dab493',
    entity_type: 'alert',
    name: 'Breakout',
    exchange: 'binance',
    symbol: 'BTCUSDT',
    condition: 'above',
    target_price: '95000.10',
    status: 'triggered',
    active: true,
    created_at: '2026-11-20T12:00:00.000Z',
    armed_at: '2026-11-20T12:00:00.000Z',
    triggered_at: '2026-11-20T12:05:00.000Z',
    triggered_count: 1,
    user_id: 'dmitry',
    notes: 'sell half',
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

test('attributes of other versions are passed over', () => {
  expect(readItem({ ...pending, cooldown_minutes: 5, ttl: 17 })).toEqual({ ok: true, value: pendingAlert() });
});

test('without the mark of a possible repeat there is none', () => {
  const { possible_repeat: _, ...item } = notifying;
  expect(readItem(item)).toEqual({ ok: true, value: notifyingAlert() });
});

test.each<{ name: string; item: Record<string, unknown>; problem: string }>([
  { name: 'no status', item: { ...pending, status: undefined }, problem: 'status is missing' },
  {
    name: 'an unknown status',
    item: { ...pending, status: 'done' },
    problem: 'status: expected pending, notifying, triggered or expired, got "done"',
  },
  { name: 'no target', item: { ...pending, target_price: undefined }, problem: 'target_price is missing' },
  {
    name: 'a zero target',
    item: { ...pending, target_price: '0.00' },
    problem: 'target_price: expected a price above zero, got "0.00"',
  },
  {
    name: 'a target with a comma',
    item: { ...pending, target_price: '95,000' },
    problem: 'target_price: expected a plain decimal, got "95,000"',
  },
  {
    name: 'a condition that is none',
    item: { ...pending, condition: 'over' },
    problem: `condition: expected ${names}, got "over"`,
  },
  {
    name: 'an exchange that is none',
    item: { ...pending, exchange: 'kraken' },
    problem: `exchange: expected ${exchangeNames.join(', ')}, got "kraken"`,
  },
  {
    name: 'a word for a truth',
    item: { ...pending, active: 'TRUE' },
    problem: 'active: expected true or false, got "TRUE"',
  },
  {
    name: 'a count of half a firing',
    item: { ...pending, triggered_count: 0.5 },
    problem: 'triggered_count: expected a whole number, got 0.5',
  },
  {
    name: 'an instant without its milliseconds',
    item: { ...pending, armed_at: '2026-11-20T12:00:00Z' },
    problem: `armed_at: ${anInstant}, got "2026-11-20T12:00:00Z"`,
  },
  {
    name: 'a day that is in no calendar',
    item: { ...pending, armed_at: '2026-02-30T12:00:00.000Z' },
    problem: `armed_at: ${anInstant}, got "2026-02-30T12:00:00.000Z"`,
  },
  {
    name: 'an instant as a number',
    item: { ...pending, created_at: 1_795_176_000 },
    problem: `created_at: ${anInstant}, got 1795176000`,
  },
  {
    name: 'a notification without its facts',
    item: { ...notifying, fire_id: undefined, fired_price: '' },
    problem: 'fire_id is missing; fired_price: expected a plain decimal, got ""',
  },
  {
    name: 'a lease that ends some day',
    item: { ...notifying, lease_until: 'soon' },
    problem: `lease_until: ${anInstant}, got "soon"`,
  },
  {
    name: 'an expired one that does not say what it was',
    item: { ...itemOf(expiredAlert()), status_before: 'notifying' },
    problem: 'status_before: expected pending or triggered, got "notifying"',
  },
  {
    name: 'a long value is quoted in part',
    item: { ...pending, condition: 'x'.repeat(900) },
    problem: `condition: expected ${names}, got "${'x'.repeat(58)}…`,
  },
])('$name', ({ item, problem }) => {
  expect(readItem(item)).toEqual({ ok: false, error: problem });
});
