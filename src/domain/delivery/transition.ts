import type { Alert, Delivery, NotifyingAlert, Receipt, WaitingAlert } from '../alert.js';
import { leaseMs } from './backoff.js';
import { type ChannelDelivery, newChannel, summaryOf, takenOver, untoldOn } from './channel.js';
import { armedAgain, receiptsAfter, recentFiresAt } from './repeat.js';

/** The part of an alert that its delivery finds and changes. A field that is undefined is not on the item. */
export type Outbox = { readonly [Field in keyof Delivery]: Delivery[Field] | undefined } & Pick<
  WaitingAlert,
  'active' | 'armedAt' | 'expires' | 'triggeredAt' | 'triggeredCount'
> & { readonly status: Alert['status'] } & { readonly [Field in KeptBetweenFires]: WaitingAlert[Field] };

type KeptBetweenFires = 'memory' | 'rearm' | 'recentFires' | 'receipts' | 'overAt';

/** One conditional write: made where the item is still in one of the `expected` states, or already as `next` says. */
export interface Transition {
  readonly expected: readonly Partial<Outbox>[];
  readonly next: Partial<Outbox>;
}

/** Of an alert that nobody is told of. */
export const noDelivery: { readonly [Field in keyof Delivery]: undefined } = {
  fireId: undefined,
  trigger: undefined,
  claimedAt: undefined,
  attempts: undefined,
  leaseBy: undefined,
  leaseUntil: undefined,
  channels: undefined,
  nextAttemptAt: undefined,
  isPossibleRepeat: undefined,
  lastError: undefined,
};

/** Of what nobody is told of yet: the first attempt is the claiming run's; without a lease, that of whoever comes first. */
export const newDelivery = (
  claimed: Pick<Delivery, 'fireId' | 'trigger' | 'claimedAt' | 'leaseBy'>,
  channels: readonly string[],
  hasLease: boolean,
): Delivery => ({
  ...claimed,
  attempts: hasLease ? 1 : 0,
  leaseUntil: hasLease ? claimed.claimedAt + leaseMs : undefined,
  channels: channels.map(newChannel),
  nextAttemptAt: undefined,
  isPossibleRepeat: false,
  lastError: undefined,
});

/** A lease that is over belongs to a run that died; without a lease the time of the next attempt decides. */
export function isDue({ leaseUntil, nextAttemptAt }: Delivery, now: number): boolean {
  return (leaseUntil === undefined || leaseUntil < now) && (nextAttemptAt === undefined || nextAttemptAt <= now);
}

/** The touch goes on record, for an alert that nobody paused or armed afresh since it was listed. */
export function claim(alert: WaitingAlert, delivery: Delivery): Transition {
  const recentFires = recentFiresAt(alert, delivery.claimedAt);
  return {
    expected: [{ status: 'pending', active: true, armedAt: alert.armedAt }],
    next: { status: 'notifying', ...delivery, ...(recentFires && { recentFires }) },
  };
}

/** `channels`: the ones that the user has by now; left out, those of the claim. `now` in ms. */
export interface Lease {
  readonly runId: string;
  readonly now: number;
  readonly channels?: readonly string[];
}

/** Undefined where it is not due. */
export function takeOver(
  { delivery }: NotifyingAlert,
  { runId, now, channels: known = [] }: Lease,
): Transition | undefined {
  if (!isDue(delivery, now)) return undefined;
  const { fireId, attempts, leaseUntil, nextAttemptAt } = delivery;
  // Whether it is due was read from the list, so the item must still be as listed.
  const listed = { status: 'notifying', fireId, attempts, leaseUntil, nextAttemptAt } as const;
  // A lease never given back: that run died, and nobody knows what it had sent.
  const channels = takenOver(delivery.channels, { now, hasDied: leaseUntil !== undefined, known });
  return {
    expected: [listed],
    next: {
      ...listed,
      ...summaryOf(channels),
      channels,
      attempts: attempts + 1,
      leaseBy: runId,
      leaseUntil: now + leaseMs,
      nextAttemptAt: undefined,
    },
  };
}

/**
 * Whoever holds the lease: a channel has accepted. An alert that repeats is armed again by this one write. The facts of
 * the fire stay on the item. `now` in ms.
 */
