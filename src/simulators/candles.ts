import { higher, lower, type Price } from '../domain/price.js';
import { dayMs } from '../domain/time.js';
import type { Listing, Tick } from './market.js';

/** `openTime` in ms since 1970. `trades` 0: nothing was traded, the price is carried over. */
export interface Candle {
  readonly openTime: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly trades: number;
}

export interface CandleQuery {
  readonly widthMs: number;
  /** The first and the last instant (ms) at which a candle may begin. */
  readonly from: number;
  readonly to: number;
  /** Binance and Bybit give a flat candle where nothing was traded, Coinbase none. */
  readonly fillsGaps: boolean;
}

export interface Day {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly trades: number;
}

const lastInstant = (listing: Listing, now: number): number => Math.min(now, listing.delistedAt ?? now);

/** Undefined where nothing was traded yet. */
export function lastTick(listing: Listing, now: number): Tick | undefined {
  const end = lastInstant(listing, now);
  return listing.ticks.findLast(({ at }) => at <= end);
}

export const startOf = (instant: number, widthMs: number): number => instant - (instant % widthMs);

const flat = (openTime: number, price: Price): Candle => ({
  openTime,
  open: price,
  high: price,
  low: price,
  close: price,
  trades: 0,
});

const withTrade = (candle: Candle, price: Price): Candle => ({
  ...candle,
  high: higher(candle.high, price),
  low: lower(candle.low, price),
  close: price,
  trades: candle.trades + 1,
});

/** Oldest first; the one that is under way is among them. */
export function candlesOf(listing: Listing, now: number, query: CandleQuery): Candle[] {
  const { widthMs, from, to, fillsGaps } = query;
  const end = lastInstant(listing, now);
  const traded = new Map<number, Candle>();
  let carried: Price | undefined;
  for (const { at, price } of listing.ticks) {
    const openTime = startOf(at, widthMs);
    if (at > end || openTime > to) break;
    if (openTime < from) carried = price;
    else traded.set(openTime, withTrade(traded.get(openTime) ?? flat(openTime, price), price));
  }
  if (!fillsGaps) return [...traded.values()];
  const candles: Candle[] = [];
  const firstTradeAt = listing.ticks[0]?.at ?? end;
  const start = startOf(Math.max(from + widthMs - 1, firstTradeAt), widthMs);
  for (let openTime = start; openTime <= Math.min(to, end); openTime += widthMs) {
    const candle = traded.get(openTime) ?? (carried && flat(openTime, carried));
    if (candle === undefined) continue;
    candles.push(candle);
    carried = candle.close;
  }
  return candles;
}

/** The first `most` of them, counted from where trading began if that is later; for pages of a long history. */
export function firstCandlesOf(listing: Listing, now: number, query: CandleQuery, most: number): Candle[] {
  const { widthMs } = query;
  const from = Math.max(query.from, startOf(listing.ticks[0]?.at ?? 0, widthMs));
  const to = Math.min(query.to, from + most * widthMs);
  return candlesOf(listing, now, { ...query, from, to }).slice(0, most);
}

/** The last 24 hours; undefined where nothing was traded yet. */
export function dayOf(listing: Listing, now: number): Day | undefined {
  const { ticks, earlier } = listing;
  const end = lastInstant(listing, now);
  const begin = now - dayMs;
  const before = ticks.findLast(({ at }) => at <= begin);
  const inside = ticks.filter(({ at }) => at > begin && at <= end).map(({ price }) => price);
  const open = inside[0] ?? before?.price;
  if (open === undefined) return undefined;
  const known = earlier !== undefined && earlier.until > begin ? [earlier.high, earlier.low] : [];
  const seen = [open, ...inside, ...known];
  return { open, high: seen.reduce(higher), low: seen.reduce(lower), trades: inside.length };
}

/** From `begin` to `until` (ms), with the price that stood at the beginning; undefined where nothing was traded by then. */
export function rangeOf(listing: Listing, begin: number, until: number): Day | undefined {
  const end = lastInstant(listing, until);
  const before = listing.ticks.findLast(({ at }) => at <= begin);
  const inside = listing.ticks.filter(({ at }) => at > begin && at <= end).map(({ price }) => price);
  const open = before?.price ?? inside[0];
  if (open === undefined) return undefined;
  const seen = [open, ...inside];
  return { open, high: seen.reduce(higher), low: seen.reduce(lower), trades: inside.length };
}
