import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Condition } from '../../../src/domain/conditions/registry.js';
import { price } from '../../../src/domain/price.js';
import { above, below } from '../../support/builders.js';
import { isTouched, reachedIn } from '../../support/touched.js';

const range = (low: string, high: string) => ({ low: price(low), high: price(high) });

describe('touching counts', () => {
  test.each<{ name: string; condition: Condition; low: string; high: string; expected: boolean }>([
    { name: 'the high is the target', condition: above('100'), low: '99', high: '100', expected: true },
    {
      name: 'the high is the target, padded',
      condition: above('100'),
      low: '99',
      high: '100.00000000',
      expected: true,
    },
    {
      name: 'the high is short by the last digit',
      condition: above('100'),
      low: '99',
      high: '99.99999999',
      expected: false,
    },
    { name: 'all of the range is above', condition: above('100'), low: '101', high: '102', expected: true },
    { name: 'the low is above, not the high', condition: above('100'), low: '99', high: '99.5', expected: false },
    { name: 'nine is not above ten, as text would say', condition: above('10'), low: '9', high: '9', expected: false },
    { name: 'the low is the target', condition: below('100'), low: '100', high: '101', expected: true },
    {
      name: 'the low is short by the last digit',
      condition: below('100'),
      low: '100.00000001',
      high: '101',
      expected: false,
    },
    { name: 'all of the range is below', condition: below('100'), low: '98', high: '99', expected: true },
    { name: 'the high alone is far below nothing', condition: below('100'), low: '101', high: '200', expected: false },
    { name: 'ten is not below nine, as text would say', condition: below('9'), low: '10', high: '10', expected: false },
    {
      name: 'a float would call it touched',
      condition: above('0.300000000000000000001'),
      low: '0.1',
      high: '0.3',
      expected: false,
    },
    { name: 'a float would not call it touched', condition: above('0.3'), low: '0.1', high: '0.30', expected: true },
  ])('$condition.kind $condition.target.text, $low to $high: $name', ({ condition, low, high, expected }) =>
    expect(isTouched(condition, range(low, high))).toBe(expected),
  );
});

test('a wider range never untouches, and one price touches exactly one side unless it is the target', () => {
  const prices = fc.bigInt({ min: 1n, max: 10n ** 24n }).map((units) => price(String(units)));
  fc.assert(
    fc.property(prices, prices, prices, (target, one, other) => {
      const single = { low: one, high: one };
      const wider = one.value.lt(other.value) ? { low: one, high: other } : { low: other, high: one };
      const [up, down] = [
        { kind: 'above', target },
        { kind: 'below', target },
      ] as const;
      for (const condition of [up, down]) {
        if (isTouched(condition, single)) expect(isTouched(condition, wider)).toBe(true);
      }
      expect(isTouched(up, single) && isTouched(down, single)).toBe(one.value.eq(target.value));
      expect(isTouched(up, single) || isTouched(down, single)).toBe(true);
    }),
  );
});

test('how far it went is the high for an alert above and the low for an alert below', () => {
  const seen = range('99', '101');
  expect([reachedIn(above('100'), seen), reachedIn(below('100'), seen)]).toEqual(['101', '99']);
});
