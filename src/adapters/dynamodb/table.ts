import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  ResourceInUseException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { err, ok, type Result } from '../../domain/result.js';
import { type AwsFailure, awsFailure } from '../aws-failure.js';
import { indexName } from './attributes.js';
import { storeError } from './store-error.js';

/** The table as template.yaml makes it. */
export function tableDefinition(tableName: string) {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'entity_type', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: indexName,
        KeySchema: [
          { AttributeName: 'entity_type', KeyType: 'HASH' },
          { AttributeName: 'id', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  } as const satisfies CreateTableCommandInput;
}

/** For the laptop and tests; in AWS the template makes the table. Returns when the table can be used. */
export async function ensureTable(client: DynamoDBDocumentClient, tableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(tableDefinition(tableName)));
  } catch (error) {
    const isThere = error instanceof ResourceInUseException;
    if (!isThere) throw storeError(`make the table "${tableName}"`, tableName, error);
  }
  const waiting = { client, minDelay: 0.05, maxDelay: 1, maxWaitTime: 30 };
  await waitUntilTableExists(waiting, { TableName: tableName }).catch((error: unknown) => {
    throw storeError(`get the table "${tableName}" ready`, tableName, error);
  });
}

/** The table as it is, within `timeoutMs`. */
export async function describeTable(
  client: DynamoDBDocumentClient,
  tableName: string,
  timeoutMs: number,
): Promise<Result<TableDescription, AwsFailure>> {
  try {
    const asked = new DescribeTableCommand({ TableName: tableName });
    const { Table } = await client.send(asked, { abortSignal: AbortSignal.timeout(timeoutMs) });
    return Table === undefined ? err('other') : ok(Table);
  } catch (error) {
    return err(awsFailure(error));
  }
}
