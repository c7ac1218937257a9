import { type Alert, type Firing, isArmed } from './alert.js';
import { extreme, isTouched } from './condition.js';
import type { Market } from './market.js';
import type { Price } from './price.js';

/** What is known of a market at a check. Instants in ms. */
export interface PriceEvidence {
  readonly market: Market;
  readonly last: Price;
  readonly lastAt: number;
}

/** Every alert that stays silent has a reason. */
export type Silence = 'not-armed' | 'no-price' | 'no-evidence-since-armed' | 'not-touched';

export type Decision =
  | { readonly fire: true; readonly firing: Firing }
  | { readonly fire: false; readonly reason: Silence };

const silent = (reason: Silence): Decision => ({ fire: false, reason });

/** Pure: an alert and what is known of its market. An alert already true when it is armed fires at once. */
export function evaluate(alert: Alert, evidence: PriceEvidence | undefined): Decision {
  if (!isArmed(alert)) return silent('not-armed');
  if (evidence === undefined) return silent('no-price');
  if (evidence.lastAt < alert.armedAt) return silent('no-evidence-since-armed');
  const range = { low: evidence.last, high: evidence.last };
  if (!isTouched(alert.condition, range)) return silent('not-touched');
  return {
    fire: true,
    firing: {
      market: evidence.market,
      price: extreme(alert.condition, range).text,
      touchedAt: evidence.lastAt,
      lastPrice: evidence.last.text,
      lastPriceAt: evidence.lastAt,
    },
  };
}
