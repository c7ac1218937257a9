import { describe, expect, test } from '@jest/globals';
import { notifierOrigins } from '../src/adapters/notifiers/registry.js';
import { ConfigError, readConfig, shownVariable } from '../src/config.js';

const sheet = { GOOGLE_SHEETS_SPREADSHEET_ID: 'a-spreadsheet' };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(shownVariable);
    throw error;
  }
  return [];
}

test('everything but the spreadsheet has a default', () => {
  expect(readConfig(sheet)).toEqual({
    spreadsheetId: 'a-spreadsheet',
    sheetTab: 'Alerts',
    usersTab: 'Users',
    historyDays: 400,
    tableName: 'trading-alerts',
    secretId: 'trading-alerts',
    checkConcurrency: 10,
    fanOutThreshold: 200,
    queueUrl: undefined,
    timeZone: 'UTC',
    logLevel: 'INFO',
    googleSheetsBaseUrl: 'https://sheets.googleapis.com',
    googleTokenUrl: 'https://oauth2.googleapis.com/token',
    exchangeOrigins: expect.objectContaining({
      BINANCE_BASE_URL: 'https://api.binance.com',
      BINANCE_FUTURES_BASE_URL: 'https://fapi.binance.com',
      BYBIT_BASE_URL: 'https://api.bybit.com',
      COINBASE_BASE_URL: 'https://api.coinbase.com',
      COINBASE_EXCHANGE_BASE_URL: 'https://api.exchange.coinbase.com',
    }),
    notifierOrigins,
  });
});

test('an empty variable counts as not set, as template parameters without a value arrive', () => {
  expect(readConfig({ ...sheet, SHEET_TAB: '', BINANCE_BASE_URL: ' ' })).toEqual(readConfig(sheet));
});

test.each([
  'https://sqs.eu-central-1.amazonaws.com/123456789012/alerts-Doorbells-1A2B',
  'http://127.0.0.1:9324/000000000000/alerts',
])('the queue may be %s', (queueUrl) =>
  expect(readConfig({ ...sheet, SQS_QUEUE_URL: ` ${queueUrl} ` })).toMatchObject({ queueUrl }),
);

describe('a wrong variable is named with what was expected', () => {
  test.each([
    {
      name: 'CHECK_CONCURRENCY',
      value: 'ten',
      problem: 'CHECK_CONCURRENCY: expected a whole number from 1 to 100, got "ten"',
    },
    {
      name: 'CHECK_CONCURRENCY',
      value: '0',
      problem: 'CHECK_CONCURRENCY: expected a whole number from 1 to 100, got "0"',
    },
    {
      name: 'TIME_ZONE',
      value: 'Moon/Tycho',
      problem:
        'TIME_ZONE: expected a time zone of the IANA list, such as Europe/Berlin, America/New_York or UTC, got "Moon/Tycho"',
    },
    {
      name: 'FAN_OUT_THRESHOLD',
      value: '-1',
      problem: 'FAN_OUT_THRESHOLD: expected a whole number from 1 to 1000000, got "-1"',
    },
    ...['doorbells', 'https://sqs.eu-central-1.amazonaws.com', 'arn:aws:sqs:::name'].map((value) => ({
      name: 'SQS_QUEUE_URL',
      value,
      problem: `SQS_QUEUE_URL: expected the address of a queue, such as https://sqs.eu-central-1.amazonaws.com/123456789012/NAME, got ${value.length > 20 ? `${value.length} characters` : `"${value}"`}`,
    })),
    {
      name: 'LOG_LEVEL',
      value: 'loud',
      problem: 'LOG_LEVEL: expected one of DEBUG, INFO, WARN, ERROR, SILENT, got "loud"',
    },
    {
      name: 'DYNAMODB_TABLE_NAME',
      value: 'a b',
      problem: 'DYNAMODB_TABLE_NAME: expected 3 to 255 letters, digits, points, dashes or underscores, got "a b"',
    },
    {
      name: 'BYBIT_BASE_URL',
      value: 'bybit',
      problem: expect.stringMatching(/^BYBIT_BASE_URL: expected an address such as https:.*got "bybit"$/),
    },
  ])('$name=$value', ({ name, value, problem }) => {
    expect(problemsOf({ ...sheet, [name]: value })).toEqual([problem]);
  });

  test('all of them at once, and the missing one too', () => {
    expect(problemsOf({ CHECK_CONCURRENCY: 'x', LOG_LEVEL: 'y' }).map((problem) => problem.split(/[ :]/)[0])).toEqual([
      'GOOGLE_SHEETS_SPREADSHEET_ID',
      'CHECK_CONCURRENCY',
      'LOG_LEVEL',
    ]);
  });
});

test('no value long enough for a secret, and no password in an address, is ever shown', () => {
  const secret = 'FAKEFAKEFAKEFAKEFAKEFAKEFAKE30';
  const problems = problemsOf({
    GOOGLE_SHEETS_SPREADSHEET_ID: `${secret} and more`,
    LOG_LEVEL: secret,
    CHECK_CONCURRENCY: secret,
    PUSHOVER_BASE_URL: `https://user:${secret}@host`,
    BINANCE_BASE_URL: 'https://u:p@h',
  });
  expect(problems).toHaveLength(5);
  expect(problems.join()).not.toContain(secret);
  expect(problems.join()).not.toContain('u:p@h');
});
