import { byTouch, type Digest, type Due, digestsOf, goesAtOnce, goTogether } from '../domain/delivery/digest.js';
import type { Notification } from '../domain/delivery/notification.js';
import { isStorm } from '../domain/delivery/repeat.js';
import type { Tried } from '../domain/delivery/settle.js';
import { digestWriter } from '../domain/digest-message.js';
import { notificationFor } from '../domain/message.js';
import { ringsInQuietHours } from '../domain/quiet-hours.js';
import type { Ports } from './ports/ports.js';
import type { Pusher } from './pusher.js';
import type { Recipients } from './recipients.js';

/** Notifications of a stretch of a run. */
export interface Gathering {
  /** Until what this gives is called, something of the user may still come, and what is gathered for him waits for it. */
  expect(user: string): () => void;
  /** Counted, and sent or gathered, before it returns. */
  tell(channel: string, due: Due): Promise<Tried>;
  /** Nothing comes any more but what is expected already: then what was gathered goes. */
  close(): void;
}

interface Waiting extends Due {
  resolve(tried: Tried | Promise<Tried>): void;
  reject(error: unknown): void;
}

type GatheringPorts = Pick<Ports, 'notifiers' | 'now'>;

/** One alert in a message of its own, or several in one. */
function createSender({ notifiers, now }: GatheringPorts, pusher: Pick<Pusher, 'push'>, recipients: Recipients) {
  function single({ alert, isPossibleRepeat }: Due): Notification {
    const { fireId, trigger } = alert.delivery;
    const at = now();
    const wishes = recipients.wishesOf(alert.user, at);
    const how = { isPossibleRepeat, now: at, isLastBeforePause: isStorm(alert), ...wishes };
    return notificationFor(alert, fireId, trigger, how);
  }

  const send = (channel: string, due: Due): Promise<Tried> => pusher.push(channel, due.alert.user, () => single(due));

  async function sendDigest(channel: string, user: string, { entries, notification }: Digest<Waiting>): Promise<void> {
    const [first, ...others] = entries;
    try {
      // Its text was measured, and stays; whether it may ring is judged when its turn has come.
      const judged = () => {
        const { isQuiet } = recipients.wishesOf(user, now());
        return { ...notification, isSilent: isQuiet && !ringsInQuietHours(notification.priority) };
      };
      const tried = await (others.length === 0 ? send(channel, first) : pusher.push(channel, user, judged));
      if (others.length > 0 && tried.kind === 'rejected' && tried.whose === 'message') {
        // What a service does not like in the text of one alert must not hold up the others.
        const middle = entries.length >> 1;
        for (const half of [entries.slice(0, middle), entries.slice(middle)]) sendTogether(channel, user, half);
      } else for (const { resolve } of entries) resolve(tried);
    } catch (error) {
      for (const { reject } of entries) reject(error);
    }
  }

  function sendTogether(channel: string, user: string, all: readonly Waiting[]): void {
    const at = now();
    const write = digestWriter({ now: at, ...recipients.wishesOf(user, at) });
    try {
      const digests = digestsOf(all.toSorted(byTouch), write, (notification) => notifiers.fits(channel, notification));
      for (const digest of digests) void sendDigest(channel, user, digest);
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  return { send, sendTogether };
}

/** How many of a user's notifications a run has on a channel, whatever became of them. */
function createCounts() {
  const counts = new Map<string, number>();
  /** How many there were before. */
  return (channel: string, user: string, more: number): number => {
    const key = JSON.stringify([channel, user]);
    const before = counts.get(key) ?? 0;
    counts.set(key, before + more);
    return before;
  };
}

/**
 * One run's notifications by user and channel. `fires`: the first few go as they are decided, the rest together when the
 * gathering is closed. `batch`: all wait until it is closed, and go together where they are too many. `storm`: a part of
 * what is too many, so that even two go together. What is urgent goes at once and alone. Long, because a gathering is one account of what waits for what.
 */
export function createGatherings(
  ports: GatheringPorts,
  pusher: Pick<Pusher, 'push'>,
  recipients: Recipients,
): { begin(kind: 'fires' | 'batch' | 'storm'): Gathering } {
  const sender = createSender(ports, pusher, recipients);
  const count = createCounts();

  return {
    begin(kind) {
      let isClosed = false;
      const expected = new Map<string, number>();
      /** By user, then by channel. */
      const gathered = new Map<string, Map<string, Waiting[]>>();

      function sendGathered(user: string): void {
        if (!isClosed || (expected.get(user) ?? 0) > 0) return;
        const byChannel = gathered.get(user) ?? [];
        gathered.delete(user);
        for (const [channel, all] of byChannel) {
          if (kind !== 'batch' || goTogether(count(channel, user, all.length), all.length)) {
            sender.sendTogether(channel, user, all);
          } else for (const each of all) each.resolve(sender.send(channel, each));
        }
      }

      return {
        expect(user) {
          expected.set(user, (expected.get(user) ?? 0) + 1);
          let isHere = false;
          return () => {
            if (isHere) return;
            isHere = true;
            expected.set(user, (expected.get(user) ?? 0) - 1);
            sendGathered(user);
          };
        },
        tell(channel, due) {
          const { user, priority } = due.alert;
          const isUrgent = priority === 'urgent';
          const before = kind === 'fires' || isUrgent ? count(channel, user, 1) : undefined;
          if (before !== undefined && goesAtOnce(before, priority)) return sender.send(channel, due);
          return new Promise((resolve, reject) => {
            const byChannel = gathered.get(user) ?? new Map<string, Waiting[]>();
            gathered.set(user, byChannel);
            const all = byChannel.get(channel) ?? [];
            byChannel.set(channel, all);
            all.push({ ...due, resolve, reject });
          });
        },
        close() {
          isClosed = true;
          for (const user of [...gathered.keys()]) sendGathered(user);
        },
      };
    },
  };
}
