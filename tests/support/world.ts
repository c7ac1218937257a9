import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { createHistory } from '../../src/adapters/dynamodb/history.js';
import { ensureTable } from '../../src/adapters/dynamodb/table.js';
import { metricsOf } from '../../src/adapters/metrics.js';
import { createApp, type Replacements } from '../../src/app.js';
import { startEmbeddedDynamoDb } from '../../src/cli/embedded-dynamodb.js';
import { readConfig } from '../../src/config.js';
import type { Cell } from '../../src/domain/columns.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import type { History } from '../../src/flows/ports/history.js';
import type { Log } from '../../src/flows/ports/log.js';
import type { Summary } from '../../src/flows/summary.js';
import { createCheckHandler } from '../../src/handlers/check-handler.js';
import type { ChannelName } from '../../src/simulators/channels.js';
import { type Simulators, startSimulators } from '../../src/simulators/start.js';
import { header } from './builders.js';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly simulators: Simulators;
  readonly store: AlertStore;
  readonly history: History;
  readonly log: LogLine[];
  /** The metrics of each run. */
  readonly metrics: Readonly<Record<string, number>>[];
  readonly environment: Readonly<Record<string, string>>;
  /** Every operation that reached DynamoDB, such as `PutItem`. */
  readonly operations: string[];
  now(): number;
  /** Sets the clock forward. */
  pass(ms: number): void;
  /** The sheet from now on, without its header. */
  rows(...rows: (readonly Cell[])[]): void;
  /** A handler of its own, as another Lambda instance has it; `remainingMs` until it is stopped. */
  handler(replacements?: Replacements, remainingMs?: number): (event?: unknown) => Promise<Summary>;
  /** One check by the first instance. */
  check(event?: unknown): Promise<Summary>;
  /** The clock goes on to that time of the first day, and a check takes place. */
  checkAt(time: string, handler?: (event?: unknown) => Promise<Summary>): Promise<Summary>;
  /** A check of these rows, five minutes after the one before. */
  checkOf(...rows: (readonly Cell[])[]): Promise<Summary>;
  close(): Promise<void>;
}

export const minuteMs = 60_000;

/** Of the day on which a world begins, at 12:00. */
export const at = (time: string): number => Date.parse(`2026-01-15T${time}Z`);

/** The whole product on loopback: its own code, an embedded DynamoDB, and every outside service in its own format. */
export async function createWorld(
  extra: Readonly<Record<string, string>> = {},
  startAt = at('12:00:00'),
  channels: readonly ChannelName[] = [],
): Promise<World> {
  let clock = startAt;
  const now = () => clock;
  const simulators = await startSimulators({ now, users: ['default', 'dmitry', 'anna'], channels, rows: [header] });
  const database = await startEmbeddedDynamoDb();
  const environment = { ...simulators.environment, AWS_ENDPOINT_URL_DYNAMODB: database.url, ...extra };
  // The SDK reads its addresses and keys from the process alone.
  Object.assign(process.env, environment);
  const config = readConfig(environment);
  const client = createStoreClient();
  const operations: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      operations.push(String(context.commandName).replace('Command', ''));
      return next(args);
    },
    { step: 'initialize' },
  );
  await ensureTable(client, config.tableName);
  operations.length = 0;
  const store = createAlertStore({ client, tableName: config.tableName });
  const history = createHistory({ client, tableName: config.tableName, keptDays: config.historyDays });
  const log: LogLine[] = [];
  const write = (level: string) => (message: string, fields: LogLine['fields']) => {
    log.push({ level, message, fields });
  };
  const collected: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const metrics: World['metrics'] = [];
  const handler = (replacements: Replacements = {}, remainingMs = 120_000) => {
    const handle = createCheckHandler(
      createApp(config, {
        now,
        store,
        history,
        log: collected,
        metrics: (summary, isComplete) => metrics.push(metricsOf(summary, isComplete)),
        ...replacements,
      }),
      now,
    );
    return (event?: unknown) => handle(event, { getRemainingTimeInMillis: () => remainingMs });
  };
  const check = handler();
  const pass = (ms: number) => {
    clock += ms;
  };
  const rows: World['rows'] = (...given) => {
    simulators.google.tabs.set('Alerts', [[...header], ...given.map((row) => [...row])]);
  };
  return {
    simulators,
    store,
    history,
    log,
    metrics,
    environment,
    operations,
    now,
    pass,
    rows,
    handler,
    check: (event = { source: 'schedule' }) => check(event),
    checkAt: (time, handle = check) => {
      pass(at(time) - clock);
      return handle({ source: 'schedule' });
    },
    checkOf: (...given) => {
      rows(...given);
      pass(5 * minuteMs);
      return check({ source: 'schedule' });
    },
    close: async () => {
      client.destroy();
      await simulators.close();
      await database.close();
    },
  };
}

/** The pushes that phones got, by user name. */
export function received(world: World): { user: string; title: string; text: string }[] {
  const names = new Map(Object.entries(world.simulators.secret.pushover_users).map(([name, key]) => [key, name]));
  return world.simulators.pushover.received.map(({ user, title, message }) => ({
    user: names.get(user) ?? 'nobody',
    title,
    text: message,
  }));
}

/** What was asked by each alert that phones were told of; where several came in one message, a line is one. */
export const alertsTold = (world: World): string[] =>
  received(world).flatMap(({ title, text }) =>
    /^\d+ more alerts fired/.test(title)
      ? text.split('\n').map((line) => line.slice(0, line.lastIndexOf(', ')))
      : [title],
  );
