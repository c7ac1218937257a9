import type { Context, Hono } from 'hono';
import type { Price } from '../../domain/price.js';
import { err, ok, type Result } from '../../domain/result.js';
import { dayMs } from '../../domain/time.js';
import { type Candle, candlesOf, dayOf, firstCandlesOf, lastTick, rangeOf, startOf } from '../candles.js';
import { createSimulator, type SimulatorEnv, type Traffic } from '../faults.js';
import type { ExchangeHosts } from '../hosts.js';
import type { Listing, SimulatedMarket } from '../market.js';
import { binanceFuturesSimulator } from './binance-futures.js';
import { type Refusal, refusals, windowMs } from './binance-rules.js';

const widths: Readonly<Record<string, number>> = {
  '1s': 1_000,
  '1m': 60_000,
  '5m': 5 * 60_000,
  '15m': 15 * 60_000,
  '1h': 60 * 60_000,
};

/** How long the last price outlives the trading: a week in recorded answers, and not for ever; the rest is a guess. */
const keptMs = 30 * dayMs;

/** Binance pads to eight decimals. Zero stands for "no price". */
function padded(price: Price | undefined): string {
  if (price === undefined) return '0.00000000';
  const text = price.value.toFixed(8);
  return price.value.eq(text) ? text : price.value.toFixed();
}

const amount = (count: number): string => count.toFixed(8);

/** One listing where one symbol was asked, else a list; a list with one unknown symbol is refused whole. */
function select(market: SimulatedMarket, c: Context): Result<Listing | readonly Listing[], Refusal> {
  const { symbol, symbols, symbolStatus } = c.req.query();
  const listed = market.listings.binance;
  const hasStatus = ({ delistedAt }: Listing) =>
    symbolStatus === undefined || (delistedAt === undefined ? 'TRADING' : 'BREAK') === symbolStatus;
  if (symbol !== undefined && symbols !== undefined) return err(refusals.both);
  if (symbol === undefined && symbols === undefined) return ok([...listed.values()].filter(hasStatus));
  if (symbols !== undefined && !/^\["[^"]+"(,"[^"]+")*\]$/.test(symbols)) return err(refusals.illegal);
  const wanted: readonly string[] = symbols === undefined ? [symbol] : JSON.parse(symbols);
  if (new Set(wanted).size < wanted.length) return err(refusals.repeated);
  const found = wanted.flatMap((name) => listed.get(name) ?? []);
  if (found.length < wanted.length) return err(refusals.unknown);
  if (!found.every(hasStatus)) return err(refusals.status);
  const [first] = found;
  return ok(symbols === undefined && first !== undefined ? first : found);
}

/**
 * A symbol that trades no more keeps its last day, with the `closeTime` of its last trade; one that was delisted long ago
 * is all zeros, while `ticker/price` goes on giving its last price. All others are traded all the time. `since` (ms):
 * over that stretch in place of the day.
 */
function tickerOf(listing: Listing, now: number, isMini: boolean, since?: number) {
  const isForgotten = listing.delistedAt !== undefined && now - listing.delistedAt > keptMs;
  const tick = isForgotten ? undefined : lastTick(listing, now);
  const last = tick?.price;
  const closeTime = listing.delistedAt === undefined ? now : (tick?.at ?? listing.delistedAt);
  const stretch = since === undefined ? dayOf(listing, closeTime) : rangeOf(listing, since, closeTime);
  const day = tick === undefined ? undefined : stretch;
  const count = day?.trades ?? 0;
  const change = last && day ? last.value.minus(day.open.value) : undefined;
  const mini = {
    symbol: listing.symbol,
    openPrice: padded(day?.open),
    highPrice: padded(day?.high),
    lowPrice: padded(day?.low),
    lastPrice: padded(last),
    volume: amount(count),
    quoteVolume: last ? last.value.times(count).toFixed(8) : amount(0),
    openTime: since ?? closeTime - dayMs,
    closeTime,
    firstId: count > 0 ? 1 : -1,
    lastId: count > 0 ? count : -1,
    count,
  };
  if (isMini) return mini;
  const bid = listing.delistedAt === undefined ? last : undefined;
  return {
    ...mini,
    priceChange: change?.toFixed(8) ?? amount(0),
    priceChangePercent: (change && day ? change.div(day.open.value).times(100).toFixed(3) : undefined) ?? '0.000',
    weightedAvgPrice: padded(last),
    prevClosePrice: padded(day?.open),
    lastQty: amount(1),
    bidPrice: padded(bid),
    bidQty: amount(bid ? 1 : 0),
    askPrice: padded(bid),
    askQty: amount(bid ? 1 : 0),
  };
}

