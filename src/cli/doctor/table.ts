import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AwsFailure } from '../../adapters/aws-failure.js';
import { describeTable, tableDefinition } from '../../adapters/dynamodb/table.js';
import { type AwsAnswer, isCredentialFailure } from './aws.js';
import { type Finding, right, skipped, wrong } from './findings.js';

export interface TableReading {
  readonly findings: readonly Finding[];
  /** Where DynamoDB was asked. */
  readonly answer?: AwsAnswer;
}

const outputs = "the stack's output TableName names it; give it with --table or DYNAMODB_TABLE_NAME";
const redeploy = 'deploy the stack again, and let it make a table of its own';

type Description = Pick<TableDescription, 'AttributeDefinitions'>;

/** `id (text, HASH)`, in the order of their roles. */
function keyText(keys: readonly KeySchemaElement[] = [], { AttributeDefinitions = [] }: Description): string {
  const typeOf = (name: string | undefined) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  const texts = keys.map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType}, ${typeOf(AttributeName)})`);
  return texts.toSorted().join(' and ') || 'no key';
}

const isUsable = (status: string | undefined): boolean => status === 'ACTIVE' || status === 'UPDATING';

const notReady = (check: string, status: string | undefined): Finding =>
  wrong(check, `it is there, but ${status ?? 'without a status'}, expected ACTIVE`, 'wait a minute and try again');

function tableFinding(table: TableDescription, expected: ReturnType<typeof tableDefinition>): Finding {
  const name = expected.TableName;
  const want = keyText([...expected.KeySchema], { AttributeDefinitions: [...expected.AttributeDefinitions] });
  const key = keyText(table.KeySchema, table);
  if (key !== want) {
    return wrong('table', `"${name}" has the key ${key}, expected ${want}: it is another program's`, outputs);
  }
  return isUsable(table.TableStatus)
    ? right('table', `"${name}" is there, with its key`)
    : notReady('table', table.TableStatus);
}

function indexFinding(table: TableDescription, expected: ReturnType<typeof tableDefinition>): Finding {
  const [wanted] = expected.GlobalSecondaryIndexes;
  const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === wanted.IndexName);
  if (index === undefined) return wrong('index', `${wanted.IndexName} is missing`, redeploy);
  const want = keyText([...wanted.KeySchema], { AttributeDefinitions: [...expected.AttributeDefinitions] });
  const key = keyText(index.KeySchema, table);
  if (key !== want) return wrong('index', `${wanted.IndexName} has the key ${key}, expected ${want}`, redeploy);
  const projection = index.Projection?.ProjectionType;
  if (projection !== wanted.Projection.ProjectionType) {
    return wrong('index', `${wanted.IndexName} holds ${projection} of an item, expected ALL`, redeploy);
  }
  return isUsable(index.IndexStatus)
    ? right('index', `${wanted.IndexName} is there, whole`)
    : notReady('index', index.IndexStatus);
}

function failureFinding(failure: AwsFailure, name: string, isBeforeDeploy: boolean): Finding {
  if (isCredentialFailure(failure)) return skipped('table', 'AWS does not accept the credentials');
  switch (failure) {
    case 'absent':
      return isBeforeDeploy
        ? skipped('table', 'not there yet: the deploy makes it')
        : wrong('table', `there is no table "${name}" in this account and region`, `deploy the stack; ${outputs}`);
    case 'denied':
      return wrong(
        'table',
        'AWS does not let these credentials look at the table',
        `allow them dynamodb:DescribeTable on "${name}"`,
      );
    case 'no-answer':
      return wrong('table', 'DynamoDB did not answer', 'check the network, the region and AWS_ENDPOINT_URL_DYNAMODB');
    default:
      return wrong(
        'table',
        `DynamoDB did not describe "${name}"`,
        'try again in a minute, and check AWS_ENDPOINT_URL_DYNAMODB',
      );
  }
}

export async function examineTable(
  client: DynamoDBDocumentClient,
  name: string,
  settings: { timeoutMs: number; isBeforeDeploy: boolean },
): Promise<TableReading> {
  const table = await describeTable(client, name, 2 * settings.timeoutMs);
  if (!table.ok) {
    const found = failureFinding(table.error, name, settings.isBeforeDeploy);
    return { findings: [found, skipped('index', 'the table could not be looked at')], answer: table.error };
  }
  const expected = tableDefinition(name);
  return { findings: [tableFinding(table.value, expected), indexFinding(table.value, expected)], answer: 'answered' };
}

export const skippedTable = (reason: string): TableReading => ({ findings: [skipped('table', reason)] });
