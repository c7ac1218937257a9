import type { Candle } from '../../src/domain/evidence/candle.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { at } from '../support/builders.js';
import { createFakeExchange, type FakeExchange } from '../support/fake-exchange.js';

/**
 * High is above every target since ever; Spike was so for one minute, three minutes before the runs; Flat never. Wave was
 * so before the first runs and comes back between the later ones.
 */
export type SceneSymbol = 'HIGHUSDT' | 'SPIKEUSDT' | 'FLATUSDT' | 'WAVEUSDT';

export const lowPrice = 94_000;
export const highPrice = 95_180;

const beganAt = at('12:10');

/** From and to in minutes after the first two runs; what ends later than a few minutes after them is longer than a run. */
const highs: Readonly<Record<SceneSymbol, readonly (readonly [number, number])[]>> = {
  HIGHUSDT: [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
  SPIKEUSDT: [[-3, -2]],
  FLATUSDT: [],
  WAVEUSDT: [
    [-4, -1],
    [10, 20],
    [40, 50],
    [200, 220],
  ],
};

/** The price at an instant (ms), which is that of its whole minute. */
export function priceAt(symbol: string, instant: number): number {
  const minute = (instant - beganAt) / minuteMs;
  const isHigh = highs[symbol as SceneSymbol].some(([from, to]) => minute >= from && minute < to);
  return isHigh ? highPrice : lowPrice;
}

const [low, high] = [price('94000.00'), price('95180.00')];
const priceOf = (symbol: string, instant: number) => (priceAt(symbol, instant) === highPrice ? high : low);

/** The markets of the scenes. It never fails: the faults of prices have their own tests. */
export const createCalmExchange = (now: () => number): FakeExchange =>
  createFakeExchange({
    offer: { spansMs: [minuteMs], perAnswer: 1_000 },
    tickers: (symbol) => ({ last: priceOf(symbol, now()), high24h: high, low24h: low }),
    candles: (symbol, { from, to, spanMs }) =>
      Array.from({ length: Math.ceil((Math.min(to, now()) - from) / spanMs) }, (_, index): Candle => {
        const openAt = from + index * spanMs;
        const stood = priceOf(symbol, openAt);
        return { openAt, spanMs, open: stood, high: stood, low: stood, close: stood };
      }),
  });
