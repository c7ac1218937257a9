import { expect, test } from '@jest/globals';
import { readItem } from '../../../src/adapters/dynamodb/read-item.js';
import { expiredAlert, notifyingAlert, pendingAlert } from '../../support/builders.js';
import { itemOf } from '../../support/dynamodb.js';

const pending = itemOf(pendingAlert());
const notifying = itemOf(notifyingAlert());
const anInstant = 'expected an instant such as 2026-11-20T12:03:00.000Z';

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
    problem: 'target_price: expected a target such as 95000, got "0.00"',
  },
  {
    name: 'a target with a comma',
    item: { ...pending, target_price: '95,000' },
    problem: 'target_price: expected a target such as 95000, got "95,000"',
  },
  {
    name: 'a condition that is none',
    item: { ...pending, condition: 'over' },
    problem: 'condition: expected a condition such as above or below, got "over"',
  },
  {
    name: 'an exchange that is none',
    item: { ...pending, exchange: 'kraken' },
    problem: 'exchange: expected binance, bybit, coinbase, got "kraken"',
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
    problem: `condition: expected a condition such as above or below, got "${'x'.repeat(59)}`,
  },
])('$name', ({ item, problem }) => {
  expect(readItem(item)).toEqual({ ok: false, error: problem });
});
