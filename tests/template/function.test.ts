import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { notifierOrigins } from '../../src/adapters/notifiers/registry.js';
import type { App, Worker } from '../../src/app.js';
import { environmentNames, readConfig } from '../../src/config.js';
import { leaseMs } from '../../src/domain/delivery/backoff.js';
import { readRingBody } from '../../src/domain/delivery/ring-body.js';
import type { Summary } from '../../src/flows/summary.js';
import { createCheckHandler } from '../../src/handlers/check-handler.js';
import { createDeliverHandler } from '../../src/handlers/deliver-handler.js';
import { properties, template } from '../support/template.js';

interface CheckFunction {
  readonly Handler: string;
  readonly Runtime: string;
  readonly Timeout: number;
  readonly Environment: { Variables: Record<string, string> };
  readonly Events: { Check: { Properties: { Input: string } } };
}

type Options = Readonly<Record<string, string | boolean | readonly string[]>>;

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const check = properties<CheckFunction>('CheckFunction');
const { Variables } = check.Environment;
const fansOut = { parameters: { FanOut: 'true' } };
const functions = [
  { name: 'CheckFunction', file: 'check', ...properties<CheckFunction>('CheckFunction', fansOut) },
  { name: 'DeliverFunction', file: 'deliver', ...properties<CheckFunction>('DeliverFunction', fansOut) },
];
const buildOf = (name: string) =>
  template.Resources[name]?.Metadata as { BuildMethod: string; BuildProperties: Options };

/** The program's variables, the SDK's, Powertools' and Node's. */
const otherVariables = [
  'AWS_ENDPOINT_URL_DYNAMODB',
  'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  'AWS_ENDPOINT_URL_SQS',
  'NODE_OPTIONS',
  'POWERTOOLS_SERVICE_NAME',
];

