import { type Alert, isArmed, type Trigger } from './alert.js';
import { type ConditionMemory, judgeCondition, type MarketEvidence, marketEvidence } from './conditions/judge.js';
import type { Stretch } from './evidence/bar.js';
import type { Candle } from './evidence/candle.js';
import type { Market } from './market.js';
import type { Price } from './price.js';

/** What is known of a market at a check. Instants in ms. */
export interface PriceEvidence extends MarketEvidence {
  readonly market: Market;
  /** What ends later may still change, or is read again: it is no part of what an alert remembers. */
  readonly keepTo: number;
}

/** `candles`: of the window and of what is looked back over, by `openAt`; none where they could prove nothing. */
export function priceEvidence(
  market: Market,
  last: Price,
  lastAt: number,
  candles: readonly Candle[] = [],
  keepTo = lastAt,
): PriceEvidence {
  return { market, keepTo, ...marketEvidence(candles, last, lastAt) };
}

/** Every alert that stays silent has a reason. */
export type NotFiredReason = 'not-armed' | 'no-price' | 'no-evidence-since-armed' | 'not-touched';

/** Beside the decision: what the condition remembers of this check, and which stretches finer candles could tell more of. */
interface Judged {
  readonly memory?: ConditionMemory | undefined;
  readonly open?: readonly Stretch[];
}

export type Decision = Judged &
  ({ readonly fire: true; readonly trigger: Trigger } | { readonly fire: false; readonly reason: NotFiredReason });

const silent = (reason: NotFiredReason): Decision => ({ fire: false, reason });

/**
 * Pure: an alert and what is known of its market. A candle that began before the alert was armed is no evidence for it.
 * An alert already true when it is armed fires at once, on the last price.
 */
export function evaluate(alert: Alert, evidence: PriceEvidence | undefined): Decision {
  if (!isArmed(alert)) return silent('not-armed');
  if (evidence === undefined) return silent('no-price');
  if (evidence.lastAt < alert.armedAt) return silent('no-evidence-since-armed');
  const { market, last, lastAt, keepTo } = evidence;
  const standing = { armedAt: alert.armedAt, memory: alert.memory?.judged, keepTo };
  const { met, open, memory } = judgeCondition(alert.condition, standing, evidence);
  const judged: Judged = { ...(memory && { memory }), ...(open.length > 0 && { open }) };
  if (met === undefined) return { ...silent('not-touched'), ...judged };
  // Of equal prices in other digits, those of the price now.
  const reached = met.price.value.eq(last.value) ? last : met.price;
  return {
    ...judged,
    fire: true,
    trigger: {
      market,
      price: reached.text,
      touchedAt: met.touchedAt,
      lastPrice: last.text,
      lastPriceAt: lastAt,
    },
  };
}
