import pLimit from 'p-limit';
import type { Alert, NotifyingAlert, Trigger, WaitingAlert } from '../domain/alert.js';
import { type AccountWaits, leaseMs } from '../domain/delivery/backoff.js';
import { dueChannels, newChannel, underWay } from '../domain/delivery/channel.js';
import { failureText } from '../domain/delivery/outcome.js';
import { armsAgainAfterMs, isStorm } from '../domain/delivery/repeat.js';
import { channelReports, outcomeOf } from '../domain/delivery/report.js';
import { giveUpAt, isSettled, settle } from '../domain/delivery/settle.js';
import { alertAfter, commit, end, isDue } from '../domain/delivery/transition.js';
import { messageOf } from '../domain/error-message.js';
import { endNotification, notificationFor } from '../domain/message.js';
import type { Ports } from './ports/ports.js';
import { createPusher, type Pusher } from './pusher.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';
import { type FiredAlert, firedAlert } from './summary.js';

type DeliveryPorts = Pick<Ports, 'store' | 'notifiers' | 'now' | 'newId'>;

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
  /** Claim, send, commit: an alert whose condition was met in this run. */
  fire(alert: WaitingAlert, trigger: Trigger): Promise<Delivered>;
  /** Take over, send, commit: what an earlier run left. Undefined where it is not yet due. */
  resume(alert: NotifyingAlert): Promise<Delivered | undefined>;
  /** All of its window was looked at in vain: it is over, which is told once, and silently. */
  end(alert: WaitingAlert): Promise<{ readonly alert: Alert; readonly problems: readonly string[] }>;
  /** Known by the end of the run, for the next one. */
  accountWaits(): AccountWaits;
  /** For what is told beside the alerts, under the same waits, refusals and connections. */
  readonly pusher: Pick<Pusher, 'push' | 'isWaiting'>;
}

/** Claims do not wait for pushes, so that every touch is on record within moments; more at a time only opens sockets. */
const claimsAtATime = 25;

/**
 * One run's deliveries. The item is its own outbox: a fault at any step leaves it for the next run. Long, because its
 * steps share one account of what was done.
 */
export function createDeliveries(
  ports: DeliveryPorts,
  run: Run,
  accountWaits: AccountWaits,
  recipients: Recipients,
): Deliveries {
  const { store, now } = ports;
  const claiming = pLimit(claimsAtATime);
  const pusher = createPusher(ports, run, accountWaits);

  /** Nothing that the item still waits for can be had now. */
  async function isWaiting(alert: NotifyingAlert): Promise<boolean> {
    const isOver = now() >= (giveUpAt(alert.delivery, armsAgainAfterMs(alert)) ?? Number.POSITIVE_INFINITY);
    if (isOver) return false;
    const waits = dueChannels(alert.delivery.channels, now()).map(({ channel }) => pusher.isWaiting(channel));
    return (await Promise.all(waits)).every((each) => each);
  }

  /** What the item is to say: a failure leaves the lease to end by itself, and a later run takes over. */
  async function write(fired: FiredAlert, work: () => Promise<Alert>, alert: Alert): Promise<Delivered> {
    try {
      return { alert: await work(), fired };
    } catch (failure) {
      return { alert, fired, problem: messageOf(failure) };
    }
  }

  async function sendAndSettle(alert: NotifyingAlert): Promise<Delivered> {
    const { trigger, fireId, channels, attempts, claimedAt } = alert.delivery;
    const isLastBeforePause = isStorm(alert);
    const tries = await Promise.all(
      underWay(channels).map(async ({ channel, isPossibleRepeat }) => {
        const notification = () => {
          const at = now();
          return notificationFor(alert, fireId, trigger, {
            isPossibleRepeat,
            now: at,
            isLastBeforePause,
            ...recipients.wishesOf(alert.user, at),
          });
        };
        const tried = await pusher.push(channel, alert.user, notification);
        return { channel, tried, accountWaitUntil: pusher.accountWaits()[channel]?.retryAt };
      }),
    );
    const at = now();
    const left = settle({ channels, attempts, claimedAt }, tries, {
      now: at,
      armsAgainAfterMs: armsAgainAfterMs(alert),
    });
    const settled: NotifyingAlert = { ...alert, delivery: { ...alert.delivery, channels: left } };
    const reports = channelReports(left, tries, at);
    const fired = firedAlert(alert, trigger, outcomeOf(reports), reports);
    // A crash here is answered by the lease: a later run sends again and says so.
    if (isSettled(left)) {
      const committed = async () =>
        (await store.commit(settled, at)) ? alertAfter(settled, commit(settled, at)) : alert;
      return write(fired, committed, alert);
    }
    const delivered = await write(fired, () => store.defer(settled).then(() => alert), alert);
    const hasNoTime = tries.some(({ tried }) => tried.kind === 'no-time');
    return hasNoTime ? { ...delivered, isLeft: true } : delivered;
  }

  /** Claimed before it is sent, and never sent again: that nothing happened is told at most once. */
  async function tellEnd(alert: WaitingAlert): Promise<readonly string[]> {
    const key = `over-${alert.id}-${new Date(alert.armedAt).toISOString()}`;
    if (!(await store.claimNews(key, run.runId))) return [];
    const channels = await recipients.channelsOf(alert);
    const at = now();
    const { timeZone } = recipients.wishesOf(alert.user, at);
    const notification = endNotification(alert, key, { now: at, timeZone });
    const sent = await Promise.all(channels.map((channel) => pusher.push(channel, alert.user, () => notification)));
    return sent.flatMap((tried) => {
      if (tried.kind === 'accepted') return [];
      const why = tried.kind === 'no-time' ? 'the run had no time left' : failureText(tried);
      return [`that alert ${alert.id} is over was not told: ${why}`];
    });
  }

  return {
    accountWaits: pusher.accountWaits,
    pusher,

    async end(alert) {
      if (run.isDryRun || !run.hasTime()) return { alert, problems: [] };
      const at = now();
      try {
        if (!(await store.end(alert, at))) return { alert, problems: [] };
        return { alert: alertAfter(alert, end(alert, at)), problems: await tellEnd(alert) };
      } catch (failure) {
        return { alert, problems: [messageOf(failure)] };
      }
    },

    async fire(alert, trigger) {
      if (run.isDryRun) return { alert, fired: firedAlert(alert, trigger, 'dry-run', []) };
      if (!run.hasTime()) return { alert, isUnclaimed: true, isLeft: true };
      const channels = await recipients.channelsOf(alert);
      const at = now();
      const delivery = {
        fireId: ports.newId(),
        trigger,
        claimedAt: at,
        attempts: 1,
        leaseBy: run.runId,
        leaseUntil: at + leaseMs,
        channels: channels.map(newChannel),
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
      return claimed === undefined ? { alert: undefined } : sendAndSettle(claimed);
    },

    async resume(alert) {
      if (!isDue(alert.delivery, now()) || (await isWaiting(alert))) return undefined;
      if (run.isDryRun) return { alert, fired: firedAlert(alert, alert.delivery.trigger, 'dry-run', []) };
      if (!run.hasTime()) return { alert, isLeft: true };
      const channels = await recipients.channelsOf(alert);
      let taken: NotifyingAlert | undefined;
      try {
        taken = await store.takeOver(alert, { runId: run.runId, now: now(), channels });
      } catch (failure) {
        return { alert, problem: messageOf(failure) };
      }
      return taken === undefined ? { alert: undefined } : sendAndSettle(taken);
    },
  };
}
