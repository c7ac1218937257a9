import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Bar } from '../../../src/domain/evidence/bar.js';
import { earlierPrices } from '../../../src/domain/evidence/earlier-prices.js';
import { price } from '../../../src/domain/price.js';

/** Bars of any length with any gaps. */
const bars = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 5 }),
    ),
    {
      maxLength: 25,
    },
  )
  .map((all) => {
    let openAt = 0;
    return all.map(([gap, spanMs, low, height]): Bar => {
      openAt += gap;
      const [least, most] = [price(String(low)), price(String(low + height))];
      const bar = { openAt, spanMs, open: least, high: most, low: least, close: most };
      openAt += spanMs;
      return bar;
    });
  });

test.each(['up', 'down'] as const)(
  'for a move %s the best price of the bars surely and perhaps within, as a search through all of them finds it',
  (direction) => {
    fc.assert(
      fc.property(bars, fc.integer({ min: 0, max: 300 }), fc.integer({ min: -1, max: 300 }), (all, ms, since) => {
        const value = (bar: Bar): number => Number((direction === 'up' ? bar.low : bar.high).text);
        const best = (found: readonly Bar[]): number | undefined =>
          found.length === 0 ? undefined : Math[direction === 'up' ? 'min' : 'max'](...found.map(value));
        const endOf = (bar: Bar): number => bar.openAt + Math.max(0, bar.spanMs - 1);
        const expected = all.map((later, index) => {
          const before = all.slice(0, index);
          return {
            proven: best(before.filter((bar) => bar.openAt >= since && endOf(later) - bar.openAt <= ms)),
            possible: best(before.filter((bar) => endOf(bar) >= since && later.openAt - endOf(bar) <= ms)),
          };
        });
        const found = earlierPrices(all, direction, { ms, since });
        expect(
          found.map(({ proven, possible }) => ({
            proven: proven && value(proven),
            possible: possible && value(possible),
          })),
        ).toEqual(expected);
      }),
      { numRuns: 300, seed: 11 },
    );
  },
);
