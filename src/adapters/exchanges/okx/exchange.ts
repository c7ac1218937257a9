import { symbolParts } from '../../../domain/symbol.js';
import type { Exchange } from '../exchange.js';
import { askCandles, askTickers, candleOffer } from './answers.js';
import { createPerpetuals } from './perpetuals.js';

/** What its spot markets are quoted in: https://www.okx.com/api/v5/public/instruments?instType=SPOT */
const ownQuotes = ['USDT', 'USDC', 'USD', 'EUR', 'AED', 'AUD', 'BRL', 'SGD', 'TRY', 'BTC', 'ETH', 'OKB'];

export const exchange: Exchange<'OKX_BASE_URL'> = {
  name: 'okx',
  origins: { OKX_BASE_URL: 'https://www.okx.com' },
  toExchangeSymbol(symbol, isNamed) {
    const parts = symbolParts(symbol, isNamed ? ownQuotes : undefined);
    return parts === undefined ? undefined : `${parts.base}-${parts.quote}`;
  },
  tickers: (get, { OKX_BASE_URL: origin }, symbols, now) => askTickers(get, origin, { instType: 'SPOT', symbols, now }),
  candleOffer,
  /** 20 in two seconds for a list of prices and for old candles, 40 for the latest: https://www.okx.com/docs-v5/en */
  requestsPerSecond: 10,
  candles: (get, { OKX_BASE_URL: origin }, symbol, request) => askCandles(get, origin, symbol, request),
  perpetuals: createPerpetuals,
};
