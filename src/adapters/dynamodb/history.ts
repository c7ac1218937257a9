import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { chunksOf } from '../../domain/chunks.js';
import type { Attributes } from '../../domain/fields/field.js';
import { type HistoryRecord, historyId } from '../../domain/history.js';
import { dayMs } from '../../domain/time.js';
import type { History, HistoryQuery } from '../../flows/ports/history.js';
import { entityTypes, indexName } from './attributes.js';
import {
  acknowledgedAttribute,
  changeAttributes,
  fireAttributes,
  outcomeAttribute,
  readHistoryItem,
} from './history-items.js';
import { instantText } from './instant.js';
import { StoreError, storeError } from './store-error.js';
import type { AlertTable } from './write.js';

export interface HistoryTable extends AlertTable {
  readonly keptDays: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const itemsABatch = 25;
/** A first sync of thousands of rows must not open a socket for each. */
const batchesAtATime = 8;
const attemptsABatch = 6;

/** Names and values are placeholders, since many names are reserved words. `kept`: only where nothing stands there yet. */
function settingExpression(always: Attributes, kept: Attributes) {
  const names: Record<string, string> = {};
  const values: Record<string, string | number | boolean> = {};
  const set = [
    ...Object.entries(always).map((entry) => [...entry, false] as const),
    ...Object.entries(kept).map((entry) => [...entry, true] as const),
  ].flatMap(([attribute, value, isKept], index) => {
    if (value === undefined) return [];
    const [name, mark] = [`#n${index}`, `:v${index}`];
    names[name] = attribute;
    values[mark] = value;
    return [isKept ? `${name} = if_not_exists(${name}, ${mark})` : `${name} = ${mark}`];
  });
  return {
    UpdateExpression: `SET ${set.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** What DynamoDB had no room for comes back without an error, and is asked again. */
async function writeBatch({ client, tableName }: AlertTable, items: readonly Record<string, unknown>[]): Promise<void> {
  let requests: readonly object[] = items.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 1; requests.length > 0; attempt += 1) {
    const RequestItems = { [tableName]: requests as { PutRequest: { Item: Record<string, unknown> } }[] };
    const written = await client.send(new BatchWriteCommand({ RequestItems }));
    requests = written.UnprocessedItems?.[tableName] ?? [];
    if (requests.length === 0) return;
    if (attempt === attemptsABatch) throw new StoreError(`it had no room for ${requests.length} of ${items.length}`);
    await pause(25 * 2 ** attempt);
  }
}

function createWrites(table: HistoryTable): Pick<History, 'noteFire' | 'noteChanges' | 'noteAcknowledged'> {
  const { client, tableName, keptDays } = table;
  const keptMs = keptDays * dayMs;
  const limit = pLimit(batchesAtATime);
  const fail = (what: string) => (error: unknown) => {
    throw storeError(what, tableName, error);
  };
  return {
    async noteFire(fire) {
      const outcomes = (isAccepted: boolean) =>
        Object.fromEntries(
          fire.channels.filter(({ outcome }) => (outcome === 'accepted') === isAccepted).map(outcomeAttribute),
        );
      const always = { ...fireAttributes(fire, keptMs), ...outcomes(true) };
      // What another run has seen accepted is no longer refused or given up.
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { id: historyId(fire) },
        ...settingExpression(always, outcomes(false)),
      });
      await client.send(command).catch(fail(`take the fire of alert ${fire.alert.id} into the history`));
    },

    async noteChanges(changes) {
      // One batch may not name an item twice.
      const items = new Map(
        changes.map((change) => {
          const id = historyId(change);
          return [id, { id, ...changeAttributes(change, keptMs) }] as const;
        }),
      );
      const all = [...items.values()];
      const batches = chunksOf(all, itemsABatch);
      const what = `take ${all.length} ${all.length === 1 ? 'change' : 'changes'} of rows into the history`;
      await Promise.all(batches.map((batch) => limit(() => writeBatch(table, batch)))).catch(fail(what));
    },

    async noteAcknowledged({ fireId, claimedAt, channel, at }) {
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { id: historyId({ at: claimedAt, fireId }) },
        ConditionExpression: 'attribute_exists(id)',
        ...settingExpression({}, { [acknowledgedAttribute(channel)]: instantText(at) }),
      });
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw storeError(`take the acknowledgement of fire ${fireId} into the history`, tableName, error);
      }
    },
  };
}

function queryOf(tableName: string, { from, to, alertId, user, atMost }: HistoryQuery) {
  const wanted = [
    { name: '#alert', attribute: 'alert_id', mark: ':alert', value: alertId },
    { name: '#user', attribute: 'user_id', mark: ':user', value: user },
  ].filter(({ value }) => value !== undefined);
  return {
    TableName: tableName,
    IndexName: indexName,
    KeyConditionExpression: 'entity_type = :history AND id BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':history': entityTypes.history,
      // An id is longer than its instant, so it sorts after it.
      ':from': instantText(from),
      ':to': instantText(to),
      ...Object.fromEntries(wanted.map(({ mark, value }) => [mark, value])),
    },
    ...(wanted.length > 0 && {
      FilterExpression: wanted.map(({ name, mark }) => `${name} = ${mark}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(wanted.map(({ name, attribute }) => [name, attribute])),
    }),
    ...(atMost !== undefined && { ScanIndexForward: false }),
  };
}

/** What happened, as items of the alerts' table; the time to live of the table ends them. */
export function createHistory(table: HistoryTable): History {
  const { client, tableName } = table;
  return {
    ...createWrites(table),
    async read(query) {
      const { atMost = Number.POSITIVE_INFINITY } = query;
      const records: HistoryRecord[] = [];
      const unreadable: { id: string; message: string }[] = [];
      // DynamoDB refuses bounds in the wrong order.
      if (query.from > query.to) return { records, unreadable };
      try {
        for await (const { Items = [] } of paginateQuery({ client }, queryOf(tableName, query))) {
          for (const item of Items) {
            const read = readHistoryItem(item);
            if (read.ok) records.push(read.value);
            else unreadable.push({ id: String(item.id), message: read.error });
          }
          if (records.length >= atMost) break;
        }
      } catch (error) {
        throw storeError('give the history', tableName, error);
      }
      const isNewestFirst = query.atMost !== undefined;
      return { records: isNewestFirst ? records.slice(0, atMost).toReversed() : records, unreadable };
    },
  };
}

/** For the laptop, whose embedded DynamoDB has no time to live: what is older than `keptDays` goes. `now` in ms. */
export async function removeOldHistory({ client, tableName, keptDays }: HistoryTable, now: number): Promise<void> {
  const old = queryOf(tableName, { from: 0, to: now - keptDays * dayMs });
  try {
    for await (const { Items = [] } of paginateQuery({ client, pageSize: itemsABatch }, old)) {
      const requests = Items.map(({ id }) => ({ DeleteRequest: { Key: { id } } }));
      if (requests.length === 0) continue;
      await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }));
    }
  } catch (error) {
    throw storeError('end the oldest of the history', tableName, error);
  }
}
