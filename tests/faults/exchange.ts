import type { Candle } from '../../src/domain/evidence/candle.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { createFakeExchange } from '../support/fake-exchange.js';
import { begunAt } from './scenes.js';

const spikeAt = begunAt - 3 * minuteMs;
const low = price('94000.00');
const high = price('95180.00');

const lastOf = (symbol: string) => (symbol === 'HIGHUSDT' ? high : low);
const highAt = (symbol: string, openAt: number) =>
  symbol === 'SPIKEUSDT' && openAt === spikeAt ? high : lastOf(symbol);

/** The markets of the scenes. It never fails: the faults of prices have their own tests. */
export const calmExchange = createFakeExchange({
  offer: { spansMs: [minuteMs], perAnswer: 1_000 },
  tickers: (symbol) => ({ last: lastOf(symbol), high24h: high, low24h: low }),
  candles: (symbol, { from, to, spanMs }) =>
    Array.from({ length: Math.ceil((to - from) / spanMs) }, (_, index): Candle => {
      const openAt = from + index * spanMs;
      const last = lastOf(symbol);
      return { openAt, spanMs, open: last, low: last, high: highAt(symbol, openAt), close: last };
    }),
});
