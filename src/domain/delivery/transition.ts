import type { Alert, Delivery, NotifyingAlert, WaitingAlert } from '../alert.js';
import { leaseMs } from './backoff.js';
import { summaryOf, takenOver } from './channel.js';

/** The part of an alert that its delivery finds and changes. A field that is undefined is not on the item. */
export type Outbox = { readonly [Field in keyof Delivery]: Delivery[Field] | undefined } & Pick<
  WaitingAlert,
  'active' | 'armedAt' | 'triggeredAt' | 'triggeredCount'
> & { readonly status: Alert['status'] };

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

/** A lease that is over belongs to a run that died; without a lease the time of the next attempt decides. */
export function isDue({ leaseUntil, nextAttemptAt }: Delivery, now: number): boolean {
  return (leaseUntil === undefined || leaseUntil < now) && (nextAttemptAt === undefined || nextAttemptAt <= now);
}

/** The touch goes on record, for an alert that nobody paused or armed afresh since it was listed. */
export const claim = (alert: WaitingAlert, delivery: Delivery): Transition => ({
  expected: [{ status: 'pending', active: true, armedAt: alert.armedAt }],
  next: { status: 'notifying', ...delivery },
});

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

/** Whoever holds the lease: a channel has accepted. The facts of the fire stay on the item. `now` in ms. */
export function commit({ delivery, triggeredCount }: NotifyingAlert, now: number): Transition {
  const { fireId, channels } = delivery;
  return {
    expected: [
      { fireId, status: 'notifying' },
      { fireId, status: 'triggered' },
    ],
    next: {
      fireId,
      status: 'triggered',
      triggeredAt: now,
      triggeredCount: triggeredCount + 1,
      channels,
      leaseBy: undefined,
      leaseUntil: undefined,
      nextAttemptAt: undefined,
      lastError: undefined,
    },
  };
}

/** The lease is given back by the run that holds it, and the channels are as its attempts left them. */
export function defer({ delivery }: NotifyingAlert): Transition {
  const { fireId, attempts, channels } = delivery;
  const mine = { status: 'notifying', fireId, attempts } as const;
  return { expected: [mine], next: { ...mine, ...summaryOf(channels), channels, leaseUntil: undefined } };
}

export function outboxOf(alert: Alert): Outbox {
  const { status, active, armedAt, triggeredAt, triggeredCount } = alert;
  const delivery = alert.status === 'notifying' ? alert.delivery : noDelivery;
  return { status, active, armedAt, triggeredAt, triggeredCount, ...delivery };
}

/** The alert as the transition leaves it; only a notification that is under way is kept on it. */
export function alertAfter(alert: Alert, { next }: Transition): Alert {
  const { status, active, armedAt, triggeredAt, triggeredCount, ...delivery } = { ...outboxOf(alert), ...next };
  const { delivery: _, ...rest } = alert as NotifyingAlert;
  const after = { ...rest, status, active, armedAt, triggeredAt, triggeredCount };
  return (status === 'notifying' ? { ...after, delivery } : after) as Alert;
}
