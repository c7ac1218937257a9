import { type Alert, isArmed, type Trigger } from './alert.js';
import { type ConditionMemory, judgeCondition, type MarketEvidence, marketEvidence } from './conditions/judge.js';
import { waitsUntil } from './delivery/repeat.js';
import { endOf, type Stretch } from './evidence/bar.js';
import type { Candle } from './evidence/candle.js';
import { expiresAt } from './fields/expires.js';
import type { Market } from './market.js';
import type { Price } from './price.js';

/** What is known of a market at a check. Instants in ms. */
export interface PriceEvidence extends MarketEvidence {
  readonly market: Market;
  /** What ends later may still change, or is read again: it is no part of what an alert remembers. */
  readonly keepTo: number;
  /** Not all of the window could be read. */
  readonly isPartial?: boolean;
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
export type NotFiredReason = 'not-armed' | 'no-price' | 'waits-out-repeat' | 'no-evidence-since-armed' | 'not-touched';

/** Beside the decision: what the condition remembers of this check, and which stretches finer candles could tell more of. */
interface Judged {
  readonly memory?: ConditionMemory | undefined;
  readonly open?: readonly Stretch[];
}

export type Decision = Judged &
  ({ readonly fire: true; readonly trigger: Trigger } | { readonly fire: false; readonly reason: NotFiredReason });

const silent = (reason: NotFiredReason): Decision => ({ fire: false, reason });

/** What was traded before an instant (ms), as far as it is known; undefined where nothing is. */
function evidenceBefore(evidence: PriceEvidence, end: number | undefined): PriceEvidence | undefined {
  if (end === undefined || evidence.lastAt < end) return evidence;
  // A candle that ends later holds prices from after the end.
  const candles = evidence.candles.filter((candle) => endOf(candle) <= end);
  const newest = candles.at(-1);
  if (newest === undefined) return undefined;
  return {
    ...evidence,
    ...marketEvidence(candles, newest.close, endOf(newest)),
    keepTo: Math.min(evidence.keepTo, end),
  };
}

/** Its window has closed, and what was traded in it lies behind the moments that an answer may not know yet. */
export const isSeenToItsEnd = (alert: Alert, { keepTo, isPartial }: PriceEvidence): boolean =>
  isPartial !== true && keepTo >= (expiresAt(alert) ?? Number.POSITIVE_INFINITY);

/**
 * Pure: an alert and what is known of its market. A candle that began before the alert was armed is no evidence for it.
 * An alert already true when it is armed fires at once, on the last price. A touch before `expires`, seen later, fires.
 */
export function evaluate(alert: Alert, evidence: PriceEvidence | undefined): Decision {
  if (!isArmed(alert)) return silent('not-armed');
  if (evidence === undefined) return silent('no-price');
  if (waitsUntil(alert, evidence.lastAt) !== undefined) return silent('waits-out-repeat');
  if (evidence.lastAt < alert.armedAt) return silent('no-evidence-since-armed');
  const { market, last, lastAt } = evidence;
  const within = evidenceBefore(evidence, expiresAt(alert));
  if (within === undefined) return silent('not-touched');
  const { keepTo } = within;
  const standing = { armedAt: alert.armedAt, memory: alert.memory?.judged, keepTo };
  const { met, open, memory } = judgeCondition(alert.condition, standing, within);
  // What the missing candles hold may be the price that the condition begins with.
  const isUnsure = within.isPartial === true && alert.memory?.judged === undefined;
  const kept = memory !== undefined && isUnsure && memory.asOf > keepTo ? undefined : memory;
  const judged: Judged = { ...(kept && { memory: kept }), ...(open.length > 0 && { open }) };
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
      ...(met.reference && { reference: { price: met.reference.price.text, at: met.reference.at } }),
    },
  };
}
