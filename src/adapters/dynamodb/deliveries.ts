import type { Alert, NotifyingAlert } from '../../domain/alert.js';
import {
  armAgain,
  claim,
  commit,
  defer,
  end,
  noteAccepted,
  noteReceipts,
  type Transition,
  takeOver,
} from '../../domain/delivery/transition.js';
import type { AlertStore, DeliverySteps } from '../../flows/ports/alert-store.js';
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
export function createDeliveries(table: AlertTable): Pick<AlertStore, keyof DeliverySteps> {
  const write = (name: string, { id, condition }: Alert, { expected, next }: Transition) =>
    updateItem(table, {
      what: `take the ${name} of alert ${id}`,
      id,
      next: outboxAttributes(next, condition),
      expected: expected.map((each) => outboxAttributes(each, condition)),
    });
  const isWritten = async (...facts: Parameters<typeof write>) => (await write(...facts)) !== undefined;
  return {
    async claim(alert, delivery) {
      const item = await write('claim', alert, claim(alert, delivery));
      return item && notifyingAlert(alert.id, item);
    },
    async takeOver(alert, lease) {
      const transition = takeOver(alert, lease);
      const item = transition && (await write('new lease', alert, transition));
      return item && notifyingAlert(alert.id, item);
    },
    commit: (alert, now) => isWritten('commit', alert, commit(alert, now)),
    noteAccepted: (alert, next) => isWritten('note of what has accepted', alert, noteAccepted(alert, next)),
    defer: (alert) => isWritten('deferral', alert, defer(alert)),
    armAgain: (alert, to) => isWritten('new arming', alert, armAgain(alert, to)),
    end: (alert, now) => isWritten('end', alert, end(alert, now)),
    noteReceipts: (alert, receipts) => isWritten('receipts', alert, noteReceipts(alert, receipts)),
  };
}