export function commit(alert: NotifyingAlert, now: number): Transition {
  const { fireId, channels } = alert.delivery;
  const again = armedAgain(alert, now);
  const receipts = receiptsAfter(alert, now);
  const next = {
    fireId,
    triggeredAt: now,
    triggeredCount: alert.triggeredCount + 1,
    channels,
    leaseBy: undefined,
    leaseUntil: undefined,
    nextAttemptAt: undefined,
    lastError: undefined,
    ...((receipts ?? alert.receipts) !== undefined && { receipts }),
  };
  const mine = { fireId, status: 'notifying' } as const;
  // Armed again it may have been looked at already, so a second commit must not arm it later.
  if (again !== undefined) return { expected: [mine], next: { ...next, ...again, status: 'pending' } };
  return { expected: [mine, { fireId, status: 'triggered' }], next: { ...next, status: 'triggered' } };
}

/** After a fire: a price on the other side arms the alert again, or one more stretch was looked at in vain. */
export function armAgain(alert: WaitingAlert, to: Pick<WaitingAlert, 'armedAt' | 'rearm'>): Transition {
  const { armedAt, rearm } = alert;
  return {
    expected: [{ status: 'pending', active: true, armedAt, rearm }],
    next: { status: 'pending', active: true, armedAt: to.armedAt, rearm: to.rearm },
  };
}

/** Its window has closed without a touch, and nobody has put the end off since it was listed. `now` in ms. */
export function end({ armedAt, expires }: WaitingAlert, now: number): Transition {
  const armed = { status: 'pending', active: true, armedAt } as const;
  return { expected: [{ ...armed, expires, overAt: undefined }], next: { ...armed, expires, overAt: now } };
}

/** What was learnt of receipts, over those that were listed. */
export function noteReceipts({ receipts }: Alert, next: readonly Receipt[] | undefined): Transition {
  return { expected: [{ receipts }], next: { receipts: next } };
}

/**
 * What has accepted while other channels have not answered goes on record at once, so that a run which dies waiting for
 * them doubles nothing. The lease is kept. A late write must not undo a newer one, so the channels are looked at, too.
 */
export function noteAccepted({ delivery }: NotifyingAlert, next: readonly ChannelDelivery[]): Transition {
  const { fireId, attempts, leaseUntil, channels } = delivery;
  const mine = { status: 'notifying', fireId, attempts, leaseUntil } as const;
  return { expected: [{ ...mine, channels }], next: { ...mine, ...summaryOf(next), channels: next } };
}

/** The lease is given back by the run that holds it, and the channels are as its attempts left them. */
export function defer({ delivery }: NotifyingAlert): Transition {
  const { fireId, attempts, channels } = delivery;
  const mine = { status: 'notifying', fireId, attempts } as const;
  return { expected: [mine], next: { ...mine, ...summaryOf(channels), channels, leaseUntil: undefined } };
}

export function outboxOf(alert: Alert): Outbox {
  const { status, active, armedAt, expires, triggeredAt, triggeredCount } = alert;
  const { memory, rearm, recentFires, receipts, overAt } = alert;
  const delivery = alert.status === 'notifying' ? alert.delivery : noDelivery;
  const kept = { memory, rearm, recentFires, receipts, overAt };
  return { status, active, armedAt, expires, triggeredAt, triggeredCount, ...kept, ...delivery };
}

/** The alert as the transition leaves it; only a notification that is under way is kept on it. */
export function alertAfter(alert: Alert, { next }: Transition): Alert {
  const moved = { ...outboxOf(alert), ...next };
  const { status, active, armedAt, expires, triggeredAt, triggeredCount, ...others } = moved;
  const { memory, rearm, recentFires, receipts, overAt, ...delivery } = others;
  const { delivery: _, ...rest } = alert as NotifyingAlert;
  const kept = { memory, rearm, recentFires, receipts, overAt };
  const after = { ...rest, status, active, armedAt, expires, triggeredAt, triggeredCount, ...kept };
  if (status === 'notifying') return { ...after, delivery } as Alert;
  const untold = delivery.channels && untoldOn(delivery.channels);
  return { ...after, ...(untold && { untold }) } as Alert;
}
