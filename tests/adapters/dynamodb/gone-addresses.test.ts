import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createStoreClient } from '../../../src/adapters/dynamodb/client.js';
import { createGoneItems } from '../../../src/adapters/dynamodb/gone-addresses.js';
import { StoreError } from '../../../src/adapters/dynamodb/store-error.js';
import { ensureTable } from '../../../src/adapters/dynamodb/table.js';
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from '../../../src/cli/embedded-dynamodb.js';
import { anyAccess } from '../../support/dynamodb.js';

const tableName = 'trading-alerts';
let database: EmbeddedDynamoDb;
let client: ReturnType<typeof createStoreClient>;
beforeAll(async () => {
  database = await startEmbeddedDynamoDb();
  client = createStoreClient({ endpoint: database.url, ...anyAccess });
  await ensureTable(client, tableName);
});
afterAll(async () => {
  client.destroy();
  await database.close();
});

test('what was added is there, also when two processes add it', async () => {
  const items = createGoneItems({ client, tableName });
  expect(await items.has('0123')).toBe(false);
  await items.add('0123');
  await items.add('0123');
  expect(await items.has('0123')).toBe(true);
  expect(await items.has('4567')).toBe(false);
});

test('a table that fails says so', async () => {
  const items = createGoneItems({ client, tableName: 'none-such' });
  await expect(items.has('0123')).rejects.toBeInstanceOf(StoreError);
  await expect(items.add('0123')).rejects.toBeInstanceOf(StoreError);
});
