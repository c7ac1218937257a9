import type { Alert, AlertMemory, NotifyingAlert, Rearm, Receipt } from '../alert.js';
import { memoryAfterFire } from '../conditions/judge.js';
import { kindNamed } from '../conditions/registry.js';
import { price } from '../price.js';
import { hourMs } from '../time.js';
import { leaseMs } from './backoff.js';

/** The fire within an hour that pauses an alert. */
const stormFires = 15;

/** As a claim at `now` (ms) leaves them; never more than make a storm, since that pauses the alert. */
export const recentFiresAt = ({ repeat, recentFires = [] }: Alert, now: number): readonly number[] | undefined =>
  repeat && [...recentFires.filter((at) => at > now - hourMs), now].slice(-stormFires);

/** The alert has fired so often that its next message is the last one, until somebody switches it off and on. */
export const isStorm = ({ repeat, recentFires = [] }: Alert): boolean =>
  repeat !== undefined && recentFires.length >= stormFires;

export const isPausedByStorm = (alert: Alert): boolean => alert.status === 'triggered' && isStorm(alert);

/** What belongs to the fires before: an alert that somebody arms afresh begins without it. */
export const noFires = { memory: undefined, rearm: undefined, recentFires: undefined, overAt: undefined } as const;

/** A condition that compares prices stays on its market; its reference starts anew at the fire, where it has one. */
function memoryOf({ condition, delivery: { trigger } }: NotifyingAlert): AlertMemory | undefined {
  if (!kindNamed(condition.kind).comparesPrices) return undefined;
  if (trigger.funding !== undefined) return { market: trigger.market, judged: undefined };
  const fire = { price: price(trigger.lastPrice), at: trigger.lastPriceAt };
  return { market: trigger.market, judged: memoryAfterFire(condition, fire) };
}

/**
 * How long after its claim the alert would be armed again, so that no channel need hold it up. Undefined where nobody knows:
 * with `back` its market is looked at since the claim, however late the commit, so nothing is missed meanwhile.
 */
export const armsAgainAfterMs = ({ repeat }: Pick<Alert, 'repeat'>): number | undefined =>
  repeat?.back === undefined ? repeat?.afterMs : undefined;

/** Until when (ms) an alert that has fired may not fire again, by its own repeat; undefined where it may. */
export const waitsUntil = ({ repeat, triggeredCount, armedAt }: Alert, now: number): number | undefined =>
  repeat !== undefined && triggeredCount > 0 && armedAt > now ? armedAt : undefined;

/** The lease is still that of the claim. Where others deliver, the claim has none, and their first attempt is not the check's. */
const isOfClaimingRun = ({ attempts, claimedAt, leaseUntil }: NotifyingAlert['delivery']): boolean =>
  attempts === 1 && leaseUntil === claimedAt + leaseMs;

/** The part of a commit that arms the alert again; undefined where it has fired for good. `now` in ms. */
export function armedAgain(
  alert: NotifyingAlert,
  now: number,
): { armedAt: number; rearm: Rearm | undefined; memory: AlertMemory | undefined } | undefined {
  const { repeat, delivery } = alert;
  if (repeat === undefined || isStorm(alert)) return undefined;
  const notBefore = delivery.claimedAt + repeat.afterMs;
  return {
    // Always another instant than before, so that no list from before this fire can claim it.
    armedAt: Math.max(now, notBefore, alert.armedAt + 1),
    // In the run that claims, the market's window stays where it was, so that the next one begins before the claim.
    rearm: repeat.back && {
      since: delivery.claimedAt,
      notBefore,
      fired: delivery.trigger.price,
      isBehind: !isOfClaimingRun(delivery),
    },
    memory: memoryOf(alert),
  };
}

/** An urgent notification rings for an hour at most. */
const ringsForMs = hourMs;

export const isRinging = ({ rungAt, acknowledgedAt }: Receipt, now: number): boolean =>
  acknowledgedAt === undefined && now < rungAt + ringsForMs;

/** What rings of the fire that is under way, or may where an answer was lost. `now` in ms. */
export function ringsOf({ delivery, priority }: NotifyingAlert, now: number): readonly Receipt[] {
  return delivery.channels.flatMap((each): Receipt[] => {
    const { channel, state } = each;
    const ring = { channel, fireId: delivery.fireId, claimedAt: delivery.claimedAt, acknowledgedAt: undefined };
    if (state === 'accepted') {
      return each.receipt === undefined ? [] : [{ ...ring, receipt: each.receipt, rungAt: each.at }];
    }
    // Of a channel that was given up it is not known any more whether something may have arrived.
    const mayRing = priority === 'urgent' && (state === 'given-up' || each.isPossibleRepeat);
    return mayRing ? [{ ...ring, receipt: undefined, rungAt: now }] : [];
  });
}

/** Those of this fire, and those of earlier ones that may still ring. */
export function receiptsAfter(alert: NotifyingAlert, now: number): readonly Receipt[] | undefined {
  const { delivery, receipts = [] } = alert;
  const ringing = receipts.filter((each) => isRinging(each, now) && each.fireId !== delivery.fireId);
  const own = ringsOf(alert, now);
  return ringing.length + own.length === 0 ? undefined : [...ringing, ...own].slice(-stormFires);
}
