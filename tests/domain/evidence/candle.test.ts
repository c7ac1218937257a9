import { expect, test } from '@jest/globals';
import { candleStart, widest } from '../../../src/domain/evidence/candle.js';
import { price } from '../../../src/domain/price.js';
import { hourMs, minuteMs } from '../../../src/domain/time.js';
import { at } from '../../support/builders.js';

test.each([
  { instant: '12:03', spanMs: minuteMs, start: '12:03' },
  { instant: '12:03:59.999', spanMs: minuteMs, start: '12:03' },
  { instant: '12:03:59.999', spanMs: 1_000, start: '12:03:59' },
  { instant: '12:59:59.999', spanMs: hourMs, start: '12:00' },
])('$instant falls into the candle of $spanMs ms from $start', ({ instant, spanMs, start }) => {
  expect(candleStart(at(instant), spanMs)).toBe(at(start));
});

const range = (low: string, high: string) => ({ low: price(low), high: price(high) });

test('the widest range has the lowest low and the highest high, in the digits they came in', () => {
  expect(widest([range('94.10', '96'), range('93.900', '95'), range('94', '96.0')], range('95', '95'))).toEqual(
    range('93.900', '96'),
  );
});

test('without more ranges the first is the widest', () => {
  expect(widest([], range('95', '95'))).toEqual(range('95', '95'));
});
