import type { Alert } from '../alert.js';
import { canMatter, lookBackMs, windowFrom } from '../conditions/judge.js';
import type { SeenRange } from '../conditions/kind.js';
import { isReturning, mayReturn } from '../delivery/rearm.js';
import { higher, lower, type Price } from '../price.js';
import { dayMs, minuteMs } from '../time.js';
import { candleStart } from './candle.js';

/** What the day's extremes say, from the call that gives the last price; undefined where the exchange does not tell. */
export interface DayRange {
  readonly high24h: Price | undefined;
  readonly low24h: Price | undefined;
}

/** The exchange's day ends some moments before its answer arrives. */
const dayMarginMs = 2 * minuteMs;

const pointRange = (last: Price): SeenRange => ({ low: last, high: last, last });

/** Undefined where the exchange tells one extreme or none: the other may then lie anywhere. */
function seenToday(last: Price, { high24h, low24h }: DayRange): SeenRange | undefined {
  if (high24h === undefined || low24h === undefined) return undefined;
  return { low: lower(low24h, last), high: higher(high24h, last), last };
}

/** Whether a price of the range could do something to the alert: fire it, or arm it again. */
const isConcerned = (alert: Alert, seen: SeenRange): boolean =>
  isReturning(alert) ? mayReturn(alert, seen) : canMatter(alert.condition, alert.memory?.judged, seen);

/** The first three are reasons to ask for candles, the others not to. */
export type CandleReason = 'last-price-counts' | 'window-beyond-day' | 'day-range-counts' | 'just-armed' | 'ruled-out';

const reasonsToAsk: readonly CandleReason[] = ['last-price-counts', 'window-beyond-day', 'day-range-counts'];

/** What is known of an alert's market before candles are asked for. Instants in ms. */
export interface KnownBeforeCandles {
  readonly last: Price;
  readonly day: DayRange;
  /** Where the alert's window opens. */
  readonly from: number;
  readonly now: number;
  readonly smallestSpanMs: number;
}

/**
 * Why candles could prove a touch since `from`, or tell since when; or why they could not: the day's extremes rule a touch
 * out, or no candle began after the alert was armed. What is looked back over counts as well.
 */
export function candleReason(alert: Alert, known: KnownBeforeCandles): CandleReason {
  const { last, day, from, now, smallestSpanMs } = known;
  const { condition, armedAt } = alert;
  const memory = alert.memory?.judged;
  const backMs = lookBackMs(condition);
  const opensAt = isReturning(alert) ? alert.rearm.since : windowFrom({ armedAt, memory });
  if (backMs === 0 && candleStart(now, smallestSpanMs) < opensAt) return 'just-armed';
  // The candles then tell since when.
  if (isConcerned(alert, pointRange(last))) return 'last-price-counts';
  if (from - backMs < now - dayMs + dayMarginMs) return 'window-beyond-day';
  const seen = seenToday(last, day);
  return seen === undefined || isConcerned(alert, seen) ? 'day-range-counts' : 'ruled-out';
}

export const needsCandles = (alert: Alert, known: KnownBeforeCandles): boolean =>
  reasonsToAsk.includes(candleReason(alert, known));
