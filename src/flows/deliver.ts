import pLimit from 'p-limit';
import type { Alert, NotifyingAlert, Trigger, WaitingAlert } from '../domain/alert.js';
import { type AccountWaits, leaseMs } from '../domain/delivery/backoff.js';
import { dueChannels, newChannel } from '../domain/delivery/channel.js';
import { armsAgainAfterMs } from '../domain/delivery/repeat.js';
import { giveUpAt, isSettled } from '../domain/delivery/settle.js';
import { isDue } from '../domain/delivery/transition.js';
import { messageOf } from '../domain/error-message.js';
import { endAlert } from './end-alert.js';
import { createGatherings, type Gathering } from './gathering.js';
import type { Ports } from './ports/ports.js';
import { createPusher, type Pusher } from './pusher.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';
import { firedAlert } from './summary.js';
import { type Delivered, tellClaimed } from './tell-claimed.js';
import { writeSomeAtATime } from './write-some-at-a-time.js';

type DeliveryPorts = Pick<Ports, 'store' | 'history' | 'notifiers' | 'now' | 'newId'>;

export interface Deliveries {
  /**
   * Claim, send, commit: an alert whose condition was met in this run. After the first few of a user it is gathered, and
   * answers only once `noMoreFires` is called.
   */
  fire(alert: WaitingAlert, trigger: Trigger): Promise<Delivered>;
  /** All that fires in this run does so already: what was gathered goes. */
  noMoreFires(): void;
  /**
   * Take over, send, commit: what earlier runs left, or claimed for others to send. All of a user's are taken over before
   * they are told. In the order of the alerts; undefined where one is not yet due.
   */
  resume(alerts: readonly NotifyingAlert[]): Promise<readonly (Delivered | undefined)[]>;
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
  const { store, history, now } = ports;
  const claiming = pLimit(claimsAtATime);
  const telling = { ...writeSomeAtATime(ports), now };
  const pusher = createPusher(ports, run, accountWaits);
  const gatherings = createGatherings(ports, pusher, recipients);
  const ofFires = gatherings.begin('fires');

  /** Something is still to be sent, and nothing of it can be had now. */
  async function isWaiting(alert: NotifyingAlert): Promise<boolean> {
    if (isSettled(alert.delivery.channels)) return false;
    const isOver = now() >= (giveUpAt(alert.delivery, armsAgainAfterMs(alert)) ?? Number.POSITIVE_INFINITY);
    if (isOver) return false;
    const waits = dueChannels(alert.delivery.channels, now()).map(({ channel }) => pusher.isWaiting(channel));
    return (await Promise.all(waits)).every((each) => each);
  }

  /** What `get` holds a lease for is told; nothing of its user that is gathered goes before that is known. */
  async function getAndTell<Instead extends Delivered | undefined>(
    alert: Alert,
    gathering: Gathering,
    get: () => Promise<NotifyingAlert | { readonly instead: Instead }>,
    failed: (problem: string) => Delivered,
  ): Promise<Delivered | Instead> {
    const isHere = gathering.expect(alert.user);
    let told: Promise<Delivered>;
    try {
      const got = await get();
      if ('instead' in got) return got.instead;
      told = tellClaimed(telling, got, gathering, pusher);
    } catch (failure) {
      return failed(messageOf(failure));
    } finally {
      isHere();
    }
    return told;
  }

  const takenElsewhere = { instead: { alert: undefined } };

  async function takeOver(
    alert: NotifyingAlert,
  ): Promise<NotifyingAlert | { readonly instead: Delivered | undefined }> {
    if (!isDue(alert.delivery, now()) || (await isWaiting(alert))) return { instead: undefined };
    if (run.isDryRun) return { instead: { alert, fired: firedAlert(alert, alert.delivery.trigger, 'dry-run', []) } };
    if (!run.hasTime()) return { instead: { alert, isLeft: true } };
    const channels = await recipients.channelsOf(alert);
    return (await store.takeOver(alert, { runId: run.runId, now: now(), channels })) ?? takenElsewhere;
  }

  async function claim(
    alert: WaitingAlert,
    trigger: Trigger,
  ): Promise<NotifyingAlert | { readonly instead: Delivered }> {
    if (run.isDryRun) return { instead: { alert, fired: firedAlert(alert, trigger, 'dry-run', []) } };
    if (!run.hasTime()) return { instead: { alert, isUnclaimed: true, isLeft: true } };
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
    return (await claiming(() => store.claim(alert, delivery))) ?? takenElsewhere;
  }

  return {
    accountWaits: pusher.accountWaits,
    pusher,

    end: (alert) => endAlert({ store, history, now, recipients, pusher }, alert, run),

    fire: (alert, trigger) =>
      getAndTell(
        alert,
        ofFires,
        () => claim(alert, trigger),
        (problem) => ({ alert, isUnclaimed: true, problem }),
      ),

    noMoreFires: ofFires.close,

    async resume(alerts) {
      const gathering = gatherings.begin('batch');
      const resumed = alerts.map((alert) =>
        getAndTell(
          alert,
          gathering,
          () => takeOver(alert),
          (problem) => ({ alert, problem }),
        ),
      );
      gathering.close();
      return Promise.all(resumed);
    },
  };
}
