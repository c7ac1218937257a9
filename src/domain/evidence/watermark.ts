import type { Alert } from '../alert.js';
import { isReturning, returnWindowFrom } from '../delivery/rearm.js';
import { type Market, marketKey } from '../market.js';
import { minuteMs } from '../time.js';

/**
 * Up to when each market was really checked (ms): one instant for all, and the exceptions, so that the record stays
 * small. A market checked at no time is unknown here: its alerts' windows open when they were armed.
 */
export interface Watermarks {
  readonly all: number | undefined;
  readonly openSince: Readonly<Record<string, number>>;
  /**
   * Where the last check rested on a range at least for one alert: their next windows overlap it by more. `all` in place
   * of very many.
   */
  readonly ruledOut?: readonly string[] | 'all' | undefined;
  /** Asked for, and listed at no check so far: misspelt, or on another exchange only. Undefined: not known. */
  readonly neverSeen?: readonly string[] | undefined;
}

/**
 * The last moments may not be in the answers yet: exchanges and their caches are seconds behind. So each window begins a
 * minute before the run that closed the one before, and a candle that began within the last minute is not missed.
 */
export const settlingMs = minuteMs;

/**
 * A range comes in bulk, perhaps from a cache, and need not know the last minutes; so what it ruled out is looked at
 * again by windows that overlap by this much.
 */
export const rangeOverlapMs = 10 * minuteMs;

/** More names than this are not worth their place in the record: a window may always open earlier. */
const mostNamed = 50;

export const noWatermarks: Watermarks = { all: undefined, openSince: {} };

export function watermarkOf({ all, openSince, ruledOut = [] }: Watermarks, market: Market): number {
  const key = marketKey(market);
  const since = openSince[key];
  if (since !== undefined || all === undefined) return since ?? 0;
  return ruledOut === 'all' || ruledOut.includes(key) ? all + settlingMs - rangeOverlapMs : all;
}

export const ruledOutRecord = (keys: readonly string[]): Watermarks['ruledOut'] => {
  if (keys.length === 0) return undefined;
  return keys.length > mostNamed ? 'all' : keys;
};

/** The exchanges that alerts are asked for, in order. `armedAt`: since when (ms). */
export interface Way {
  readonly armedAt: number;
  readonly markets: readonly Market[];
}

/**
 * The markets that were listed at the last check, or before while it could not be looked up. They are not written down
 * but follow from what is: the last check went along each way that was armed by then, past the markets that it never saw
 * and those that it had to leave open, to the first that gave a price.
 */
export function seenBefore(ways: readonly Way[], { all, openSince, neverSeen }: Watermarks): ReadonlySet<string> {
  const seen = new Set<string>();
  if (all === undefined || neverSeen === undefined) return seen;
  const never = new Set(neverSeen);
  for (const { armedAt, markets } of ways) {
    if (armedAt > all + settlingMs) continue;
    for (const key of markets.map(marketKey)) {
      if (never.has(key)) continue;
      seen.add(key);
      if (!Object.hasOwn(openSince, key)) break;
    }
  }
  return seen;
}

/**
 * A window opens where its market was last checked, and for an alert no earlier than it was armed. A memory from before
 * the arming was looked at by no check, however far the market was checked for others.
 */
export function alertWindow(alert: Alert, through: number): number {
  if (isReturning(alert)) return returnWindowFrom(alert, through);
  const { armedAt, memory } = alert;
  const asOf = memory?.judged?.asOf ?? armedAt;
  return asOf < armedAt ? asOf : Math.max(asOf, through);
}

export function windowStart(alerts: readonly Alert[], through: number): number {
  return Math.min(...alerts.map((alert) => alertWindow(alert, through)));
}
