import pLimit from 'p-limit';
import type { Alert, NotifyingAlert, Trigger, WaitingAlert } from '../domain/alert.js';
import type { AccountWaits } from '../domain/delivery/backoff.js';
import { dueChannels } from '../domain/delivery/channel.js';
import { dueAt } from '../domain/delivery/due.js';
import { armsAgainAfterMs } from '../domain/delivery/repeat.js';
import { giveUpAt, isSettled } from '../domain/delivery/settle.js';
import { isDue, newDelivery } from '../domain/delivery/transition.js';
import { messageOf } from '../domain/error-message.js';
import { endAlert } from './end-alert.js';
import { createGatherings, type Gathering } from './gathering.js';
import type { Ports } from './ports/ports.js';
import { createPusher, type Pusher } from './pusher.js';
import type { Recipients } from './recipients.js';
import { createRinging, handful } from './ringing.js';
import type { Run } from './run.js';
import { firedAlert } from './summary.js';
import { type Delivered, tellClaimed } from './tell-claimed.js';
import { writeSomeAtATime } from './write-some-at-a-time.js';

type DeliveryPorts = Pick<Ports, 'store' | 'history' | 'notifiers' | 'now' | 'newId' | 'doorbell'>;

export interface Deliveries {
  /**
   * Claim, send, commit: an alert whose condition was met in this run. After the first few of a user it is gathered, and
   * answers only once `noMoreFires` is called. With a doorbell, more than a handful are claimed and left to others.
   */
  fire(alert: WaitingAlert, trigger: Trigger): Promise<Delivered>;
  /** All that fires in this run does so already: what was gathered goes, and what is left to others is rung. */
  noMoreFires(): void;
  /**
   * Take over, send, commit: what earlier runs left, or claimed for others to send. All of a user's are taken over before
   * they are told. In the order of the alerts; undefined where one is not yet due. `checkedAt`: the end of the last check
   * (ms), where this is one. With a doorbell, more than a handful that are due since then are left to others.
   */
  resume(alerts: readonly NotifyingAlert[], checkedAt?: number): Promise<readonly (Delivered | undefined)[]>;
  /** The same for what a check rang for: more than a handful fired then, so that all of a user's go together. */
  resumeRung(alerts: readonly NotifyingAlert[]): Promise<readonly (Delivered | undefined)[]>;
  /** All of its window was looked at in vain: it is over, which is told once, and silently. */
  end(alert: WaitingAlert): Promise<{ readonly alert: Alert; readonly problems: readonly string[] }>;
  /** Known by the end of the run, for the next one. */
  accountWaits(): AccountWaits;
  /** For what is told beside the alerts, under the same waits, refusals and connections. */
  readonly pusher: Pick<Pusher, 'push' | 'isWaiting'>;
}

type Claimed<Instead> = NotifyingAlert | { readonly instead: Instead };

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
  const ringing = createRinging(ports.doorbell, run);

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
    get: () => Promise<Claimed<Instead>>,
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

  const takenElsewhere = ({ id }: Alert) => ({ instead: { alert: undefined, takenId: id } });

  async function takeOver(alert: NotifyingAlert): Promise<Claimed<Delivered | undefined>> {
    if (!isDue(alert.delivery, now()) || (await isWaiting(alert))) return { instead: undefined };
    if (run.isDryRun) return { instead: { alert, fired: firedAlert(alert, alert.delivery.trigger, 'dry-run', []) } };
    if (!run.hasTime()) return { instead: { alert, isLeft: true } };
    const channels = await recipients.laterChannelsOf(alert);
    const lease = { runId: run.runId, now: now(), ...(channels && { channels }) };
    return (await store.takeOver(alert, lease)) ?? takenElsewhere(alert);
  }

  async function claim(alert: WaitingAlert, trigger: Trigger, hasLease: boolean): Promise<Claimed<Delivered>> {
    if (run.isDryRun) return { instead: { alert, fired: firedAlert(alert, trigger, 'dry-run', []) } };
    const left = { instead: { alert, isUnclaimed: true, isLeft: true } };
    if (!run.hasTime()) return left;
    const channels = await recipients.channelsOf(alert);
    const claimed = { fireId: ports.newId(), trigger, claimedAt: now(), leaseBy: run.runId };
    const delivery = newDelivery(claimed, channels, hasLease);
    // Of very many its turn may come when the time is over.
    const attempt = async () =>
      run.hasTime() ? ((await store.claim(alert, delivery)) ?? takenElsewhere(alert)) : left;
    return claiming(attempt);
  }

  const unclaimed = (alert: WaitingAlert, problem: string): Delivered => ({ alert, isUnclaimed: true, problem });

  /**
   * What was due at the end of the last check already was rung by then, and nobody came: a queue may lose every message,
   * so that stays here.
   */
  async function leftToOthers(
    alerts: readonly NotifyingAlert[],
    checkedAt: number,
  ): Promise<readonly NotifyingAlert[]> {
    const fresh = alerts.filter((each) => isDue(each.delivery, now()) && dueAt(each, accountWaits) > checkedAt);
    const waiting = await Promise.all(fresh.map(isWaiting));
    const due = fresh.filter((_, index) => !waiting[index]);
    return due.length > handful ? due : [];
  }

  function resumeHere(
    alerts: readonly NotifyingAlert[],
    kind: 'batch' | 'storm' = 'batch',
  ): Promise<readonly (Delivered | undefined)[]> {
    const gathering = gatherings.begin(kind);
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
  }

  return {
    accountWaits: pusher.accountWaits,
    pusher,

    end: (alert) => endAlert({ store, history, now, recipients, pusher }, alert, run),

    fire: (alert, trigger) =>
      ringing.takesNextFire()
        ? ringing.ringFor(claim(alert, trigger, false)).catch((failure) => unclaimed(alert, messageOf(failure)))
        : getAndTell(
            alert,
            ofFires,
            () => claim(alert, trigger, true),
            (problem) => unclaimed(alert, problem),
          ),

    noMoreFires() {
      ofFires.close();
      ringing.close();
    },

    resumeRung: (alerts) => resumeHere(alerts, 'storm'),

    async resume(alerts, checkedAt) {
      if (!ringing.isOn || checkedAt === undefined) return resumeHere(alerts);
      const others = await leftToOthers(alerts, checkedAt);
      const isOthers = new Set(others);
      const mine = alerts.filter((alert) => !isOthers.has(alert));
      const [told, rung] = await Promise.all([resumeHere(mine), ringing.ring(others)]);
      const results = new Map<NotifyingAlert, Delivered | undefined>();
      for (const [index, alert] of mine.entries()) results.set(alert, told[index]);
      for (const [index, alert] of others.entries()) results.set(alert, rung[index]);
      return alerts.map((alert) => results.get(alert));
    },
  };
}
