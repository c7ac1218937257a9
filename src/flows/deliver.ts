import pLimit from 'p-limit';
import type { Alert, Firing, NotifyingAlert, WaitingAlert } from '../domain/alert.js';
import { leaseMs, nextAttemptAt, type PushError } from '../domain/delivery.js';
import { messageOf } from '../domain/error-message.js';
import { messageFor, shownTime } from '../domain/message.js';
import type { Ports } from './ports.js';
import type { Run } from './run.js';
import { type FiredAlert, firedAlert, type Outcome } from './summary.js';

type DeliveryPorts = Pick<Ports, 'store' | 'phone' | 'now' | 'newId'>;

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
  fire(alert: WaitingAlert, firing: Firing): Promise<Delivered>;
  /** Take over, push, commit: what an earlier run left. Undefined where it is not yet due. */
  resume(alert: NotifyingAlert): Promise<Delivered | undefined>;
  /** Known by the end of the run, for the next one. */
  quotaResetsAt(): number | undefined;
}

/** Claims do not wait for pushes, so that every touch is on record within moments; more at a time only opens sockets. */
const claimsAtATime = 25;

/** A lease that is over belongs to a run that died; without a lease the time of the next attempt decides. */
function isDue(alert: NotifyingAlert, now: number): boolean {
  const { leaseUntil, nextAttemptAt } = alert.delivery;
  return (leaseUntil ?? 0) < now && (nextAttemptAt ?? 0) <= now;
}

/** What Pushover refused in this run is not asked again in it. */
function createRefusals(quotaResetsAt: number | undefined) {
  let quota = quotaResetsAt;
  let token: PushError | undefined;
  const users = new Map<string, PushError>();
  return {
    quotaResetsAt: () => quota,
    note(user: string, error: PushError, now: number): void {
      if (error.kind === 'quota-exceeded') quota = nextAttemptAt(error, 1, now);
      else if (error.kind === 'rejected' && error.whose === 'token') token = error;
      else if (error.kind === 'rejected' && error.whose === 'user') users.set(user, error);
    },
    standing(user: string, now: number): PushError | undefined {
      if (quota !== undefined && quota > now) {
        return { kind: 'quota-exceeded', resetsAt: quota, detail: "Pushover's monthly quota is used up" };
      }
      return token ?? users.get(user);
    },
  };
}

/** One run's deliveries. The item is its own outbox: a fault at any step leaves it for the next run. */
export function createDeliveries(ports: DeliveryPorts, run: Run, knownQuotaResetsAt: number | undefined): Deliveries {
  const { store, phone, now } = ports;
  const claiming = pLimit(claimsAtATime);
  const pushing = pLimit(phone.pushesAtATime);
  const refusals = createRefusals(knownQuotaResetsAt);

  async function putOff(alert: NotifyingAlert, error: PushError): Promise<Delivered> {
    const { delivery } = alert;
    const outcome: Outcome = error.kind === 'rejected' ? 'rejected' : 'deferred';
    const next = nextAttemptAt(error, delivery.attempts, now());
    const detail = `${error.detail}; tried again from ${shownTime(next, now())} on`;
    const isPossibleRepeat = delivery.isPossibleRepeat || error.kind === 'unknown';
    const fired = firedAlert(alert, delivery.firing, outcome, detail);
    try {
      await store.defer(alert, { nextAttemptAt: next, lastError: error.detail, isPossibleRepeat });
      return { alert, fired };
    } catch (failure) {
      // The lease ends by itself, and a later run takes over.
      return { alert, fired, problem: messageOf(failure) };
    }
  }

  /** No time for the push: the next run may send at once, and it is no repeat. */
  async function giveBack(alert: NotifyingAlert): Promise<Delivered> {
    const { isPossibleRepeat, firing } = alert.delivery;
    const lastError = 'the run had no time left for the push';
    const fired = firedAlert(alert, firing, 'deferred', `${lastError}; the next run sends it`);
    try {
      await store.defer(alert, { nextAttemptAt: now(), lastError, isPossibleRepeat });
      return { alert, fired, isLeft: true };
    } catch (failure) {
      return { alert, fired, isLeft: true, problem: messageOf(failure) };
    }
  }

  async function send(alert: NotifyingAlert): Promise<PushError | undefined> {
    const { firing, isPossibleRepeat } = alert.delivery;
    const standing = refusals.standing(alert.user, now());
    if (standing !== undefined) return standing;
    const sent = await phone.push(messageFor(alert, firing, { isPossibleRepeat, now: now() }));
    if (sent.ok) return undefined;
    refusals.note(alert.user, sent.error, now());
    return sent.error;
  }

  async function pushAndCommit(alert: NotifyingAlert): Promise<Delivered> {
    const error = await pushing(async () => (run.hasTime() ? ((await send(alert)) ?? 'accepted') : 'no-time'));
    if (error === 'no-time') return giveBack(alert);
    if (error !== 'accepted') return putOff(alert, error);
    const fired = firedAlert(alert, alert.delivery.firing, 'accepted');
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
    quotaResetsAt: refusals.quotaResetsAt,

    async fire(alert, firing) {
      if (run.isDryRun) return { alert, fired: firedAlert(alert, firing, 'dry-run') };
      if (!run.hasTime()) return { alert, isUnclaimed: true, isLeft: true };
      const at = now();
      const delivery = {
        fireId: ports.newId(),
        firing,
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
      if (!isDue(alert, now())) return undefined;
      if (run.isDryRun) return { alert, fired: firedAlert(alert, alert.delivery.firing, 'dry-run') };
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
