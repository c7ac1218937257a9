import pLimit from 'p-limit';
import type { Alert, NotifyingAlert, Trigger, WaitingAlert } from '../domain/alert.js';
import { leaseMs, nextAttemptAt, type PushError, type UsedUpQuota } from '../domain/delivery/backoff.js';
import { messageOf } from '../domain/error-message.js';
import { messageFor, shownTime } from '../domain/message.js';
import type { Ports } from './ports.js';
import { createPusher } from './pusher.js';
import type { Run } from './run.js';
import { type FiredAlert, firedAlert, type Outcome } from './summary.js';

type DeliveryPorts = Pick<Ports, 'store' | 'notifier' | 'now' | 'newId'>;

/** What became of one alert. `alert` undefined: another run has it, and reports it. */
export interface Delivered {
  readonly alert: Alert | undefined;
  readonly fired?: FiredAlert;
  /** The touch is not on record: the market's window has to stay open. */
  readonly isUnclaimed?: boolean;
  readonly isLeft?: boolean;
  readonly problem?: string;
}

export interface Deliveries {
  /** Claim, push, commit: an alert whose condition was met in this run. */
  fire(alert: WaitingAlert, trigger: Trigger): Promise<Delivered>;
  /** Take over, push, commit: what an earlier run left. Undefined where it is not yet due. */
  resume(alert: NotifyingAlert): Promise<Delivered | undefined>;
  /** Known by the end of the run, for the next one. */
  usedUpQuota(): UsedUpQuota | undefined;
}

/** Claims do not wait for pushes, so that every touch is on record within moments; more at a time only opens sockets. */
const claimsAtATime = 25;

/** A lease that is over belongs to a run that died; without a lease the time of the next attempt decides. */
function isDue(alert: NotifyingAlert, now: number): boolean {
  const { leaseUntil, nextAttemptAt } = alert.delivery;
  return (leaseUntil ?? 0) < now && (nextAttemptAt ?? 0) <= now;
}

/**
 * One run's deliveries. The item is its own outbox: a fault at any step leaves it for the next run. Long, because its
 * steps share one account of what was done.
 */
export function createDeliveries(ports: DeliveryPorts, run: Run, usedUpQuota: UsedUpQuota | undefined): Deliveries {
  const { store, now } = ports;
  const claiming = pLimit(claimsAtATime);
  const pusher = createPusher(ports, run, usedUpQuota);

  async function putOff(alert: NotifyingAlert, error: PushError): Promise<Delivered> {
    const { delivery } = alert;
    const outcome: Outcome = error.kind === 'rejected' ? 'rejected' : 'deferred';
    // A used-up quota's wait is the account's and stands in the checkpoint: a refill or a new token ends it for all.
    const own = error.kind === 'quota-exceeded' ? undefined : nextAttemptAt(error, delivery.attempts, now());
    const next = own ?? Math.max(pusher.usedUpQuota()?.retryAt ?? 0, now());
    const detail = `${error.detail}; tried again from ${shownTime(next, now())} on`;
    const isPossibleRepeat = delivery.isPossibleRepeat || error.kind === 'unknown';
    const fired = firedAlert(alert, delivery.trigger, outcome, detail);
    try {
      await store.defer(alert, {
        nextAttemptAt: own,
        lastError: own === undefined ? detail : error.detail,
        isPossibleRepeat,
      });
      return { alert, fired };
    } catch (failure) {
      // The lease ends by itself, and a later run takes over.
      return { alert, fired, problem: messageOf(failure) };
    }
  }

  /** No time for the push: the next run may send at once, and it is no repeat. */
  async function giveBack(alert: NotifyingAlert): Promise<Delivered> {
    const { isPossibleRepeat, trigger } = alert.delivery;
    const lastError = 'the run had no time left for the push';
    const fired = firedAlert(alert, trigger, 'deferred', `${lastError}; the next run sends it`);
    try {
      await store.defer(alert, { nextAttemptAt: now(), lastError, isPossibleRepeat });
      return { alert, fired, isLeft: true };
    } catch (failure) {
      return { alert, fired, isLeft: true, problem: messageOf(failure) };
    }
  }

  async function pushAndCommit(alert: NotifyingAlert): Promise<Delivered> {
    const { trigger, isPossibleRepeat } = alert.delivery;
    const pushed = await pusher.push(alert.user, () => messageFor(alert, trigger, { isPossibleRepeat, now: now() }));
    if (pushed === 'no-time') return giveBack(alert);
    if (pushed !== 'accepted') return putOff(alert, pushed);
    const fired = firedAlert(alert, trigger, 'accepted');
    // A crash here is answered by the lease: a later run sends again and says so.
    try {
      const at = now();
      const isMine = await store.commit(alert, at);
      const { delivery: _, ...rest } = alert;
      const triggered: WaitingAlert = {
        ...rest,
        status: 'triggered',
        triggeredAt: at,
        triggeredCount: alert.triggeredCount + 1,
      };
      return { alert: isMine ? triggered : alert, fired };
    } catch (failure) {
      return { alert, fired, problem: messageOf(failure) };
    }
  }

  return {
    usedUpQuota: pusher.usedUpQuota,

    async fire(alert, trigger) {
      if (run.isDryRun) return { alert, fired: firedAlert(alert, trigger, 'dry-run') };
      if (!run.hasTime()) return { alert, isUnclaimed: true, isLeft: true };
      const at = now();
      const delivery = {
        fireId: ports.newId(),
        trigger,
        claimedAt: at,
        attempts: 1,
        leaseBy: run.runId,
        leaseUntil: at + leaseMs,
        nextAttemptAt: undefined,
        isPossibleRepeat: false,
        lastError: undefined,
      };
      let claimed: NotifyingAlert | undefined;
      try {
        claimed = await claiming(() => store.claim(alert, delivery));
      } catch (failure) {
        return { alert, isUnclaimed: true, problem: messageOf(failure) };
      }
      return claimed === undefined ? { alert: undefined } : pushAndCommit(claimed);
    },

    async resume(alert) {
      if (!isDue(alert, now()) || (await pusher.isWaiting())) return undefined;
      if (run.isDryRun) return { alert, fired: firedAlert(alert, alert.delivery.trigger, 'dry-run') };
      if (!run.hasTime()) return { alert, isLeft: true };
      let taken: NotifyingAlert | undefined;
      try {
        taken = await store.takeOver(alert, { runId: run.runId, now: now() });
      } catch (failure) {
        return { alert, problem: messageOf(failure) };
      }
      return taken === undefined ? { alert: undefined } : pushAndCommit(taken);
    },
  };
}
