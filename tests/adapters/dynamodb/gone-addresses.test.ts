import { expect, test } from '@jest/globals';
import { createGoneItems } from '../../../src/adapters/dynamodb/gone-addresses.js';
import { StoreError } from '../../../src/adapters/dynamodb/store-error.js';
import { startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);

test('what was added is there, also when two processes add it', async () => {
  const items = createGoneItems(table);
  expect(await items.has('0123')).toBe(false);
  await items.add('0123');
  await items.add('0123');
  expect(await items.has('0123')).toBe(true);
  expect(await items.has('4567')).toBe(false);
});

test('a table that fails says so', async () => {
  const items = createGoneItems({ ...table, tableName: 'none-such' });
  await expect(items.has('0123')).rejects.toBeInstanceOf(StoreError);
  await expect(items.add('0123')).rejects.toBeInstanceOf(StoreError);
});