/** The window begins with a whole minute, and ends with the request, whether or not something was traded since. */
function rollingWindows(market: SimulatedMarket, c: Context): Result<unknown, Refusal> {
  const { symbol, symbols, windowSize = '1d', type } = c.req.query();
  const now = market.now();
  const wide = windowMs(windowSize);
  if (symbol === undefined && symbols === undefined) return err(refusals.absent);
  if ((symbols?.split(',').length ?? 1) > 100) return err(refusals.tooMany);
  if (wide === undefined) return err(refusals.window);
  const found = select(market, c);
  if (!found.ok) return found;
  const openTime = startOf(now - wide, 60_000);
  const windowOf = (listing: Listing) => ({ ...tickerOf(listing, now, type === 'MINI', openTime), closeTime: now });
  return ok('symbol' in found.value ? windowOf(found.value) : found.value.map(windowOf));
}

const kline = ({ openTime, open, high, low, close, trades }: Candle, widthMs: number) => [
  openTime,
  padded(open),
  padded(high),
  padded(low),
  padded(close),
  amount(trades),
  openTime + widthMs - 1,
  close.value.times(trades).toFixed(8),
  trades,
  amount(trades),
  close.value.times(trades).toFixed(8),
  '0',
];

function klines(market: SimulatedMarket, c: Context): Result<unknown, Refusal> {
  const { symbol = '', interval = '', startTime, endTime, limit = '500' } = c.req.query();
  const listing = market.listings.binance.get(symbol);
  const widthMs = widths[interval];
  if (listing === undefined) return err(refusals.unknown);
  if (widthMs === undefined) return err(refusals.interval);
  const most = Math.min(Number(limit), 1_000);
  const to = endTime === undefined ? market.now() : Number(endTime);
  const from = startTime === undefined ? to - most * widthMs : Number(startTime);
  const query = { widthMs, from, to, fillsGaps: true };
  const candles =
    startTime === undefined
      ? candlesOf(listing, market.now(), query).slice(-most)
      : firstCandlesOf(listing, market.now(), query, most);
  return ok(candles.map((candle) => kline(candle, widthMs)));
}

/** The weight of a day's list by the number of symbols; all of them cost as much as more than a hundred. */
const dayWeight = (found: Listing | readonly Listing[], isList: boolean): number => {
  if (!Array.isArray(found)) return 2;
  return !isList || found.length > 100 ? 80 : found.length > 20 ? 40 : 2;
};

/** https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md */
export function binanceSimulator(market: SimulatedMarket, traffic: Traffic): Hono<SimulatorEnv> {
  const app = createSimulator(traffic);
  let minute = 0;
  let usedWeight = 0;
  const answer = (c: Context, result: Result<unknown, Refusal>, weight: number): Response => {
    const thisMinute = Math.floor(market.now() / 60_000);
    usedWeight = thisMinute === minute ? usedWeight + weight : weight;
    minute = thisMinute;
    c.header('x-mbx-used-weight-1m', String(usedWeight));
    return result.ok ? c.json(result.value as object) : c.json(result.error, 400);
  };
  app.get('/api/v3/ping', (c) => answer(c, ok({}), 1));
  app.get('/api/v3/ticker/price', (c) => {
    const priceOf = (listing: Listing) => ({
      symbol: listing.symbol,
      price: padded(lastTick(listing, market.now())?.price),
    });
    const found = select(market, c);
    if (!found.ok) return answer(c, found, 2);
    const { value } = found;
    return 'symbol' in value ? answer(c, ok(priceOf(value)), 2) : answer(c, ok(value.map(priceOf)), 4);
  });
  app.get('/api/v3/ticker/24hr', (c) => {
    const isMini = c.req.query('type') === 'MINI';
    const day = (listing: Listing) => tickerOf(listing, market.now(), isMini);
    const found = select(market, c);
    if (!found.ok) return answer(c, found, 2);
    const { value } = found;
    const weight = dayWeight(value, c.req.query('symbols') !== undefined);
    return answer(c, ok('symbol' in value ? day(value) : value.map(day)), weight);
  });
  app.get('/api/v3/ticker', (c) => {
    const windows = rollingWindows(market, c);
    const count = windows.ok && Array.isArray(windows.value) ? windows.value.length : 1;
    return answer(c, windows, windows.ok ? Math.min(200, 4 * count) : 4);
  });
  app.get('/api/v3/klines', (c) => answer(c, klines(market, c), 2));
  return app;
}

export const hosts: ExchangeHosts = {
  BINANCE_BASE_URL: binanceSimulator,
  BINANCE_FUTURES_BASE_URL: binanceFuturesSimulator,
};
