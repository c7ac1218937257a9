import type { NotifyingAlert } from '../../domain/alert.js';
import { claim, commit, defer, type Transition, takeOver } from '../../domain/delivery/transition.js';
import type { AlertStore } from '../../flows/ports.js';
import { outboxAttributes } from './attributes.js';
import { readItem } from './read-item.js';
import { StoreError } from './store-error.js';
import { type AlertTable, updateItem } from './write.js';

/** The alert as the write left it, which may know more than the list did. */
function notifyingAlert(id: string, item: Readonly<Record<string, unknown>>): NotifyingAlert {
  const read = readItem(item);
  if (read.ok && read.value.status === 'notifying') return read.value;
  const problem = read.ok ? `its status is ${read.value.status}` : read.error;
  throw new StoreError(`the item of alert ${id} cannot be read: ${problem}; mend it, and a later check sends its push`);
}

/** The outbox: what the transitions say, written to the item. */
export function createDeliveries(table: AlertTable): Pick<AlertStore, 'claim' | 'takeOver' | 'commit' | 'defer'> {
  const write = (name: string, id: string, { expected, next }: Transition) =>
    updateItem(table, {
      what: `take the ${name} of alert ${id}`,
      id,
      next: outboxAttributes(next),
      expected: expected.map(outboxAttributes),
    });
  return {
    async claim(alert, delivery) {
      const item = await write('claim', alert.id, claim(alert, delivery));
      return item && notifyingAlert(alert.id, item);
    },
    async takeOver(alert, lease) {
      const transition = takeOver(alert, lease);
      const item = transition && (await write('new lease', alert.id, transition));
      return item && notifyingAlert(alert.id, item);
    },
    commit: async (alert, now) => (await write('commit', alert.id, commit(alert, now))) !== undefined,
    defer: async (alert) => (await write('deferral', alert.id, defer(alert))) !== undefined,
  };
}
