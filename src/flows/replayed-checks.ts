import type { PriceEvidence } from '../domain/evaluation.js';
import { endOf, type PriceRange, pointAt } from '../domain/evidence/bar.js';
import type { Candle } from '../domain/evidence/candle.js';
import type { Market } from '../domain/market.js';
import { higher, lower, type Price } from '../domain/price.js';
import { minuteMs } from '../domain/time.js';

/** A check as it would have been made: at `at` (ms) it saw the candles before `end`, and those from `start` on were new. */
interface Check {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly last: Price;
}

/** The checks by their number, and what each or several of them in a row would have known. */
export interface ReplayedChecks {
  readonly count: number;
  at(check: number): number;
  /** The first check at or after an instant (ms); `count` where there is none. */
  firstFrom(instant: number): number;
  /** Over all that the checks `from` to `to` may look at. */
  rangeOf(from: number, to: number, lookBackMs: number): PriceRange;
  /** As one check at `to` would see all that was new since the one before `from`. */
  evidenceOf(from: number, to: number, lookBackMs: number): PriceEvidence;
  /** Whether a check has seen a candle that began at `instant` (ms) or later. */
  hasCandleFrom(check: number, instant: number): boolean;
  /** How many candles that is. */
  newCandles(from: number, to: number): number;
}

/** The lowest and highest of any stretch of the list, from halves that overlap: two look-ups, however long it is. */
function rangesOf(bars: readonly PriceRange[]): (from: number, to: number) => PriceRange {
  const levels: PriceRange[][] = [[...bars]];
  for (let width = 1; width * 2 <= bars.length; width *= 2) {
    const halves = levels[levels.length - 1] as PriceRange[];
    levels.push(
      Array.from({ length: bars.length - width * 2 + 1 }, (_, index) =>
        both(halves[index] as PriceRange, halves[index + width] as PriceRange),
      ),
    );
  }
  return (from, to) => {
    const level = Math.floor(Math.log2(to - from));
    const ranges = levels[level] as PriceRange[];
    return both(ranges[from] as PriceRange, ranges[to - 2 ** level] as PriceRange);
  };
}

const both = (a: PriceRange, b: PriceRange): PriceRange => ({ low: lower(a.low, b.low), high: higher(a.high, b.high) });

/** The index of the first entry whose instant is not before the one given. */
function firstNotBefore<T>(entries: readonly T[], instantOf: (entry: T) => number, instant: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instantOf(entries[middle] as T) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checksOf(candles: readonly Candle[], times: { from: number; to: number; everyMs: number }): Check[] {
  const checks: Check[] = [];
  let seen = 0;
  for (let at = times.from; at <= times.to; at += times.everyMs) {
    const start = seen;
    for (let next = candles[seen]; next !== undefined && endOf(next) <= at; next = candles[seen]) seen += 1;
    const last = candles[seen - 1];
    if (last !== undefined) checks.push({ at, start, end: seen, last: last.close });
  }
  return checks;
}

/**
 * At a check the last price is the close of the candle that has just ended, and the candles since the check before are
 * new. `isLastPriceOnly`: what a checker sees that knows nothing but last prices.
 */
export function createReplayedChecks(
  market: Market,
  candles: readonly Candle[],
  times: { from: number; to: number; everyMs: number },
  isLastPriceOnly: boolean,
): ReplayedChecks {
  const checks = checksOf(candles, times);
  const check = (index: number): Check => checks[index] as Check;
  const range = isLastPriceOnly ? rangesOf(checks.map(({ last, at }) => pointAt(last, at))) : rangesOf(candles);
  const startOf = (index: number, lookBackMs: number): number => {
    const { start, end, at } = check(index);
    if (lookBackMs === 0) return start;
    const openAt = start < end ? (candles[start] as Candle).openAt : at;
    return firstNotBefore(candles, (candle) => candle.openAt, openAt - lookBackMs - minuteMs);
  };
  const rangeOf: ReplayedChecks['rangeOf'] = (from, to, lookBackMs) => {
    if (isLastPriceOnly) return range(from, to + 1);
    // The last price of a check without new candles is that of the newest before.
    return range(Math.min(startOf(from, lookBackMs), check(from).end - 1), check(to).end);
  };
  function readEvidence(from: number, to: number, lookBackMs: number): PriceEvidence {
    const { at, end, last } = check(to);
    const seen = isLastPriceOnly ? [] : candles.slice(startOf(from, lookBackMs), end);
    return { market, candles: seen, last, lastAt: at, keepTo: at, range: rangeOf(from, to, lookBackMs) };
  }
  /** Of a check by itself, which thousands of alerts may look at. */
  const known = new Map<number, PriceEvidence>();
  return {
    count: checks.length,
    at: (index) => check(index).at,
    firstFrom: (instant) => firstNotBefore(checks, ({ at }) => at, instant),
    hasCandleFrom: (index, instant) => (candles[check(index).end - 1] as Candle).openAt >= instant,
    newCandles: (from, to) => check(to).end - check(from).start,
    rangeOf,
    evidenceOf(from, to, lookBackMs) {
      if (from !== to || lookBackMs > 0) return readEvidence(from, to, lookBackMs);
      const evidence = known.get(from) ?? readEvidence(from, to, 0);
      known.set(from, evidence);
      return evidence;
    },
  };
}
