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

const statementsOf = (role: string): readonly Statement[] =>
  properties<Role>(role).Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** What a command of the SDK asks for. */
const actions: Readonly<Record<string, string>> = {
  GetCommand: 'dynamodb:GetItem',
  PutCommand: 'dynamodb:PutItem',
  UpdateCommand: 'dynamodb:UpdateItem',
  BatchWriteCommand: 'dynamodb:BatchWriteItem',
  QueryCommand: 'dynamodb:Query',
  paginateQuery: 'dynamodb:Query',
  GetSecretValueCommand: 'secretsmanager:GetSecretValue',
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

  test('may call what its code calls, and nothing else of DynamoDB and Secrets Manager', () => {
    const allowed = statementsOf('CheckRole').flatMap(({ Action }) => Action);
    const called = importedCommands().map((command) => actions[command] ?? `unknown: ${command}`);
    expect([...new Set(called)].sort()).toEqual(allowed.filter((action) => /^(dynamodb|secrets)/.test(action)).sort());
  });

  test('is the only one that may take its role', () => {
    expect(properties<Role>('CheckRole').AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });
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

test('nothing else in the stack gives permissions', () => {
  const giving = Object.entries(deployed()).filter(
    ([, { Type }]) => Type.startsWith('AWS::IAM::') || /Policy|Permission/.test(Type),
  );
  expect(giving.map(([id]) => id)).toEqual(['CheckRole', 'ScheduleRole']);
  expect(properties('CheckFunction')).not.toHaveProperty('Policies');
  for (const [, role] of resourcesOfType('AWS::IAM::Role')) {
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
