import type { PriceRange } from '../domain/evidence/bar.js';
import { rangeOverlapMs } from '../domain/evidence/watermark.js';
import { type Market, marketKey } from '../domain/market.js';
import { minuteMs } from '../domain/time.js';

/** What surely was traded within it lies within the range; more than it may (ms). */
export interface KnownRange extends PriceRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What an instance keeps of ranges from run to run: the day's range alone never covers a look-back of a whole day, since
 * the stretch begins before the last check; with the one that was told some minutes earlier it does.
 */
export interface RangeHistory {
  /** The narrowest that covers all from `from` to `to` (ms); undefined where none does. */
  rangeOver(market: Market, from: number, to: number): PriceRange | undefined;
  keepRange(market: Market, range: KnownRange): void;
}

/** A check every five minutes needs the fourth from the end, one every hour the second. */
const mostOfMarket = 6;
/** Where checks come each minute, the ranges must reach back for a quarter of an hour all the same. */
const apartMs = 5 * minuteMs;
/** About a kilobyte each. */
const mostMarkets = 4_000;

/** A range in bulk may come from a cache, and know nothing of its last minutes. */
export const rangeKnown = (range: PriceRange, from: number, at: number): KnownRange => {
  return { low: range.low, high: range.high, from, to: at - rangeOverlapMs };
};

/** The markets that were told of longest ago make room. */
export function createRangeHistory(most = mostMarkets): RangeHistory {
  const known = new Map<string, readonly KnownRange[]>();
  return {
    rangeOver(market, from, to) {
      const covering = known.get(marketKey(market))?.filter((range) => range.from <= from && range.to >= to);
      // Of ranges that end alike, the one that begins last holds least beside.
      return covering?.reduce<KnownRange | undefined>(
        (a, b) => (a === undefined || b.from > a.from ? b : a),
        undefined,
      );
    },
    keepRange(market, range) {
      const key = marketKey(market);
      const all = known.get(key) ?? [];
      // One that adds little is not kept: six of the last minute would reach back no further than one.
      const isNear = all.some(({ from, to }) => from <= range.from && range.to - to < apartMs);
      if (isNear) return;
      known.delete(key);
      known.set(key, [...all, range].slice(-mostOfMarket));
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
  };
}
