import { expect, test } from '@jest/globals';
import { price } from '../../src/domain/price.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { createRangeHistory, rangeKnown } from '../../src/flows/range-history.js';
import { at } from '../support/builders.js';

const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;
const between = (low: string, high: string) => ({ low: price(low), high: price(high) });

/** A day's range every so many minutes, the first at 12:00; the low tells which. */
function kept(count: number, everyMinutes: number) {
  const history = createRangeHistory();
  for (let index = 0; index < count; index += 1) {
    const now = at('12:00') + index * everyMinutes * minuteMs;
    history.keepRange(market, rangeKnown(between(`${index + 1}`, '100'), now - 24 * hourMs, now));
  }
  const lowOver = (fromMinute: number, to = at('12:00') - hourMs) =>
    history.rangeOver(market, at('12:00') + fromMinute * minuteMs - 24 * hourMs, to)?.low.text;
  return lowOver;
}

test.each<{ name: string; count: number; every: number; from: number; low: string | undefined }>([
  { name: 'the one that begins last of those that reach back', count: 4, every: 5, from: 12, low: '3' },
  { name: 'one that begins at the very instant', count: 4, every: 5, from: 10, low: '3' },
  { name: 'none where all begin later', count: 4, every: 5, from: -1, low: undefined },
  { name: 'one every five minutes is enough', count: 26, every: 1, from: 3, low: '1' },
  { name: 'the oldest make room', count: 7, every: 60, from: 59, low: undefined },
  { name: 'six are kept', count: 7, every: 60, from: 61, low: '2' },
])('$name', ({ count, every, from, low }) => expect(kept(count, every)(from)).toBe(low));

test('the ten minutes before an answer are not known by it', () => {
  const lowOver = kept(1, 5);
  expect(lowOver(0, at('11:50'))).toBe('1');
  expect(lowOver(0, at('11:50') + 1)).toBeUndefined();
});

test('the markets that were told of longest ago make room', () => {
  const history = createRangeHistory(2);
  const told = (symbol: string, minute: number) =>
    history.keepRange({ ...market, symbol }, { ...between('1', '2'), from: 0, to: minute * minuteMs });
  for (const [symbol, minute] of Object.entries({ A: 0, B: 0, C: 0 })) told(symbol, minute);
  told('B', 10);
  told('D', 0);
  const has = (symbol: string) => history.rangeOver({ ...market, symbol }, 0, 0) !== undefined;
  expect(['A', 'B', 'C', 'D'].filter(has)).toEqual(['B', 'D']);
});
