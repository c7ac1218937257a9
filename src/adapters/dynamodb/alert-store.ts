import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AlertStore } from '../../flows/ports/alert-store.js';
import { alertAttributes, outboxAttributes, withoutDelivery, withoutFires } from './attributes.js';
import { createCheckpoints } from './checkpoint.js';
import { createDeliveries } from './deliveries.js';
import { createLastSummary } from './last-summary.js';
import { createList } from './list-alerts.js';
import { createMemories } from './memory.js';
import { readItem, remedy } from './read-item.js';
import { StoreError, storeError } from './store-error.js';
import { createUsers } from './users.js';
import { type AlertTable, createItem, updateItem } from './write.js';
import { createWritePace } from './write-pace.js';

type Items = Pick<AlertStore, 'get' | 'create' | 'change'>;

function createItems(table: AlertTable): Items {
  const { client, tableName } = table;
  return {
    async get(id) {
      const command = new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeError(`give alert ${id}`, tableName, error);
      });
      if (Item === undefined) return undefined;
      const read = readItem(Item);
      if (!read.ok) throw new StoreError(`the item of alert ${id} cannot be read: ${read.error}; ${remedy}`);
      return read.value;
    },

    create: (alert) =>
      createItem(table, { what: `take the new alert ${alert.id}`, id: alert.id, item: alertAttributes(alert) }),

    async change({ previous, next }) {
      const { status, armedAt, overAt } = previous;
      if (status === 'notifying') return false;
      const item = await updateItem(table, {
        what: `take the change of alert ${previous.id}`,
        id: previous.id,
        next: {
          ...alertAttributes(next),
          ...(next.status === 'pending' ? withoutDelivery(next.condition) : {}),
          ...(next.armedAt === armedAt ? {} : withoutFires(next.condition)),
        },
        // What is over meanwhile is armed afresh by a later end, so the row has to be followed anew.
        expected: [outboxAttributes({ status, armedAt, overAt }, previous.condition)],
      });
      return item !== undefined;
    },
  };
}

/** The alerts as items of one table. Failures of DynamoDB itself are thrown as `StoreError`. */
export function createAlertStore(given: AlertTable): AlertStore {
  const table: AlertTable = { mayWrite: createWritePace(), ...given };
  return {
    ...createList(table),
    ...createItems(table),
    ...createDeliveries(table),
    ...createMemories(table),
    ...createCheckpoints(table),
    ...createUsers(table),
    ...createLastSummary(table),
  };
}
