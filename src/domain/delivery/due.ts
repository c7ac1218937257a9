import type { NotifyingAlert } from '../alert.js';
import type { AccountWaits } from './backoff.js';
import { openChannels } from './channel.js';

/** From when on a notification may be sent again (ms): its lease is over, and a channel of it waits no longer. */
export function dueAt({ delivery }: Pick<NotifyingAlert, 'delivery'>, waits: AccountWaits): number {
  const { channels, claimedAt, leaseUntil = 0 } = delivery;
  const times = openChannels(channels).map(({ channel, nextAttemptAt = 0 }) =>
    Math.max(nextAttemptAt, waits[channel]?.retryAt ?? 0),
  );
  // Where every channel is settled, only the commit is missing.
  const first = times.length === 0 ? 0 : times.reduce((a, b) => Math.min(a, b));
  return Math.max(claimedAt, leaseUntil, first);
}
