import pLimit, { type LimitFunction } from 'p-limit';
import { type AccountWait, type AccountWaits, nextAttemptAt } from '../domain/delivery/backoff.js';
import type { Notification } from '../domain/delivery/notification.js';
import { failureText, isAccountWait, type SendFailure, type SendOutcome } from '../domain/delivery/outcome.js';
import type { Tried } from '../domain/delivery/settle.js';
import type { Ports } from './ports/ports.js';
import type { Run } from './run.js';

type PusherPorts = Pick<Ports, 'notifiers' | 'now'>;
type Hurried = Pick<Run, 'hasTime'>;

interface ChannelPusher {
  push(user: string, notification: () => Notification): Promise<Tried>;
  /** The account waits and is not yet to be asked about: what earlier runs left stays where it is. */
  isWaiting(): Promise<boolean>;
  /** As far as this run knows it, for the next one. */
  accountWait(): AccountWait | undefined;
}

/** One channel of the ports. */
interface Channel {
  readonly now: () => number;
  readonly connections: { readonly allowed: number; readonly per: 'account' | 'address' };
  send(user: string, notification: Notification): Promise<SendOutcome>;
  fingerprint(): Promise<string | undefined>;
}

/** Where the account cannot be read now, nobody can tell; the check of the rows says why it cannot. */
async function isAccountChanged(channel: Channel, since: AccountWait): Promise<boolean> {
  const fingerprint = await channel.fingerprint().catch(() => undefined);
  return fingerprint !== undefined && since.fingerprint !== undefined && fingerprint !== since.fingerprint;
}

/** Beside the users' names in `proven`; no user's name is blank. */
const account = '';

/** What the channel refused in this run is not asked again in it. */
function createRefusals(channel: Channel, known: AccountWait | undefined) {
  const { now } = channel;
  let wait = known;
  let hasTriedInVain = false;
  let changed: Promise<boolean> | undefined;
  let ofAccount: SendFailure | undefined;
  const ofUsers = new Map<string, SendFailure>();
  /** What something was accepted for, so that the rest need not wait for the first any longer. */
  const proven = new Set<string>();

  async function isWaiting(): Promise<boolean> {
    if (wait === undefined) return false;
    if (hasTriedInVain) return true;
    if (wait.retryAt <= now()) return false;
    if (wait !== known) return true;
    changed ??= isAccountChanged(channel, wait);
    return !(await changed);
  }

  function refused(user: string, failure: SendFailure, isTrial: boolean): void {
    if (isAccountWait(failure)) {
      const fingerprint = 'accountFingerprint' in failure ? failure.accountFingerprint : undefined;
      wait = { retryAt: nextAttemptAt(failure, 1, now()), fingerprint, detail: failureText(failure) };
      proven.clear();
    } else if (failure.kind === 'rejected' && failure.whose === 'account') ofAccount = failure;
    else if (failure.kind !== 'unknown' && failure.whose === 'user') ofUsers.set(user, failure);
    else if (isTrial) hasTriedInVain = true;
    // No word of a wait, an account or a key: no reason to go on one by one.
    else proven.add(account).add(user);
  }

  return {
    proven,
    isWaiting,
    accountWait: () => wait,
    async standing(user: string): Promise<SendFailure | undefined> {
      if ((await isWaiting()) && wait !== undefined) {
        const problem = { detail: wait.detail, remedy: '' };
        return { kind: 'quota-exceeded', whose: 'account', resetsAt: undefined, problem };
      }
      return ofAccount ?? ofUsers.get(user);
    },
    /** `before`: the wait as it was known when the notification was sent; another one may have met it since. */
    note(user: string, sent: SendOutcome, before: AccountWait | undefined): void {
      if (sent.kind !== 'accepted') refused(user, sent, before !== undefined);
      else if (wait === before) {
        wait = undefined;
        proven.add(account).add(user);
      }
    },
  };
}

/**
 * One run's notifications on one channel. The first of all and the first of each user go ahead alone: where the account
 * has to wait, or it or a key was refused, that one tells, and the others follow only once one is accepted.
 */
function createChannelPusher(channel: Channel, run: Hurried, known: AccountWait | undefined): ChannelPusher {
  const refusals = createRefusals(channel, known);
  const limits = new Map<string, LimitFunction>();
  const limitOf = (whose: string, allowed: number) => {
    const limit = limits.get(whose) ?? pLimit(allowed);
    limits.set(whose, limit);
    return limit;
  };
  const { allowed, per } = channel.connections;
  const isShared = per === 'account';

  async function firstAlone<T>(whose: string, attempt: () => Promise<T>): Promise<T> {
    const isProven = () => refusals.proven.has(whose);
    const limit = limitOf(`first of ${whose}`, 1);
    const alone = isProven() ? undefined : await limit(async () => (isProven() ? undefined : attempt()));
    return alone ?? attempt();
  }

  async function send(user: string, notification: () => Notification): Promise<Tried> {
    if (!run.hasTime()) return { kind: 'no-time' };
    const standing = await refusals.standing(user);
    if (standing !== undefined) return standing;
    const before = refusals.accountWait();
    const sent = await channel.send(user, notification());
    refusals.note(user, sent, before);
    return sent;
  }

  return {
    push(user, notification) {
      // What waits for another's answer holds no connection: another user's could go on it.
      const connected = () => limitOf(isShared ? 'all' : `all of ${user}`, allowed)(() => send(user, notification));
      const inTurn = () => firstAlone(user, connected);
      return isShared ? firstAlone(account, inTurn) : inTurn();
    },
    isWaiting: refusals.isWaiting,
    accountWait: refusals.accountWait,
  };
}

export interface Pusher {
  /** Right before it is sent, `notification` is asked for. */
  push(channel: string, user: string, notification: () => Notification): Promise<Tried>;
  isWaiting(channel: string): Promise<boolean>;
  /** As far as this run knows them, for the next one. */
  accountWaits(): AccountWaits;
}

/** One run's notifications. No channel waits for another. */
export function createPusher({ notifiers, now }: PusherPorts, run: Hurried, known: AccountWaits): Pusher {
  const pushers = new Map<string, ChannelPusher>();
  function on(name: string): ChannelPusher {
    const channel: Channel = {
      now,
      connections: notifiers.connections(name),
      send: (user, notification) => notifiers.send(name, user, notification),
      fingerprint: () => notifiers.accountFingerprint(name),
    };
    const pusher = pushers.get(name) ?? createChannelPusher(channel, run, known[name]);
    pushers.set(name, pusher);
    return pusher;
  }
  return {
    push: (channel, user, notification) => on(channel).push(user, notification),
    isWaiting: (channel) => on(channel).isWaiting(),
    accountWaits: () => {
      const names = new Set([...Object.keys(known), ...pushers.keys()]);
      return Object.fromEntries(
        [...names].flatMap((name) => {
          const wait = pushers.has(name) ? pushers.get(name)?.accountWait() : known[name];
          return wait === undefined ? [] : [[name, wait]];
        }),
      );
    },
  };
}
