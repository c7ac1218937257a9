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
  /** Asked for, and listed at no check so far: misspelt, or on another exchange only. Undefined: not known. */
  readonly neverSeen?: readonly string[] | undefined;
}

/**
 * The last moments may not be in the answers yet: exchanges and their caches are seconds behind. So each window begins a
 * minute before the run that closed the one before, and a candle that began within the last minute is not missed.
 */
export const settlingMs = minuteMs;

export const noWatermarks: Watermarks = { all: undefined, openSince: {} };

export const watermarkOf = (checked: Watermarks, market: Market): number =>
  checked.openSince[marketKey(market)] ?? checked.all ?? 0;

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
