import * as v from 'valibot';
import { err, ok, type Result } from '../../../domain/result.js';
import { joinedSymbol } from '../../../domain/symbol.js';
import type { PriceError, Ticker, Tickers } from '../../../flows/ports/price-source.js';
import { address } from '../../address.js';
import { readCandles } from '../candle-list.js';
import type { Exchange, Get } from '../exchange.js';
import { jsonOf, unanswered, unexpected } from '../reply.js';
import { DayField, InstantField, PriceField, pickTickers, readEntry, staleness, tickerOf } from '../ticker-list.js';
import { failureOf } from './failure.js';
import { askRollingWindows } from './rolling-window.js';

const Day = v.object({ lastPrice: PriceField, highPrice: DayField, lowPrice: DayField, closeTime: InstantField });
const Last = v.object({ price: PriceField });

/** `closeTime` is about the last trade: within the hour for every market that trades, days ago for one that does not. */
const readDay =
  (now: number) =>
  (entry: unknown): Result<Ticker, PriceError> =>
    readEntry(Day, entry, ({ lastPrice, highPrice, lowPrice, closeTime }) => {
      const ticker = tickerOf(lastPrice, { high24h: highPrice, low24h: lowPrice });
      const detail = staleness(closeTime, now);
      return ticker.ok && detail !== undefined ? err({ kind: 'no-price', detail }) : ticker;
    });
const readLast = (entry: unknown): Result<Ticker, PriceError> => readEntry(Last, entry, ({ price }) => tickerOf(price));

async function ask(
  get: Get,
  url: URL,
  symbols: readonly string[],
  read: (entry: unknown) => Result<Ticker, PriceError>,
): Promise<Result<Tickers, PriceError>> {
  const answer = await get(url);
  if (!answer.ok) return err(unanswered(answer.error));
  const body = jsonOf(answer.value);
  const tickers =
    Array.isArray(body) && answer.value.status < 400 ? pickTickers(body, 'symbol', symbols, read) : undefined;
  if (tickers !== undefined) return ok(tickers);
  const failure = failureOf(answer.value, body);
  // No symbol was named, so this says nothing of any.
  return err(failure.kind === 'unknown-symbol' ? unexpected(answer.value, 'a list of tickers', 'code -1121') : failure);
}

const intervals: Readonly<Record<number, string>> = { 1000: '1s', 60000: '1m', 3600000: '1h' };

/** `[openTime, open, high, low, close, …]`. https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md */
const candleFields = (entry: unknown) =>
  Array.isArray(entry)
    ? { openAt: entry[0], open: entry[1], high: entry[2], low: entry[3], close: entry[4] }
    : undefined;

export const exchange: Exchange<'BINANCE_BASE_URL'> = {
  name: 'binance',
  origins: { BINANCE_BASE_URL: 'https://api.binance.com' },
  toExchangeSymbol: joinedSymbol,
  /** All symbols in one call (weight 80 of 6000 a minute): a list with one unknown symbol would be refused whole. */
  async tickers(get, { BINANCE_BASE_URL: origin }, symbols, now) {
    const day = await ask(get, address(origin, '/api/v3/ticker/24hr', [['type', 'MINI']]), symbols, readDay(now));
    if (day.ok || day.error.kind !== 'bad-response') return day;
    // This list keeps the last price of symbols that trade no more (https://github.com/GLEECBTC/coins/pull/895);
    // the parameter leaves them out.
    const url = address(origin, '/api/v3/ticker/price', [['symbolStatus', 'TRADING']]);
    return ask(get, url, symbols, readLast);
  },
  rangesSince: askRollingWindows,
  candleOffer: { spansMs: [1_000, 60_000, 3_600_000], perAnswer: 1_000, hasEverySpan: true },
  async candles(get, { BINANCE_BASE_URL: origin }, symbol, request) {
    const url = address(origin, '/api/v3/klines', [
      ['symbol', symbol],
      ['interval', intervals[request.spanMs] ?? ''],
      ['startTime', String(request.from)],
      ['endTime', String(request.to - 1)],
      ['limit', '1000'],
    ]);
    const answer = await get(url);
    if (!answer.ok) return err(unanswered(answer.error));
    const body = jsonOf(answer.value);
    const isList = Array.isArray(body) && answer.value.status < 400;
    const candles = isList ? readCandles(body, request, candleFields) : undefined;
    return candles === undefined ? err(failureOf(answer.value, body, 'a list of candles')) : ok(candles);
  },
};
