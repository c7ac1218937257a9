import { type Candle, minuteMs } from '../../src/domain/evidence/candle.js';
import { price } from '../../src/domain/price.js';
import { ok } from '../../src/domain/result.js';
import type { PriceSource } from '../../src/flows/ports.js';
import { begunAt } from './scenes.js';

const spikeAt = begunAt - 3 * minuteMs;
const low = price('94000.00');
const high = price('95180.00');

const lastOf = (symbol: string) => (symbol === 'HIGHUSDT' ? high : low);
const highAt = (symbol: string, openAt: number) =>
  symbol === 'SPIKEUSDT' && openAt === spikeAt ? high : lastOf(symbol);

/** The markets of the scenes. It never fails: the faults of prices have their own tests. */
export const calmExchange: PriceSource = {
  name: 'binance',
  toExchangeSymbol: (symbol) => symbol,
  candleOffer: { spansMs: [minuteMs], perAnswer: 1_000 },
  tickers: async (symbols) =>
    ok(new Map(symbols.map((symbol) => [symbol, ok({ last: lastOf(symbol), high24h: high, low24h: low })]))),
  candles: async (symbol, { from, to, spanMs }) =>
    ok(
      Array.from({ length: Math.ceil((to - from) / spanMs) }, (_, index): Candle => {
        const openAt = from + index * spanMs;
        return {
          openAt,
          spanMs,
          open: lastOf(symbol),
          low: lastOf(symbol),
          high: highAt(symbol, openAt),
          close: lastOf(symbol),
        };
      }),
    ),
};
