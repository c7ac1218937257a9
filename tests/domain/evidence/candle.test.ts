import { expect, test } from '@jest/globals';
import { candleStart, hourMs, minuteMs } from '../../../src/domain/evidence/candle.js';
import { at } from '../../support/builders.js';

test.each([
  { instant: '12:03', spanMs: minuteMs, start: '12:03' },
  { instant: '12:03:59.999', spanMs: minuteMs, start: '12:03' },
  { instant: '12:03:59.999', spanMs: 1_000, start: '12:03:59' },
  { instant: '12:59:59.999', spanMs: hourMs, start: '12:00' },
])('$instant falls into the candle of $spanMs ms from $start', ({ instant, spanMs, start }) => {
  expect(candleStart(at(instant), spanMs)).toBe(at(start));
});
