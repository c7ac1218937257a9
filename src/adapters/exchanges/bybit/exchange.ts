import { joinedSymbol } from '../../../domain/symbol.js';
import type { Exchange } from '../exchange.js';
import { pickTickers } from '../ticker-list.js';
import { askCandles, askTickers, candleOffer, readTicker } from './answers.js';
import { createPerpetuals } from './perpetuals.js';

export const exchange: Exchange<'BYBIT_BASE_URL'> = {
  name: 'bybit',
  origins: { BYBIT_BASE_URL: 'https://api.bybit.com' },
  toExchangeSymbol: joinedSymbol,
  tickers: (get, { BYBIT_BASE_URL: origin }, symbols) =>
    askTickers(get, origin, 'spot', (list) => pickTickers(list, 'symbol', symbols, readTicker)),
  candleOffer,
  candles: (get, { BYBIT_BASE_URL: origin }, symbol, request) =>
    askCandles(get, origin, { category: 'spot', symbol, request }),
  perpetuals: createPerpetuals,
};
