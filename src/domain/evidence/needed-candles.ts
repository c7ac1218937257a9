import type { Alert } from '../alert.js';
import { canMatter, lookBackMs, windowFrom } from '../conditions/judge.js';
import type { SeenRange } from '../conditions/kind.js';
import { kindNamed } from '../conditions/registry.js';
import { isReturning, mayReturn } from '../delivery/rearm.js';
import { higher, lower, type Price } from '../price.js';
import { dayMs, minuteMs } from '../time.js';
import type { PriceRange } from './bar.js';
import { candleStart } from './candle.js';
import { alertWindow, settlingMs } from './watermark.js';

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

/** From where on an alert's prices count, those that it compares with included (ms). */
export const evidenceFrom = (alert: Alert, through: number): number =>
  alertWindow(alert, through) - lookBackMs(alert.condition);

/** No candle began after the alert was armed. */
function hasNoCandleYet(alert: Alert, now: number, smallestSpanMs: number): boolean {
  const opensAt = isReturning(alert)
    ? alert.rearm.since
    : windowFrom({ armedAt: alert.armedAt, memory: alert.memory?.judged });
  return lookBackMs(alert.condition) === 0 && candleStart(now, smallestSpanMs) < opensAt;
}

/** What the last price and a range leave to be asked of a market for one alert. */
export type Verdict =
  /** No candle began after the alert was armed. */
  | 'no-candle-yet'
  /** Not touched, as far as the range knows. */
  | 'ruled-out'
  /** A narrower range could still rule it out. */
  | 'open'
  /** Only candles can tell: the last price concerns the alert, and they tell since when; or it has yet to begin. */
  | 'candles';

/** It begins with the price that it was armed at, and the check that armed it has not seen one. A range is no price. */
function hasToBegin({ condition, armedAt, memory }: Alert, now: number): boolean {
  return kindNamed(condition.kind).hasStart && memory?.judged === undefined && armedAt < now - settlingMs;
}

/** From where on the day's extremes cover all that came (ms). */
export const dayStart = (now: number): number => now - dayMs + dayMarginMs;

/**
 * By the day's extremes, for the window from `from` on: they rule a touch out, unless the window reaches back beyond
 * them. What is looked back over counts as well.
 */
export function verdictByDay(
  alert: Alert,
  known: { last: Price; day: DayRange; from: number; now: number; smallestSpanMs: number },
): Verdict {
  const { last, day, from, now, smallestSpanMs } = known;
  if (hasNoCandleYet(alert, now, smallestSpanMs)) return 'no-candle-yet';
  if (isConcerned(alert, pointRange(last)) || hasToBegin(alert, now)) return 'candles';
  if (from - lookBackMs(alert.condition) < dayStart(now)) return 'open';
  const seen = seenToday(last, day);
  return seen === undefined || isConcerned(alert, seen) ? 'open' : 'ruled-out';
}

/** Whether no range decides on the alert, whatever it tells: the last price alone does, or the condition has yet to begin. */
export const needsLastPrice = (alert: Alert, now: number, smallestSpanMs: number): boolean =>
  hasNoCandleYet(alert, now, smallestSpanMs) || hasToBegin(alert, now);

/** Whether a range that covers all of an alert's window and look-back, but for its last moments, rules a touch out. */
export const isRuledOutBy = (alert: Alert, last: Price, { low, high }: PriceRange): boolean =>
  !isConcerned(alert, { low: lower(low, last), high: higher(high, last), last });
