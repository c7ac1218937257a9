import type { WaitingAlert } from '../domain/alert.js';
import { canMatter, lookBackMs } from '../domain/conditions/judge.js';
import type { PriceRange } from '../domain/evidence/bar.js';
import { type Candle, candleStart } from '../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../domain/evidence/candle-plan.js';
import { settlingMs } from '../domain/evidence/watermark.js';
import { type Market, marketKey } from '../domain/market.js';
import { hourMs, minuteMs } from '../domain/time.js';
import { widest } from './read-range.js';

/** One answer's worth of minutes, in whole hours. Instants in ms. */
export interface MinutePage {
  readonly from: number;
  readonly to: number;
}

/** Always cut at the same instants, so that a page that was read once is found again. */
export function minutePages(from: number, to: number, { perAnswer }: CandleOffer): readonly MinutePage[] {
  const pageMs = Math.max(1, Math.floor(perAnswer / 60)) * hourMs;
  const first = candleStart(from, pageMs);
  return Array.from({ length: Math.ceil(Math.max(0, to - first) / pageMs) }, (_, index) => ({
    from: first + index * pageMs,
    to: first + (index + 1) * pageMs,
  }));
}

/** The answers to ask for, oldest first. */
export const requestsOver = (from: number, to: number, spanMs: number, perAnswer: number): readonly CandleRequest[] =>
  Array.from({ length: Math.ceil(Math.max(0, to - from) / (perAnswer * spanMs)) }, (_, index) => {
    const start = from + index * perAnswer * spanMs;
    return { from: start, to: Math.min(to, start + perAnswer * spanMs), spanMs };
  });

/** Of the hours that overlap the stretch, and of the price that it began with. */
function rangeOver(hours: readonly Candle[], from: number, to: number): PriceRange | undefined {
  const inside = hours.filter(({ openAt }) => openAt + hourMs > from && openAt < to);
  const [first, ...others] = inside;
  if (first === undefined) return undefined;
  const before = hours.findLast(({ openAt }) => openAt + hourMs <= from);
  return widest(first, before === undefined ? others : [...others, { low: before.close, high: before.close }]);
}

/**
 * The pages whose hours do not rule out that the alert fires there, and what is looked back over from them. Nothing is
 * known of what the alert would remember by then, so what any memory could make of the range counts.
 */
export function pagesThatMatter(
  pages: readonly MinutePage[],
  hours: readonly Candle[],
  { condition }: Pick<WaitingAlert, 'condition'>,
): readonly MinutePage[] {
  const backMs = lookBackMs(condition);
  const since = ({ from }: MinutePage): number => from - (backMs === 0 ? 0 : backMs + hourMs);
  const mayFire = pages.filter((page) => {
    const range = rangeOver(hours, since(page), page.to);
    return range !== undefined && canMatter(condition, undefined, { ...range, last: range.low });
  });
  return pages.filter((page) => mayFire.some((each) => page.to > since(each) && page.from < each.to));
}

/** What was read once, so that a change of the target is tested without a request. */
export interface KnownMinutes {
  find(market: Market, page: MinutePage): readonly Candle[] | undefined;
  /** Not where the page may still change at `now` (ms). */
  keep(market: Market, page: MinutePage, candles: readonly Candle[], now: number): void;
}

/** A month of one market and some of another; about a kilobyte each. */
const mostKnown = 60_000;

/** The pages that were read longest ago make room. */
export function createKnownMinutes(most = mostKnown): KnownMinutes {
  const known = new Map<string, readonly Candle[]>();
  const keyOf = (market: Market, { from, to }: MinutePage): string => `${marketKey(market)} ${from} ${to}`;
  let count = 0;
  return {
    find: (market, page) => known.get(keyOf(market, page)),
    keep(market, page, candles, now) {
      const key = keyOf(market, page);
      if (page.to > now - settlingMs - minuteMs || known.has(key)) return;
      known.set(key, candles);
      count += candles.length;
      for (const [oldest, { length }] of known) {
        if (count <= most) return;
        known.delete(oldest);
        count -= length;
      }
    },
  };
}
