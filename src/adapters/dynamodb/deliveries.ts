import type { NotifyingAlert } from '../../domain/alert.js';
import { shortened } from '../../domain/cell.js';
import { leaseMs } from '../../domain/delivery/backoff.js';
import type { AlertStore } from '../../flows/ports.js';
import { type Attributes, deliveryAttributes, instantText } from './attributes.js';
import { readItem } from './read-item.js';
import { StoreError } from './store-error.js';
import { type AlertTable, updateItem } from './write.js';

const longestError = 300;

/** The alert as the write left it, which may know more than the list did. */
function notifyingAlert(id: string, item: Readonly<Record<string, unknown>>): NotifyingAlert {
  const read = readItem(item);
  if (read.ok && read.value.status === 'notifying') return read.value;
  const problem = read.ok ? `its status is ${read.value.status}` : read.error;
  throw new StoreError(`the item of alert ${id} cannot be read: ${problem}; mend it, and a later check sends its push`);
}

/**
 * The outbox: claim → push → commit or defer, and the take-over of what a run left. Long, because it is four writes that
 * are read side by side.
 */
export function createDeliveries(table: AlertTable): Pick<AlertStore, 'claim' | 'takeOver' | 'commit' | 'defer'> {
  return {
    async claim(alert, delivery) {
      const item = await updateItem(table, {
        what: `take the claim of alert ${alert.id}`,
        id: alert.id,
        next: { status: 'notifying', ...deliveryAttributes(delivery) },
        expected: [{ status: 'pending', active: true, armed_at: instantText(alert.armedAt) }],
      });
      return item && notifyingAlert(alert.id, item);
    },

    async takeOver(alert, { runId, now }) {
      const { fireId, attempts, leaseUntil, nextAttemptAt, isPossibleRepeat } = alert.delivery;
      const isLeaseOver = leaseUntil === undefined || leaseUntil < now;
      const isDue = nextAttemptAt === undefined || nextAttemptAt <= now;
      if (!isLeaseOver || !isDue) return undefined;
      // Whether it is over and due was read from the list, so the item must still be as listed.
      const listed: Attributes = {
        status: 'notifying',
        fire_id: fireId,
        attempts,
        lease_until: instantText(leaseUntil),
        next_attempt_at: instantText(nextAttemptAt),
      };
      const item = await updateItem(table, {
        what: `take the new lease of alert ${alert.id}`,
        id: alert.id,
        next: {
          ...listed,
          attempts: attempts + 1,
          lease_by: runId,
          lease_until: instantText(now + leaseMs),
          next_attempt_at: undefined,
          // A lease never given back: that run died, and nobody knows whether it had pushed.
          possible_repeat: isPossibleRepeat || leaseUntil !== undefined,
        },
        expected: [listed],
      });
      return item && notifyingAlert(alert.id, item);
    },

    /** Whoever holds the lease: the push was accepted. The facts of the firing stay on the item. */
    async commit(alert, now) {
      const fire = { fire_id: alert.delivery.fireId };
      const item = await updateItem(table, {
        what: `take the commit of alert ${alert.id}`,
        id: alert.id,
        next: {
          ...fire,
          status: 'triggered',
          triggered_at: instantText(now),
          triggered_count: alert.triggeredCount + 1,
          lease_by: undefined,
          lease_until: undefined,
          next_attempt_at: undefined,
          last_error: undefined,
        },
        expected: [
          { ...fire, status: 'notifying' },
          { ...fire, status: 'triggered' },
        ],
      });
      return item !== undefined;
    },

    async defer(alert, failure) {
      const mine = { status: 'notifying', fire_id: alert.delivery.fireId, attempts: alert.delivery.attempts };
      const item = await updateItem(table, {
        what: `take the deferral of alert ${alert.id}`,
        id: alert.id,
        next: {
          ...mine,
          lease_until: undefined,
          next_attempt_at: instantText(failure.nextAttemptAt),
          possible_repeat: failure.isPossibleRepeat,
          last_error: shortened(failure.lastError, longestError),
        },
        expected: [mine],
      });
      return item !== undefined;
    },
  };
}
