import type { Alert, UnreadableItem } from '../../domain/alert.js';
import type { AlertStore } from '../../flows/ports/alert-store.js';
import { entityTypes, indexName } from './attributes.js';
import { type IdSegment, segmentsAfter } from './id-segments.js';
import { type QueryPage, queryPage } from './query-page.js';
import { memoryProblem, readItem, remedy } from './read-item.js';
import { storeError } from './store-error.js';
import type { AlertTable } from './write.js';

interface Listed {
  readonly alerts: Alert[];
  readonly unreadable: UnreadableItem[];
}

function take({ alerts, unreadable }: Listed, item: Readonly<Record<string, unknown>>): void {
  const id = String(item.id);
  const read = readItem(item);
  if (!read.ok) {
    unreadable.push({ id, message: `${read.error}; ${remedy}` });
    return;
  }
  alerts.push(read.value);
  const message = memoryProblem(read.value);
  if (message !== undefined) unreadable.push({ id, message, isWatched: true });
}

const all: IdSegment = { from: undefined, to: undefined };

function conditionOf({ from, to }: IdSegment): string {
  if (from === undefined) return to === undefined ? '' : ' AND id <= :to';
  return to === undefined ? ' AND id >= :from' : ' AND id BETWEEN :from AND :to';
}

/**
 * One Query, and where that does not give all of a large table, the rest in segments side by side. In the order of the ids.
 */
async function listAlerts({ client, tableName }: AlertTable): Promise<Listed> {
  const ask = (segment: IdSegment, after: QueryPage['lastKey']) =>
    queryPage(client, {
      TableName: tableName,
      IndexName: indexName,
      KeyConditionExpression: `entity_type = :live${conditionOf(segment)}`,
      ExpressionAttributeValues: {
        ':live': entityTypes.live,
        ...(segment.from !== undefined && { ':from': segment.from }),
        ...(segment.to !== undefined && { ':to': segment.to }),
      },
      ...(after && { ExclusiveStartKey: after }),
    });

  /** A page is let go of before the next one is asked for. */
  async function readPage(listed: Listed, segment: IdSegment, after: QueryPage['lastKey']) {
    const { items, lastKey } = await ask(segment, after);
    for (const item of items) take(listed, item);
    return lastKey;
  }

  async function readSegment(segment: IdSegment, after: QueryPage['lastKey']): Promise<Listed> {
    const listed: Listed = { alerts: [], unreadable: [] };
    let lastKey = await readPage(listed, segment, after);
    while (lastKey !== undefined) lastKey = await readPage(listed, segment, lastKey);
    return listed;
  }

  const listed: Listed = { alerts: [], unreadable: [] };
  const lastKey = await readPage(listed, all, undefined);
  if (lastKey === undefined) return listed;
  const segments = segmentsAfter(String(lastKey.id));
  const rest = await Promise.all(
    segments.map((segment, index) => readSegment(segment, index === 0 ? lastKey : undefined)),
  );
  return {
    alerts: [listed, ...rest].flatMap(({ alerts }) => alerts),
    unreadable: [listed, ...rest].flatMap(({ unreadable }) => unreadable),
  };
}

export function createList(table: AlertTable): Pick<AlertStore, 'list'> {
  return {
    list: () =>
      listAlerts(table).catch((error: unknown) => {
        throw storeError('give the list of alerts', table.tableName, error);
      }),
  };
}
