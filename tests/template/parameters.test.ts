import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { deployed, type Parameter, properties, resolve, template } from '../support/template.js';

const parameters = Object.entries(template.Parameters);

function isAllowed({ AllowedPattern, AllowedValues }: Parameter, value: string): boolean {
  if (AllowedValues !== undefined) return AllowedValues.map(String).includes(value);
  return AllowedPattern !== undefined && new RegExp(AllowedPattern).test(value);
}

describe('parameters', () => {
  test.each(parameters)('%s has a description, and a pattern or the allowed values', (_, parameter) => {
    expect(parameter.Description).toMatch(/^.{20,}\.$/);
    expect([parameter.AllowedPattern, parameter.AllowedValues].filter((limit) => limit !== undefined)).toHaveLength(1);
    expect(parameter.AllowedPattern ?? '^$').toMatch(/^\^.*\$$/);
  });

  test('only the spreadsheet has no default, and every default is allowed', () => {
    expect(parameters.filter(([, { Default }]) => Default === undefined).map(([name]) => name)).toEqual([
      'SpreadsheetId',
    ]);
    const refused = parameters.filter(
      ([, parameter]) => parameter.Default !== undefined && !isAllowed(parameter, String(parameter.Default)),
    );
    expect(refused).toEqual([]);
  });

  test.each<[string, string[], string[]]>([
    ['SpreadsheetId', ['1AbC-dEf_0123456789'], ['', 'https://docs.google.com/spreadsheets/d/1AbC/edit', 'a b c d e']],
    ['SheetTab', ['Alerts', 'Мои алерты'], ['', 'x'.repeat(101)]],
    ['UsersTab', ['Users', 'Кому и как'], ['', 'x'.repeat(101)]],
    ['TimeZone', ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'], ['', '+03:00', 'New York']],
    [
      'SecretName',
      ['trading-alerts', 'prod/alerts'],
      ['', 'arn:aws:secretsmanager:eu-central-1:0:secret:x', '*', 'a*'],
    ],
    ['Schedule', ['rate(5 minutes)', 'rate(1 hour)'], ['', 'rate(1 minute)', 'rate(5 minute)', 'every 5 minutes']],
    ['AlarmEmail', ['', 'me@example.org'], ['me', 'me@', 'a b@example.org']],
    ['CheckConcurrency', ['1', '10', '100'], ['', '0', '101', 'ten', '-1']],
    ['HistoryDays', ['1', '30', '400', '3650'], ['', '0', '3651', '1e3', '1.5']],
    ['FanOutThreshold', ['1', '200', '999999'], ['', '0', '2.5', 'many']],
    ['FanOut', ['true', 'false'], ['', 'auto', 'True', '1']],
    ['LogRetentionDays', ['30'], ['0', '31']],
    ['Architecture', ['arm64', 'x86_64'], ['arm']],
  ])('%s takes what is right and refuses what is not', (name, right, wrong) => {
    const parameter = template.Parameters[name] as Parameter;
    expect(right.filter((value) => !isAllowed(parameter, value))).toEqual([]);
    expect(wrong.filter((value) => isAllowed(parameter, value))).toEqual([]);
  });

  test('the console shows each of them in a group', () => {
    const { 'AWS::CloudFormation::Interface': shown } = template.Metadata as Record<
      string,
      { ParameterGroups: { Parameters: string[] }[] }
    >;
    expect(shown?.ParameterGroups.flatMap((group) => group.Parameters).sort()).toEqual(
      parameters.map(([name]) => name).sort(),
    );
  });

  test('the program starts with what the defaults make of its environment', () => {
    const { Environment } = properties<{ Environment: { Variables: Record<string, string> } }>('CheckFunction');
    expect(readConfig(Environment.Variables)).toEqual({
      ...readConfig({ GOOGLE_SHEETS_SPREADSHEET_ID: 'fake-spreadsheet' }),
      tableName: 'AlertTable',
    });
  });
});

describe('two stacks in one account', () => {
  const names = [
    ...['FunctionName', 'RoleName', 'PolicyName', 'TableName', 'LogGroupName', 'QueueName', 'TopicName', 'AlarmName'],
    ...['DashboardName', 'Name'],
  ];

  test('no resource has a name of its own, so nothing can collide', () => {
    const named = Object.entries(deployed()).flatMap(([id, resource]) =>
      names.filter((name) => name in resource.Properties).map((name) => `${id}.${name}`),
    );
    expect(named).toEqual([]);
    expect(properties('CheckFunction')).toMatchObject({ Events: { Check: { Properties: { OmitName: true } } } });
  });

  test('their metrics are told apart by the name of the stack', () => {
    const environment = properties('CheckFunction', { stackName: 'second' });
    expect(environment).toMatchObject({ Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'second' } } });
    expect(properties('HeartbeatAlarm', { stackName: 'second' })).toMatchObject({
      Dimensions: [{ Name: 'service', Value: 'second' }],
    });
  });
});

test('the outputs are what a person needs', () => {
  expect(
    Object.fromEntries(
      Object.entries(template.Outputs)
        .filter(([, { Condition }]) => Condition === undefined)
        .map(([name, { Value }]) => [name, resolve(Value)]),
    ),
  ).toEqual({
    FunctionName: 'CheckFunction',
    TableName: 'AlertTable',
    DashboardUrl:
      'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/Dashboard',
    DoctorCommand:
      'trading-alerts doctor --region eu-central-1 --table AlertTable --secret trading-alerts --spreadsheet fake-spreadsheet --tab "Alerts" --users-tab "Users"',
    LogsCommand: 'aws logs tail CheckLogGroup --follow --region eu-central-1',
    NotToldCommand: `aws logs tail CheckLogGroup --since 1d --region eu-central-1 --filter-pattern '{ $.message = "not told on a channel" }'`,
    CheckNowCommand:
      'aws lambda invoke --function-name CheckFunction --region eu-central-1 --cli-binary-format raw-in-base64-out --payload \'{"dryRun":true}\' /dev/stdout',
    DeadLettersUrl: 'DeadLetters',
    AlarmTopicArn: 'AlarmTopic',
  });
});
