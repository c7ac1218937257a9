import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { price } from '../../../src/domain/price.js';
import { above, below } from '../../support/builders.js';
import { condition } from '../../support/conditions.js';
import { rowsIn } from '../../support/text-table.js';
import { isTouched, reachedIn } from '../../support/touched.js';

const range = (low: string, high: string) => ({ low: price(low), high: price(high) });

describe('touching counts', () => {
  test.each(
    rowsIn(`
      above 100 | 99 to 100 | the high is the target | yes
      above 100 | 99 to 100.00000000 | the high is the target, padded | yes
      above 100 | 99 to 99.99999999 | the high is short by the last digit | no
      above 100 | 101 to 102 | all of the range is above | yes
      above 100 | 99 to 99.5 | the low is above, not the high | no
      above 10 | 9 to 9 | nine is not above ten, as text would say | no
      below 100 | 100 to 101 | the low is the target | yes
      below 100 | 100.00000001 to 101 | the low is short by the last digit | no
      below 100 | 98 to 99 | all of the range is below | yes
      below 100 | 101 to 200 | the high alone is far below nothing | no
      below 9 | 10 to 10 | ten is not below nine, as text would say | no
      above 0.300000000000000000001 | 0.1 to 0.3 | a float would call it touched | no
      above 0.3 | 0.1 to 0.30 | a float would not call it touched | yes
    `),
  )('%s, %s: %s', (asked, lowToHigh, _, expected) => {
    const [low = '', high = ''] = lowToHigh.split(' to ');
    expect(isTouched(condition(asked), range(low, high))).toBe(expected === 'yes');
  });
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