/** As the SAM CLI makes esbuild's options of `BuildProperties`. https://github.com/aws/aws-lambda-builders */
function esbuildOptions({ UseNpmCi: _, EntryPoints, ...options }: Options): string[] {
  const given = Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`;
    if (Array.isArray(value)) return value.map((one) => `${option}:${one}`);
    if (typeof value === 'boolean') return value ? [option] : [];
    return [`${option}=${value}`];
  });
  return [...(EntryPoints as readonly string[]), '--bundle', '--platform=node', ...given];
}

/** The words of package.json's command, quotes taken off. */
const words = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

describe('the bundle', () => {
  test.each(functions)('of $name is built with the same options as `npm run build`', ({ name, file }) => {
    const build = buildOf(name);
    const [tool, ...options] = words(readJson('package.json').scripts['build:lambda']);
    const entries = functions.map((each) => `src/handlers/${each.file}.ts`);
    const npms = ['--outdir=dist', '--log-level=warning'];
    expect(tool).toBe('esbuild');
    expect(build.BuildMethod).toBe('esbuild');
    expect(options).toEqual(expect.arrayContaining([...npms, ...entries]));
    expect(esbuildOptions(build.BuildProperties).sort()).toEqual(
      [`src/handlers/${file}.ts`, ...options.filter((option) => ![...npms, ...entries].includes(option))].sort(),
    );
  });

  test.each(functions)('of $name holds the keys of its role, and no other way to any', ({ file }) => {
    const { sources } = JSON.parse(readFileSync(`dist/${file}.mjs.map`, 'utf8')) as { sources: readonly string[] };
    const providers = sources.filter((source) => /credential-provider|token-providers|nested-clients/.test(source));
    expect(providers).toEqual(['../node_modules/@aws-sdk/credential-provider-env/dist-es/fromEnv.js']);
  });

  const [file, handlerName = ''] = check.Handler.split('.');
  const path = `dist/${file}.mjs`;
  const script = `const bundle = await import(${JSON.stringify(`${process.cwd()}/${path}`)});
    console.log(JSON.stringify(Object.entries(bundle).map(([name, value]) => [name, value.constructor.name])));`;
  /** With the variables that the template gives and no others. */
  const start = (AWS_REGION: string) => {
    if (!existsSync(path)) throw new Error(`${path} is missing; run npm run build`);
    const env = { ...Variables, PATH: process.env.PATH, AWS_REGION };
    return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { env, encoding: 'utf8' });
  };

  test('exports the handler that the template names, and starts with the environment that the template gives', () => {
    expect(JSON.parse(start('eu-central-1').stdout)).toEqual([[handlerName, 'AsyncFunction']]);
  });

  test('of the deliveries exports the handler that the template names, and starts with its own environment', () => {
    const { Handler, Environment } = properties<CheckFunction>('DeliverFunction', fansOut);
    const env = {
      ...Environment.Variables,
      SQS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/doorbells',
      ...{ PATH: process.env.PATH, AWS_REGION: 'eu-central-1' },
    };
    const [file] = Handler.split('.');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script.replace(path, `dist/${file}.mjs`)],
      {
        env,
        encoding: 'utf8',
      },
    );
    expect({ stdout, stderr }).toMatchObject({ stdout: expect.stringContaining('handler') });
    expect(JSON.parse(stdout)).toEqual([['handler', 'AsyncFunction']]);
  });

  test('refuses to start in the United States, with the reason', () => {
    const { status, stderr } = start('us-east-1');
    expect(status).toBe(1);
    expect(stderr).toContain('us-east-1 is in the United States, and exchanges refuse addresses from there');
  });

  test('is for the version of Node that runs it', () => {
    expect(check.Runtime).toBe('nodejs24.x');
    expect(buildOf('CheckFunction').BuildProperties.Target).toBe('node24');
  });
});

describe('the environment', () => {
  test('declares every variable that the program reads, and no other', () => {
    const { Environment } = properties<CheckFunction>('CheckFunction', fansOut);
    expect(Object.keys(Environment.Variables).sort()).toEqual([...environmentNames, ...otherVariables].sort());
  });

  test('of the deliveries is a part of the check’s', () => {
    const [ofCheck, ofDeliveries] = functions.map(({ Environment }) => Environment.Variables);
    expect(ofCheck).toMatchObject(ofDeliveries ?? {});
    const needed = ['DYNAMODB_TABLE_NAME', 'SECRET_ID', 'TIME_ZONE', 'HISTORY_DAYS', 'LOG_LEVEL', 'SQS_QUEUE_URL'];
    expect(Object.keys(ofDeliveries ?? {})).toEqual(
      expect.arrayContaining([...needed, ...Object.keys(notifierOrigins)]),
    );
  });

  test('leaves the addresses blank, which means the real ones', () => {
    const addresses = Object.entries(Variables).filter(([name]) => /_URL/.test(name));
    expect(addresses.filter(([, value]) => value !== '')).toEqual([]);
    const ofServices = [
      ...Object.keys(notifierOrigins),
      ...Object.values(exchanges).flatMap(({ origins }) => Object.keys(origins)),
    ];
    expect(addresses.map(([name]) => name)).toEqual(expect.arrayContaining(ofServices));
    expect(addresses).toHaveLength(ofServices.length + 4);
  });

  test('holds no secret, only the name of one', () => {
    expect(Object.entries(Variables).filter(([, value]) => /resolve:|secret:/.test(String(value)))).toEqual([]);
    expect(Variables.SECRET_ID).toBe('trading-alerts');
  });
});

describe('time', () => {
  test('a run ends before the lease of its claims', () => {
    expect(check.Timeout * 1_000).toBeLessThan(leaseMs);
  });

  test.each(template.Parameters.Schedule?.AllowedValues?.map(String) ?? [])(
    'with %s no event waits into the next interval, and no run needs to outlast its own',
    (schedule) => {
      const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(schedule) ?? [];
      const interval = Number(count) * (unit === 'hour' ? 3_600 : 60);
      const { EventInvokeConfig, Events } = properties<{
        EventInvokeConfig: unknown;
        Events: {
          Check: { Properties: { ScheduleExpression: string; RetryPolicy: { MaximumEventAgeInSeconds: number } } };
        };
      }>('CheckFunction', { parameters: { Schedule: schedule } });
      const { ScheduleExpression, RetryPolicy } = Events.Check.Properties;
      expect(ScheduleExpression).toBe(schedule);
      expect(RetryPolicy.MaximumEventAgeInSeconds).toBeLessThan(interval);
      expect(check.Timeout).toBeLessThanOrEqual(interval);
      expect(EventInvokeConfig).toEqual({
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
        DestinationConfig: { OnFailure: { Type: 'SQS', Destination: 'DeadLetters.Arn' } },
      });
    },
  );

  test('the schedule tries again by its own rule and keeps what it could not deliver', () => {
    expect(check.Events.Check.Properties).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 3 },
      DeadLetterConfig: { Arn: 'DeadLetters.Arn' },
    });
  });
});

describe('by parameter', () => {
  test.each([
    ['false', undefined],
    ['true', 1],
  ])('reserving a concurrent execution: %s', (ReserveConcurrency, expected) => {
    const { ReservedConcurrentExecutions } = properties<{ ReservedConcurrentExecutions?: number }>('CheckFunction', {
      parameters: { ReserveConcurrency },
    });
    expect(ReservedConcurrentExecutions).toBe(expected);
  });

  test.each(template.Parameters.LogLevel?.AllowedValues?.map(String) ?? [])(
    'at %s the program filters its log, and Lambda nothing: it would drop the lines of metrics',
    (LogLevel) => {
      expect(properties('CheckFunction', { parameters: { LogLevel } })).toMatchObject({
        LoggingConfig: { LogFormat: 'JSON', LogGroup: 'CheckLogGroup', ApplicationLogLevel: 'DEBUG' },
        Environment: { Variables: { LOG_LEVEL: LogLevel } },
      });
    },
  );

  test('the log is kept as long as asked', () => {
    expect(properties('CheckLogGroup', { parameters: { LogRetentionDays: '7' } })).toEqual({ RetentionInDays: '7' });
  });
});

describe('events/', () => {
  const asked: { isDryRun: boolean }[] = [];
  const app: App = {
    check: async ({ isDryRun }) => {
      asked.push({ isDryRun });
      return {} as Summary;
    },
  };

  test('the scheduled event is what the schedule sends, and is a full run', async () => {
    const event = readJson('events/schedule.json');
    expect(JSON.parse(check.Events.Check.Properties.Input)).toEqual(event);
    await createCheckHandler(app)(event);
    expect(asked.splice(0)).toEqual([{ isDryRun: false }]);
  });

  test('the dry run is one', async () => {
    await createCheckHandler(app)(readJson('events/dry-run.json'));
    expect(asked.splice(0)).toEqual([{ isDryRun: true }]);
  });

  test('the doorbells are messages that checks ring, and none is dropped', async () => {
    const heard: unknown[] = [];
    const worker: Worker = {
      deliver: async ({ messages }) => {
        heard.push(...messages.map(({ body }) => readRingBody(body)));
        return [];
      },
    };
    expect(await createDeliverHandler(worker)(readJson('events/doorbells.json'))).toEqual({ batchItemFailures: [] });
    expect(heard).toEqual([
      { ok: true, value: { alertId: 'row-1', fireId: 'fire-1' } },
      { ok: true, value: { alertId: 'row-2', fireId: 'fire-2' } },
      { ok: true, value: { alertId: 'told-already', fireId: 'fire-3' } },
    ]);
  });

  test('the example for --env-vars names declared variables only, every address among them', () => {
    const { Parameters } = readJson('events/env.example.json');
    const addresses = Object.keys(Variables).filter((name) => /_URL/.test(name));
    const declared = { ...Variables, ...properties<CheckFunction>('CheckFunction', fansOut).Environment.Variables };
    expect(Object.keys(Parameters).filter((name) => !(name in declared))).toEqual([]);
    expect(Object.keys(Parameters)).toEqual(expect.arrayContaining([...addresses, 'GOOGLE_SHEETS_SPREADSHEET_ID']));
    expect(addresses.filter((name) => new URL(Parameters[name]).hostname !== 'host.docker.internal')).toEqual([]);
    expect(readConfig({ ...Variables, ...Parameters })).toMatchObject({ sheetTab: 'Alerts' });
  });

  test('there is no sample that nothing uses', () => {
    const here = readdirSync('events').filter((file) => file !== 'env.json');
    expect(here.sort()).toEqual(['doorbells.json', 'dry-run.json', 'env.example.json', 'schedule.json']);
  });
});
