import { ok } from '../../domain/result.js';
import type { PriceSource } from '../../flows/ports.js';
import type { Exchange, Get } from './exchange.js';
import { paced } from './paced.js';

/** An exchange with the run's requests and the configured origins, keyed by environment variable. */
export function connect(exchange: Exchange, get: Get, origins: Readonly<Record<string, string>>): PriceSource {
  const ask = exchange.requestsPerSecond === undefined ? get : paced(get, exchange.requestsPerSecond);
  return {
    name: exchange.name,
    spell: exchange.spell,
    candleOffer: exchange.candleOffer,
    tickers: async (symbols, now) =>
      symbols.length === 0 ? ok(new Map()) : exchange.tickers(ask, { ...exchange.origins, ...origins }, symbols, now),
    candles: (symbol, request) => exchange.candles(ask, { ...exchange.origins, ...origins }, symbol, request),
  };
}
