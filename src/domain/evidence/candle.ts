import type { PriceRange } from '../condition.js';
import { higher, lower, type Price } from '../price.js';

/** The trades of `spanMs` from `openAt` (ms) on; the last candle of an answer may still be growing. */
export interface Candle extends PriceRange {
  readonly openAt: number;
  readonly spanMs: number;
  readonly close: Price;
}

/** The start of the candle that an instant falls into. */
export const candleStart = (instant: number, spanMs: number): number => Math.floor(instant / spanMs) * spanMs;

export function widest(ranges: readonly PriceRange[], first: PriceRange): PriceRange {
  return ranges.reduce<PriceRange>(
    (all, range) => ({ low: lower(all.low, range.low), high: higher(all.high, range.high) }),
    first,
  );
}
