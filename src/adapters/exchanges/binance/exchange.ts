import { joinedSymbol } from '../../../domain/symbol.js';
import { address } from '../../address.js';
import type { Exchange } from '../exchange.js';
import { askCandles, askTickers, readDay, readLast } from './answers.js';
import { createPerpetuals } from './perpetuals.js';
import { askRollingWindows, rollingWindowsAtOnce } from './rolling-window.js';

const intervals: Readonly<Record<number, string>> = { 1000: '1s', 60000: '1m', 3600000: '1h' };

export const exchange: Exchange<'BINANCE_BASE_URL' | 'BINANCE_FUTURES_BASE_URL'> = {
  name: 'binance',
  origins: { BINANCE_BASE_URL: 'https://api.binance.com', BINANCE_FUTURES_BASE_URL: 'https://fapi.binance.com' },
  toExchangeSymbol: joinedSymbol,
  /** All symbols in one call (weight 80 of 6000 a minute): a list with one unknown symbol would be refused whole. */
  async tickers(get, { BINANCE_BASE_URL: origin }, symbols, now) {
    const day = await askTickers(
      get,
      address(origin, '/api/v3/ticker/24hr', [['type', 'MINI']]),
      symbols,
      readDay(now),
    );
    if (day.ok || day.error.kind !== 'bad-response') return day;
    // This list keeps the last price of symbols that trade no more (https://github.com/GLEECBTC/coins/pull/895);
    // the parameter leaves them out.
    const url = address(origin, '/api/v3/ticker/price', [['symbolStatus', 'TRADING']]);
    return askTickers(get, url, symbols, readLast(now));
  },
  rangesSince: askRollingWindows,
  rangesAtOnce: rollingWindowsAtOnce,
  candleOffer: { spansMs: [1_000, 60_000, 3_600_000], perAnswer: 1_000, hasEverySpan: true },
  async candles(get, { BINANCE_BASE_URL: origin }, symbol, request) {
    const url = address(origin, '/api/v3/klines', [
      ['symbol', symbol],
      ['interval', intervals[request.spanMs] ?? ''],
      ['startTime', String(request.from)],
      ['endTime', String(request.to - 1)],
      ['limit', '1000'],
    ]);
    return askCandles(get, url, request);
  },
  perpetuals: createPerpetuals,
};
