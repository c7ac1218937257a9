import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { ensureTable, tableDefinition } from '../../../src/adapters/dynamodb/table.js';
import { pendingAlert } from '../../support/builders.js';
import { startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(() => startTable('alerts-of-a-laptop'));

test('the table is as the product documents it', () => {
  expect(tableDefinition('trading-alerts')).toEqual({
    TableName: 'trading-alerts',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'entity_type', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'entity_type-index',
        KeySchema: [
          { AttributeName: 'entity_type', KeyType: 'HASH' },
          { AttributeName: 'id', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});

test('it can be used once it is ensured', async () => {
  const { Table } = await table.client.send(new DescribeTableCommand({ TableName: 'alerts-of-a-laptop' }));
  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName, IndexStatus }) => [IndexName, IndexStatus])).toEqual([
    ['entity_type-index', 'ACTIVE'],
  ]);
});

test('ensuring it again leaves what it holds', async () => {
  await table.store.create(pendingAlert());
  await ensureTable(table.client, 'alerts-of-a-laptop');
  expect((await table.store.list()).alerts).toEqual([pendingAlert()]);
});

test('a name that DynamoDB does not take is an error that says so', async () => {
  await expect(ensureTable(table.client, 'a b')).rejects.toThrow(
    /^DynamoDB did not make the table "a b": ValidationException/,
  );
});
