import { type Alert, isArmed, type Trigger } from './alert.js';
import { extreme, isTouched, levelCondition, type PriceRange } from './condition.js';
import type { Candle } from './evidence/candle.js';
import { widest } from './evidence/candle.js';
import type { Market } from './market.js';
import type { Price } from './price.js';

/** What is known of a market at a check. Instants in ms. */
export interface PriceEvidence {
  readonly market: Market;
  readonly last: Price;
  readonly lastAt: number;
  /** Of the window since the market was last checked, oldest first; none where they could prove nothing. */
  readonly candles: readonly Candle[];
  /** Over all of the above. */
  readonly range: PriceRange;
}

export function priceEvidence(
  market: Market,
  last: Price,
  lastAt: number,
  candles: readonly Candle[] = [],
): PriceEvidence {
  return { market, last, lastAt, candles, range: widest(candles, { low: last, high: last }) };
}

/** Every alert that stays silent has a reason. */
export type NotFiredReason = 'not-armed' | 'no-price' | 'no-evidence-since-armed' | 'not-touched';

export type Decision =
  | { readonly fire: true; readonly trigger: Trigger }
  | { readonly fire: false; readonly reason: NotFiredReason };

const silent = (reason: NotFiredReason): Decision => ({ fire: false, reason });

/**
 * Pure: an alert and what is known of its market. A candle that began before the alert was armed is no evidence for it.
 * An alert already true when it is armed fires at once, on the last price.
 */
export function evaluate(alert: Alert, evidence: PriceEvidence | undefined): Decision {
  if (!isArmed(alert)) return silent('not-armed');
  if (evidence === undefined) return silent('no-price');
  if (evidence.lastAt < alert.armedAt) return silent('no-evidence-since-armed');
  const { armedAt } = alert;
  const condition = levelCondition(alert.condition);
  // Most alerts end here, whatever the number of candles.
  if (!isTouched(condition, evidence.range)) return silent('not-touched');
  const { market, last, lastAt } = evidence;
  const now: PriceRange = { low: last, high: last };
  const first = evidence.candles.findIndex((candle) => candle.openAt >= armedAt && isTouched(condition, candle));
  const touched = evidence.candles[first];
  if (touched === undefined && !isTouched(condition, now)) return silent('not-touched');
  const since = touched === undefined ? [] : evidence.candles.slice(first);
  return {
    fire: true,
    trigger: {
      market,
      price: extreme(condition, widest(since, now)).text,
      touchedAt: touched?.openAt ?? lastAt,
      lastPrice: last.text,
      lastPriceAt: lastAt,
    },
  };
}
