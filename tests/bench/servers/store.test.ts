import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAlertStore } from '../../../src/adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../../../src/adapters/dynamodb/client.js';
import { delivery, pendingAlert, spec } from '../../support/builders.js';
import { anyAccess, itemOf as plainItem } from '../../support/dynamodb.js';
import { itemOf } from '../stage.js';
import { type Item, itemSize, readUnits, writeUnits } from './item-size.js';
import { serve } from './serve.js';
import { createStore, type Store } from './store.js';

const alert = pendingAlert();
const alertItem = itemOf(plainItem(alert));

describe("the product's own store on it", () => {
  const simulated = createStore([alertItem]);
  let server: Awaited<ReturnType<typeof serve>>;
  let client: ReturnType<typeof createStoreClient>;
  beforeAll(async () => {
    const answer = ({ headers, body }: { headers: Readonly<Record<string, string>>; body: string }) => ({
      type: 'application/x-amz-json-1.0',
      ...simulated.answer(headers['x-amz-target']?.split('.').at(-1) ?? '', JSON.parse(body)),
    });
    server = await serve(answer, () => 0);
    client = createStoreClient({ endpoint: server.url, ...anyAccess });
  });
  afterAll(() => {
    client.destroy();
    server.close();
  });

  test('lists, claims once, commits, and remembers the checkpoint', async () => {
    const store = createAlertStore({ client, tableName: 'trading-alerts' });
    expect(await store.list()).toEqual({ alerts: [alert], unreadable: [] });
    expect(await store.create(pendingAlert({ id: 'other' }))).toBe(true);
    const claimed = await store.claim(alert, delivery());
    expect(claimed).toEqual({ ...alert, status: 'notifying', delivery: delivery() });
    expect(await store.claim(alert, delivery({ fireId: 'fire-2' }))).toBeUndefined();
    expect(claimed && (await store.commit(claimed, delivery().claimedAt))).toBe(true);
    expect((await store.list()).alerts.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'btc-95k triggered',
      'other pending',
    ]);
    simulated.reset([]);
    expect(await store.list()).toEqual({ alerts: [alert], unreadable: [] });
  });
});

function unitsOf(store: Store, operation: string, request: Parameters<Store['answer']>[1]) {
  const before = { ...store.units };
  store.answer(operation, request);
  return [store.units.read - before.read, store.units.write - before.write];
}

test('units are counted as DynamoDB counts them', () => {
  const store = createStore([alertItem]);
  const listing = {
    IndexName: 'entity_type-index',
    KeyConditionExpression: 'entity_type = :live',
    ExpressionAttributeValues: { ':live': { S: 'alert' } },
  };
  const key = { id: { S: alert.id } };
  const refused = { ConditionExpression: 'attribute_not_exists(id)' };
  expect(unitsOf(store, 'Query', listing)).toEqual([0.5, 0]);
  expect(unitsOf(store, 'GetItem', { Key: key })).toEqual([0.5, 0]);
  expect(unitsOf(store, 'GetItem', { Key: key, ConsistentRead: true })).toEqual([1, 0]);
  expect(unitsOf(store, 'PutItem', { Item: alertItem })).toEqual([0, 1]);
  expect(unitsOf(store, 'PutItem', { Item: { ...alertItem, status: { S: 'triggered' } } })).toEqual([0, 2]);
  expect(unitsOf(store, 'PutItem', { Item: { ...alertItem, entity_type: { S: 'expired-alert' } } })).toEqual([0, 3]);
  expect(unitsOf(store, 'PutItem', { Item: { id: { S: '#checkpoint' } } })).toEqual([0, 1]);
  expect(unitsOf(store, 'PutItem', { Item: alertItem, ...refused })).toEqual([0, 1]);
});

test.each<{ item: Item; bytes: number }>([
  { item: { id: { S: 'btc' } }, bytes: 5 },
  { item: { id: { S: 'выше' } }, bytes: 10 },
  { item: { id: { N: '-123.45' } }, bytes: 6 },
  { item: { id: { BOOL: true } }, bytes: 3 },
  { item: { id: { M: { a: { S: 'b' } } } }, bytes: 8 },
])('$item has $bytes bytes', ({ item, bytes }) => expect(itemSize(item)).toBe(bytes));

test.each([
  [4096, 0.5, 4],
  [4097, 1, 5],
  [0, 0.5, 1],
])('%i bytes are %d units to read and %i to write', (bytes, read, write) => {
  expect([readUnits(bytes, false), readUnits(bytes, true), writeUnits(bytes)]).toEqual([read, read * 2, write]);
});

test('a listing comes in pages of 1 MB, each naming the next', () => {
  const items = Array.from({ length: 5_000 }, (_, index) => {
    const content = spec({ id: `alert-${String(index).padStart(5, '0')}`, notes: 'x'.repeat(200) });
    return itemOf(plainItem(pendingAlert(content)));
  });
  const store = createStore(items);
  const found: string[] = [];
  let pages = 0;
  let next: Item | undefined;
  do {
    const { body } = store.answer('Query', {
      IndexName: 'entity_type-index',
      KeyConditionExpression: '#t = :live',
      ExpressionAttributeNames: { '#t': 'entity_type' },
      ExpressionAttributeValues: { ':live': { S: 'alert' } },
      ...(next && { ExclusiveStartKey: next }),
    });
    const page = JSON.parse(body) as { Items: { id: { S: string } }[]; LastEvaluatedKey?: Item };
    found.push(...page.Items.map(({ id }) => id.S));
    next = page.LastEvaluatedKey;
    pages += 1;
  } while (next !== undefined);
  const bytes = items.reduce((sum, item) => sum + itemSize(item), 0);
  expect(found).toEqual(items.map(({ id }) => id?.S));
  expect(pages).toBe(Math.ceil(bytes / 2 ** 20));
  expect(store.listing()).toEqual({ pages, bytes });
});
