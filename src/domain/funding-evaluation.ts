import type { Alert, WaitingAlert } from './alert.js';
import { isArmed } from './alert.js';
import { kindNamed } from './conditions/registry.js';
import type { ReturningAlert } from './delivery/rearm.js';
import type { Decision } from './evaluation.js';
import { expiresAt } from './fields/expires.js';
import type { FundingRate } from './funding.js';
import type { Market } from './market.js';

/** What is known of a perpetual's funding: the rate that stood at one instant (ms), and nothing of the time before. */
export interface FundingEvidence {
  readonly market: Market;
  readonly funding: FundingRate;
  readonly at: number;
}

/** The rate of a moment after its end is nothing to the alert, so that is all that it will see. */
export const isFundingOver = (alert: Alert, { at }: FundingEvidence): boolean =>
  at >= (expiresAt(alert) ?? Number.POSITIVE_INFINITY);

/** Pure: an alert and the rate of now. One already true when the alert is armed fires at once. */
export function evaluateFunding(alert: Alert, evidence: FundingEvidence): Decision {
  const { market, funding, at } = evidence;
  const { condition, armedAt } = alert;
  if (!isArmed(alert)) return { fire: false, reason: 'not-armed' };
  if (at < armedAt) return { fire: false, reason: 'no-evidence-since-armed' };
  const isMet = kindNamed(condition.kind).funding?.isMet(condition.target, funding) ?? false;
  if (!isMet || isFundingOver(alert, evidence)) return { fire: false, reason: 'not-touched' };
  const { rate, intervalHours, nextAt } = funding;
  const { text } = rate;
  return {
    fire: true,
    trigger: {
      ...{ market, price: text, touchedAt: at, lastPrice: text, lastPriceAt: at },
      funding: { intervalHours, nextAt },
    },
  };
}

/** As `afterReturn`, by the rate of now: armed again once it stands on the other side, and not before its duration is over. */
export function afterFundingReturn(
  { condition, repeat, rearm }: ReturningAlert,
  { funding, at }: FundingEvidence,
): Pick<WaitingAlert, 'armedAt' | 'rearm'> | undefined {
  const test = kindNamed(condition.kind).funding;
  if (at < rearm.since) return undefined;
  // The row does not ask for it any more, so there is nothing to wait for.
  const isBack = repeat?.back === undefined || test?.isBack(condition.target, funding, repeat.back.share) === true;
  return isBack ? { armedAt: Math.max(rearm.notBefore, at), rearm: undefined } : undefined;
}
