import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';
import { fired, quietSummary } from '../../support/summary.js';

const table = oneForAll(startTable);
const kept = { summary: quietSummary({ fired: [fired()] }), leftOut: { 'markets.failed': 4_900 } };

test('before the first run there is none', async () => expect(await table.store.readSummary()).toBe(undefined));

test('it is one item, replaced by the next, and stays out of the index', async () => {
  await table.store.saveSummary({ summary: quietSummary({ runId: 'earlier' }), leftOut: {} });
  await table.store.saveSummary(kept);
  expect(await table.store.readSummary()).toEqual(kept);
  expect(await table.item('#last-summary')).toEqual({ id: '#last-summary', summary: JSON.stringify(kept) });
  expect(await table.store.list()).toEqual({ alerts: [], unreadable: [] });
});

test.each([
  ['no JSON', 'yesterday'],
  ['something else', '{"summary": {"runId": 1}, "leftOut": {}}'],
])('an item edited by hand into %s counts as none', async (_, summary) => {
  await table.client.send(new PutCommand({ TableName: table.tableName, Item: { id: '#last-summary', summary } }));
  expect(await table.store.readSummary()).toBe(undefined);
});
