import type { Alert } from './alert.js';
import { candleStart, dayMs, minuteMs } from './candle.js';
import { isTouched } from './condition.js';
import { type Market, marketKey } from './market.js';
import type { Price } from './price.js';

/**
 * Up to when each market was really checked (ms): one instant for all, and the exceptions, so that the record stays
 * small. A market checked at no time is unknown here: its alerts' windows open when they were armed.
 */
export interface CheckedThrough {
  readonly all: number | undefined;
  readonly openSince: Readonly<Record<string, number>>;
}

export const nothingChecked: CheckedThrough = { all: undefined, openSince: {} };

export const checkedThrough = (checked: CheckedThrough, market: Market): number =>
  checked.openSince[marketKey(market)] ?? checked.all ?? 0;

/** A window opens where its market was last checked, and for an alert no earlier than it was armed. */
export function windowStart(alerts: readonly Alert[], through: number): number {
  return Math.min(...alerts.map(({ armedAt }) => Math.max(armedAt, through)));
}

/** What the day's extremes say, from the call that gives the last price; undefined where the exchange does not tell. */
export interface DayRange {
  readonly high24h: Price | undefined;
  readonly low24h: Price | undefined;
}

/** The exchange's day ends some moments before its answer arrives. */
const dayMarginMs = 2 * minuteMs;

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
  if (isTouched(alert.condition, { low: last, high: last })) return true;
  if (from < now - dayMs + dayMarginMs) return true;
  const { kind, target } = alert.condition;
  const reach = kind === 'above' ? day.high24h : day.low24h;
  if (reach === undefined) return true;
  return kind === 'above' ? reach.value.gte(target.value) : reach.value.lte(target.value);
}
