import pLimit, { type LimitFunction } from 'p-limit';
import { nextAttemptAt, type PushError, type UsedUpQuota } from '../domain/delivery/backoff.js';
import type { Message } from '../domain/message.js';
import type { Result } from '../domain/result.js';
import type { Ports } from './ports.js';
import type { Run } from './run.js';

type PusherPorts = Pick<Ports, 'notifier' | 'now'>;

export interface Pusher {
  /** `message` is asked for right before it is sent. */
  push(user: string, message: () => Message): Promise<'accepted' | 'no-time' | PushError>;
  /** The quota is used up and not yet to be asked about: what earlier runs left stays where it is. */
  isWaiting(): Promise<boolean>;
  /** As far as this run knows it, for the next one. */
  usedUpQuota(): UsedUpQuota | undefined;
}

/** Where the token cannot be read now, nobody can tell; the check of the rows says why it cannot. */
async function isTokenChanged(notifier: PusherPorts['notifier'], since: UsedUpQuota): Promise<boolean> {
  const fingerprint = await notifier.tokenFingerprint().catch(() => undefined);
  return fingerprint !== undefined && fingerprint !== since.tokenFingerprint;
}

/** What Pushover refused in this run is not asked again in it. */
function createRefusals({ notifier, now }: PusherPorts, known: UsedUpQuota | undefined) {
  let quota = known;
  let hasTriedInVain = false;
  let changed: Promise<boolean> | undefined;
  let token: PushError | undefined;
  const users = new Map<string, PushError>();
  /** What something was accepted for, so that the rest need not wait for the first any longer. */
  const proven = new Set<string>();

  async function isWaiting(): Promise<boolean> {
    if (quota === undefined) return false;
    if (hasTriedInVain) return true;
    if (quota.retryAt <= now()) return false;
    if (quota !== known) return true;
    changed ??= isTokenChanged(notifier, quota);
    return !(await changed);
  }

  function refused(user: string, error: PushError, isTrial: boolean): void {
    if (error.kind === 'quota-exceeded') {
      quota = { retryAt: nextAttemptAt(error, 1, now()), tokenFingerprint: error.tokenFingerprint };
      proven.clear();
    } else if (error.kind === 'rejected' && error.whose === 'token') token = error;
    else if (error.kind === 'rejected' && error.whose === 'user') users.set(user, error);
    else if (isTrial) hasTriedInVain = true;
    // No word of a quota, a token or a key: no reason to go on one by one.
    else proven.add(account).add(user);
  }

  return {
    proven,
    isWaiting,
    usedUpQuota: () => quota,
    async standing(user: string): Promise<PushError | undefined> {
      if ((await isWaiting()) && quota !== undefined) {
        const { tokenFingerprint } = quota;
        const detail = "Pushover's monthly quota is used up; buy more messages, or wait for its reset";
        return { kind: 'quota-exceeded', resetsAt: undefined, tokenFingerprint, detail };
      }
      return token ?? users.get(user);
    },
    /** `before`: the quota as it was known when the notification was sent; another one may have used it up since. */
    note(user: string, sent: Result<void, PushError>, before: UsedUpQuota | undefined): void {
      if (!sent.ok) refused(user, sent.error, before !== undefined);
      else if (quota === before) {
        quota = undefined;
        proven.add(account).add(user);
      }
    },
  };
}

/** Beside the users' names in `proven`; no user's name is blank. */
const account = '';

/**
 * One run's pushes. The first of all and the first of each user go ahead alone: where the quota was used up or the
 * token or a key was refused, that one tells, and the others follow only once one is accepted.
 */
export function createPusher(ports: PusherPorts, run: Pick<Run, 'hasTime'>, known: UsedUpQuota | undefined): Pusher {
  const { notifier } = ports;
  const pushing = pLimit(notifier.pushesAtATime);
  const refusals = createRefusals(ports, known);
  const limits = new Map<string, LimitFunction>();

  async function firstAlone<T>(whose: string, attempt: () => Promise<T>): Promise<T> {
    const limit = limits.get(whose) ?? pLimit(1);
    limits.set(whose, limit);
    const isProven = () => refusals.proven.has(whose);
    const alone = isProven() ? undefined : await limit(async () => (isProven() ? undefined : attempt()));
    return alone ?? attempt();
  }

  async function send(user: string, message: () => Message): Promise<'accepted' | 'no-time' | PushError> {
    if (!run.hasTime()) return 'no-time';
    const standing = await refusals.standing(user);
    if (standing !== undefined) return standing;
    const before = refusals.usedUpQuota();
    const sent = await notifier.push(message());
    refusals.note(user, sent, before);
    return sent.ok ? 'accepted' : sent.error;
  }

  return {
    push: (user, message) => pushing(() => firstAlone(account, () => firstAlone(user, () => send(user, message)))),
    isWaiting: refusals.isWaiting,
    usedUpQuota: refusals.usedUpQuota,
  };
}
