import type { Exchange } from '../../src/adapters/exchanges/exchange.js';
import type { Candle } from '../../src/domain/evidence/candle.js';
import type { CandleRequest } from '../../src/domain/evidence/candle-plan.js';
import type { MarketKind } from '../../src/domain/market.js';
import { type Price, price } from '../../src/domain/price.js';
import type { PriceError, Ticker } from '../../src/flows/ports/price-source.js';
import { type Chance, type PlainCandle, units, unitsText } from '../support/candle-series.js';
import { createFakeExchange, type FakeExchange } from '../support/fake-exchange.js';
import { marketsOf } from '../support/markets-of.js';
import { type Lie, rangesOf } from '../support/range-host.js';

/** Trades, oldest first, no two at the same instant; prices in units. */
export interface Ticks {
  readonly at: readonly number[];
  readonly price: readonly number[];
}

/** Each minute as four trades, at any moments of it: its open, the two extremes in either order, its close. */
export function ticksOf(candles: readonly PlainCandle[], chance: Chance, factor = () => 1): Ticks {
  const at: number[] = [];
  const prices: number[] = [];
  for (const { openAt, open, high, low, close } of candles) {
    const extremes = chance.isHit(0.5) ? [high, low] : [low, high];
    const moments = new Set<number>();
    while (moments.size < 4) moments.add(openAt + chance.below(60_000));
    at.push(...[...moments].sort((a, b) => a - b));
    const cents = (text: string) => Math.round((units(text) * factor()) / 1_000_000) * 1_000_000;
    prices.push(...[open, ...extremes, close].map(cents));
  }
  return { at, price: prices };
}

export const tickAt = (numbers: readonly number[], index: number): number => {
  const value = numbers[index];
  if (value === undefined) throw new Error(`no trade ${index}`);
  return value;
};

/** Index of the last trade at or before then; -1 where there is none. */
export function lastTick({ at }: Ticks, instant: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tickAt(at, middle) <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const known = new Map<number, Price>();

/** The same decimal is parsed once: a proof asks for millions. */
function priceOf(value: number): Price {
  const found = known.get(value) ?? price(unitsText(value));
  known.set(value, found);
  return found;
}

const dayMs = 24 * 60 * 60_000;

function rangeOf(
  ticks: Ticks,
  from: number,
  to: number,
): { readonly high: Price; readonly low: Price; readonly last: Price } | undefined {
  const [first, last] = [lastTick(ticks, from) + 1, lastTick(ticks, to)];
  if (first > last) return undefined;
  let high = 0;
  let low = Number.POSITIVE_INFINITY;
  for (let index = first; index <= last; index += 1) {
    const traded = tickAt(ticks.price, index);
    if (traded > high) high = traded;
    if (traded < low) low = traded;
  }
  return { high: priceOf(high), low: priceOf(low), last: priceOf(tickAt(ticks.price, last)) };
}

function dayOf(ticks: Ticks, now: number): Pick<Ticker, 'high24h' | 'low24h'> {
  const day = rangeOf(ticks, now - dayMs, now);
  return { high24h: day?.high, low24h: day?.low };
}

/** The candle under way is among them, as far as it has come. */
function candlesOf(ticks: Ticks, { from, to, spanMs }: CandleRequest, now: number, fillsGaps: boolean): Candle[] {
  const candles: Candle[] = [];
  const newest = lastTick(ticks, now);
  let next = lastTick(ticks, from - 1) + 1;
  for (let openAt = from; openAt < to && openAt < now; openAt += spanMs) {
    const first = next;
    while (next <= newest && tickAt(ticks.at, next) < openAt + spanMs) next += 1;
    if (first === next && (!fillsGaps || first === 0)) continue;
    const inside = first === next ? [tickAt(ticks.price, first - 1)] : ticks.price.slice(first, next);
    candles.push({
      openAt,
      spanMs,
      open: priceOf(inside[0] ?? 0),
      high: priceOf(inside.reduce((a, b) => Math.max(a, b))),
      low: priceOf(inside.reduce((a, b) => Math.min(a, b))),
      close: priceOf(inside.at(-1) ?? 0),
    });
  }
  return candles;
}

const down: PriceError = { kind: 'unavailable', detail: 'down, says the proof' };

export interface TickMarket {
  readonly exchange: Exchange;
  readonly kind?: MarketKind | undefined;
  /** By the exchange's own spelling. */
  readonly ticks: ReadonlyMap<string, Ticks>;
  /** Binance and Bybit give the day's extremes with the bulk call, and a flat candle where nothing was traded. */
  readonly hasDay: boolean;
  readonly fillsGaps: boolean;
  now(): number;
  isUp(): boolean;
  hasCandles(symbol: string): boolean;
  /** How old the answers are. */
  lagMs(): number;
  /** What the ranges in bulk do in place of telling the truth. */
  rangeLie?(): Lie | undefined;
}

/** A price source in the exchange's own terms, of which everything follows from its trades and the clock. */
export function createTickSource(market: TickMarket): FakeExchange {
  const { exchange, kind = 'spot', ticks, hasDay, fillsGaps, now } = market;
  const { toExchangeSymbol, candleOffer } = marketsOf(exchange, kind);
  return createFakeExchange({
    name: exchange.name,
    kind,
    toExchangeSymbol,
    offer: candleOffer,
    ranges: (onRequest) =>
      kind === 'perpetual'
        ? {}
        : rangesOf(exchange, {
            now,
            onRequest,
            symbols: () => [...ticks.keys()],
            lie: () => (market.isUp() ? market.rangeLie?.() : 'refused'),
            range(symbol, from, to) {
              const range = rangeOf(ticks.get(symbol) ?? { at: [], price: [] }, from - 1, to - market.lagMs());
              return range && { high: range.high.text, low: range.low.text, last: range.last.text };
            },
          }),
    isDown: () => (market.isUp() ? undefined : down),
    tickers(symbol) {
      const listed = ticks.get(symbol);
      if (listed === undefined) return undefined;
      const seenAt = now() - market.lagMs();
      const last = priceOf(tickAt(listed.price, lastTick(listed, seenAt)));
      return { last, ...(hasDay ? dayOf(listed, seenAt) : { high24h: undefined, low24h: undefined }) };
    },
    candles(symbol, request) {
      if (request.from >= request.to || request.from % request.spanMs !== 0) throw new Error('no such candles');
      if ((request.to - request.from) / request.spanMs > candleOffer.perAnswer)
        throw new Error('more candles than one answer holds');
      const listed = ticks.get(symbol);
      if (!market.hasCandles(symbol) || listed === undefined) return down;
      return candlesOf(listed, request, now() - market.lagMs(), fillsGaps);
    },
  });
}
