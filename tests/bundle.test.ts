import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { properties } from './support/template.js';
import { createWorld, received, type World } from './support/world.js';

let world: World;
beforeAll(async () => {
  // A process of its own has the real clock.
  world = await createWorld({}, Date.now());
});
afterAll(() => world.close());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built bundle in a process of its own, as Lambda loads it: nothing of this checkout but the one file. */
function invoke(
  environment: Readonly<Record<string, string>>,
  event: unknown,
  bundle: 'check' | 'deliver' = 'check',
): Promise<Ended> {
  const script = `const { handler } = await import(process.argv[1]);
    const answer = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 60000 });
    process.stdout.write('\\nANSWER ' + JSON.stringify(answer));`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', script, new URL(`../dist/${bundle}.mjs`, import.meta.url).href],
      { env: { PATH: process.env.PATH, ...environment } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

const answerOf = ({ stdout }: Ended) => JSON.parse(stdout.slice(stdout.indexOf('ANSWER ') + 7));

test('the built bundle checks, fires, and prints one log line and one line of metrics', async () => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
  const ended = await invoke(world.environment, { source: 'schedule' });
  expect(ended).toMatchObject({ code: 0 });
  expect(answerOf(ended).fired).toMatchObject([{ symbol: 'BTCUSDT', outcome: 'accepted' }]);
  expect(received(world)).toHaveLength(1);
  const lines = ended.stdout.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ message: 'check', level: 'INFO' }),
    expect.objectContaining({ RunCompleted: 1, PushesAccepted: 1 }),
  ]);
});

test('the built bundle of the deliveries hears messages, and prints one log line and one line of metrics', async () => {
  const queue = { SQS_QUEUE_URL: 'http://127.0.0.1:9/000000000000/doorbells' };
  const event = JSON.parse(readFileSync('events/doorbells.json', 'utf8'));
  const ended = await invoke({ ...world.environment, ...queue }, event, 'deliver');
  expect(ended).toMatchObject({ code: 0 });
  expect(answerOf(ended)).toEqual({ batchItemFailures: [] });
  const lines = ended.stdout.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ message: 'deliver', messages: 3, nothingToDo: ['row-1', 'row-2', 'told-already'] }),
    expect.objectContaining({ PushesAccepted: 0 }),
  ]);
});

interface Logging {
  readonly LoggingConfig: { readonly ApplicationLogLevel?: string };
  readonly Environment: { readonly Variables: { readonly LOG_LEVEL: string } };
}

const lambdaLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * The lines that Lambda passes on to CloudWatch: what names no level counts as INFO.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
function passedOn({ stdout }: Ended, applicationLogLevel: string): Record<string, unknown>[] {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const rank = (level: unknown) => lambdaLevels.indexOf(typeof level === 'string' ? level : 'INFO');
  return lines.map((line) => JSON.parse(line)).filter(({ level }) => rank(level) >= rank(applicationLogLevel));
}

test.each([
  { LogLevel: 'DEBUG', levels: ['DEBUG', 'INFO', 'metrics'] },
  { LogLevel: 'INFO', levels: ['INFO', 'metrics'] },
  { LogLevel: 'WARN', levels: ['metrics'] },
  { LogLevel: 'ERROR', levels: ['metrics'] },
])('deployed with LogLevel=$LogLevel, CloudWatch gets of a check: $levels', async ({ LogLevel, levels }) => {
  const { LoggingConfig, Environment } = properties<Logging>('CheckFunction', { parameters: { LogLevel } });
  // Lambda's own default with the JSON format, and the variable in which it tells the function.
  const { ApplicationLogLevel: AWS_LAMBDA_LOG_LEVEL = 'INFO' } = LoggingConfig;
  const { LOG_LEVEL } = Environment.Variables;
  world.rows(['BTCUSDT', 'above', 999000, 'dmitry']);
  const ended = await invoke({ ...world.environment, LOG_LEVEL, AWS_LAMBDA_LOG_LEVEL }, { source: 'schedule' });
  expect(ended).toMatchObject({ code: 0 });
  const lines = passedOn(ended, AWS_LAMBDA_LOG_LEVEL);
  expect(lines.map(({ level, RunCompleted }) => (RunCompleted === 1 ? 'metrics' : level))).toEqual(levels);
});

test('a missing variable ends the start, by name', async () => {
  const ended = await invoke({ LOG_LEVEL: 'loud' }, {});
  expect(ended.code).not.toBe(0);
  const lines = ended.stderr.split('\n').map((line) => line.trim());
  expect(lines).toContain(
    'GOOGLE_SHEETS_SPREADSHEET_ID is not set; expected the part of the sheet’s address between /d/ and /edit',
  );
  expect(lines).toContain('LOG_LEVEL: expected one of DEBUG, INFO, WARN, ERROR, SILENT, got "loud"');
});

test('a US region ends the start, with the reason', async () => {
  const ended = await invoke({ ...world.environment, AWS_REGION: 'us-east-1' }, {});
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toContain(
    'AWS_REGION: us-east-1 is in the United States, and exchanges refuse addresses from there',
  );
});
