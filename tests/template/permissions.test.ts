import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { deployed, properties, resourcesOfType, template } from '../support/template.js';

interface Role {
  readonly AssumeRolePolicyDocument: { Statement: unknown };
  readonly Policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
}

const fansOut = { parameters: { FanOut: 'true' } };

const statementsOf = (role: string, deployment = {}): readonly Statement[] =>
  properties<Role>(role, deployment).Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** What a command of the SDK asks for. */
const actions: Readonly<Record<string, string>> = {
  GetCommand: 'dynamodb:GetItem',
  PutCommand: 'dynamodb:PutItem',
  UpdateCommand: 'dynamodb:UpdateItem',
  BatchWriteCommand: 'dynamodb:BatchWriteItem',
  QueryCommand: 'dynamodb:Query',
  paginateQuery: 'dynamodb:Query',
  GetSecretValueCommand: 'secretsmanager:GetSecretValue',
  SendMessageBatchCommand: 'sqs:SendMessage',
};

/** The commands that the Lambda's adapters import; the laptop alone makes tables. */
function importedCommands(): string[] {
  const files = readdirSync('src/adapters', { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && file !== join('dynamodb', 'table.ts'))
    .flatMap((file) =>
      [
        ...readFileSync(join('src/adapters', file), 'utf8').matchAll(/import \{([^}]*)\} from '@aws-sdk\/[\w-]+'/g),
      ].flatMap(([, names = '']) => names.split(',').map((name) => name.trim())),
    )
    .filter((name) => /Command$|^paginate/.test(name));
}

describe('the function', () => {
  test('may do exactly this', () => {
    expect(statementsOf('CheckRole')).toEqual([
      {
        Sid: 'ReadAndWriteAlerts',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
        Resource: 'AlertTable.Arn',
      },
      {
        Sid: 'ListAlerts',
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: 'AlertTable.Arn/index/entity_type-index',
      },
      {
        Sid: 'ReadSecret',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:trading-alerts-??????',
      },
      {
        Sid: 'WriteLog',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'CheckLogGroup.Arn',
      },
      { Sid: 'KeepFailedEvents', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'DeadLetters.Arn' },
    ]);
  });

  test('may ring the queue of a stack that fans out, beside all this', () => {
    const ring = { Sid: 'Ring', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'Doorbells.Arn' };
    expect(statementsOf('CheckRole', fansOut)).toEqual([...statementsOf('CheckRole'), ring]);
  });

  test('may call what its code calls, and nothing else of DynamoDB, Secrets Manager and SQS', () => {
    const statements = statementsOf('CheckRole', fansOut).filter(({ Resource }) => Resource !== 'DeadLetters.Arn');
    const allowed = statements.flatMap(({ Action }) => Action).filter((action) => !/^logs/.test(action));
    const called = importedCommands().map((command) => actions[command] ?? `unknown: ${command}`);
    expect([...new Set(called)].sort()).toEqual(allowed.sort());
  });

  test('is the only one that may take its role', () => {
    expect(properties<Role>('CheckRole').AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });
});

test('the deliveries may do exactly this', () => {
  expect(statementsOf('DeliverRole', fansOut)).toEqual([
    {
      Sid: 'ReadAndWriteAlerts',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Resource: 'AlertTable.Arn',
    },
    {
      Sid: 'ReadSecret',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:trading-alerts-??????',
    },
    {
      Sid: 'WriteLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'CheckLogGroup.Arn',
    },
    {
      Sid: 'HearAndRing',
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
      Resource: 'Doorbells.Arn',
    },
  ]);
  expect(properties<Role>('DeliverRole', fansOut).AssumeRolePolicyDocument).toEqual(
    properties<Role>('CheckRole').AssumeRolePolicyDocument,
  );
});

describe('the schedule', () => {
  test('may start the function and keep what it could not deliver', () => {
    expect(statementsOf('ScheduleRole')).toEqual([
      { Sid: 'StartCheck', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'CheckFunction.Arn' },
      { Sid: 'KeepUndeliveredEvents', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'DeadLetters.Arn' },
    ]);
    expect(properties<Role>('ScheduleRole').AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } },
      },
    ]);
  });

  test('has a role of its own, so that SAM makes none', () => {
    expect(properties('CheckFunction')).toMatchObject({
      Role: 'CheckRole.Arn',
      Events: { Check: { Properties: { RoleArn: 'ScheduleRole.Arn' } } },
    });
  });
});

test.each([
  ['false', ['CheckRole', 'ScheduleRole']],
  ['true', ['CheckRole', 'DeliverRole', 'ScheduleRole']],
])('nothing else in the stack gives permissions; fan-out: %s', (FanOut, roles) => {
  const deployment = { parameters: { FanOut } };
  const giving = Object.entries(deployed(deployment)).filter(
    ([, { Type }]) => Type.startsWith('AWS::IAM::') || /Policy|Permission/.test(Type),
  );
  expect(giving.map(([id]) => id)).toEqual(roles);
  for (const [, { Properties }] of resourcesOfType('AWS::Serverless::Function', deployment)) {
    expect(Properties).not.toHaveProperty('Policies');
  }
  for (const [, role] of resourcesOfType('AWS::IAM::Role', deployment)) {
    expect(Object.keys(role.Properties).sort()).toEqual(['AssumeRolePolicyDocument', 'Description', 'Policies']);
  }
});

test('a secret of another name can be given, and nothing else becomes readable', () => {
  const { Policies } = properties<Role>('CheckRole', { parameters: { SecretName: 'prod/alerts' } });
  expect(Policies[0]?.PolicyDocument.Statement[2]?.Resource).toBe(
    'arn:aws:secretsmanager:eu-central-1:000000000000:secret:prod/alerts-??????',
  );
  expect(template.Parameters.SecretName?.AllowedPattern).not.toContain('*');
});
