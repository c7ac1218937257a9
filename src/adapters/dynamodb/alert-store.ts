import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Alert, UnreadableItem } from '../../domain/alert.js';
import type { AlertStore } from '../../flows/ports/alert-store.js';
import {
  alertAttributes,
  entityTypes,
  indexName,
  outboxAttributes,
  withoutDelivery,
  withoutFires,
} from './attributes.js';
import { createCheckpoints } from './checkpoint.js';
import { createDeliveries } from './deliveries.js';
import { createLastSummary } from './last-summary.js';
import { createMemories } from './memory.js';
import { memoryProblem, readItem } from './read-item.js';
import { StoreError, storeError } from './store-error.js';
import { createUsers } from './users.js';
import { type AlertTable, createItem, updateItem } from './write.js';

const remedy = 'mend it, or delete the item: the next check writes it anew from its row';

function readListed(item: Readonly<Record<string, unknown>>): {
  alerts: readonly Alert[];
  unreadable: UnreadableItem[];
} {
  const id = String(item.id);
  const read = readItem(item);
  if (!read.ok) return { alerts: [], unreadable: [{ id, message: `${read.error}; ${remedy}` }] };
  const message = memoryProblem(read.value);
  return { alerts: [read.value], unreadable: message === undefined ? [] : [{ id, message, isWatched: true }] };
}

type Items = Pick<AlertStore, 'list' | 'get' | 'create' | 'change'>;

const liveAlerts = {
  IndexName: indexName,
  KeyConditionExpression: 'entity_type = :live',
  ExpressionAttributeValues: { ':live': entityTypes.live },
};

function createItems(table: AlertTable): Items {
  const { client, tableName } = table;
  return {
    async list() {
      const pages = paginateQuery({ client }, { TableName: tableName, ...liveAlerts });
      const alerts: Alert[] = [];
      const unreadable: UnreadableItem[] = [];
      try {
        for await (const { Items = [] } of pages) {
          for (const item of Items) {
            const read = readListed(item);
            alerts.push(...read.alerts);
            unreadable.push(...read.unreadable);
          }
        }
      } catch (error) {
        throw storeError('give the list of alerts', tableName, error);
      }
      return { alerts, unreadable };
    },

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
export function createAlertStore(table: AlertTable): AlertStore {
  return {
    ...createItems(table),
    ...createDeliveries(table),
    ...createMemories(table),
    ...createCheckpoints(table),
    ...createUsers(table),
    ...createLastSummary(table),
  };
}
