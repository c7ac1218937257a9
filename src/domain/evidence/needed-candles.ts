import type { Alert } from '../alert.js';
import { canMatter } from '../conditions/judge.js';
import type { SeenRange } from '../conditions/kind.js';
import { higher, lower, type Price } from '../price.js';
import { candleStart, dayMs, minuteMs } from './candle.js';

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

/**
 * Whether candles could prove a touch since `from`, or tell since when: false where the day's extremes rule a touch out,
 * and where no candle began after the alert was armed.
 */
export function needsCandles(
  alert: Alert,
  known: { last: Price; day: DayRange; from: number; now: number; smallestSpanMs: number },
): boolean {
  const { last, day, from, now, smallestSpanMs } = known;
  if (candleStart(now, smallestSpanMs) < alert.armedAt) return false;
  // The candles then tell since when.
  if (canMatter(alert.condition, undefined, pointRange(last))) return true;
  if (from < now - dayMs + dayMarginMs) return true;
  const seen = seenToday(last, day);
  return seen === undefined || canMatter(alert.condition, undefined, seen);
}
