import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGoneItems } from '../../src/adapters/dynamodb/gone-addresses.js';
import { createHistory } from '../../src/adapters/dynamodb/history.js';
import { parseKeys } from '../../src/adapters/notifiers/keys-text.js';
import { createCsvSheet } from '../../src/adapters/sheet/csv.js';
import { createCsvEditor } from '../../src/adapters/sheet/csv-editor.js';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { PageState } from '../../src/page/protocol.js';
import { type PageOptions, startPage } from '../../src/page/server/start.js';
import type { StaticFiles } from '../../src/page/server/static-files.js';
import { type Simulators, startSimulators } from '../../src/simulators/start.js';
import { startTable, type TestTable } from './dynamodb.js';

export interface Onlooker {
  /** The first state for which this holds, of those that are still to come or came last. */
  until(holds: (state: PageState) => boolean): Promise<PageState>;
  leave(): void;
}

export interface TestPage {
  readonly url: string;
  readonly port: number;
  readonly simulators: Simulators;
  readonly table: TestTable;
  /** The CSV file, as it stands on the disk. */
  csv(): Promise<string>;
  writeCsv(text: string): Promise<void>;
  /** The users' file beside it. */
  writeUsers(text: string): Promise<void>;
  /** What the page would tell of, were its terminal read. */
  readonly faults: readonly unknown[];
  /** JSON in, status and JSON out. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  state(): Promise<PageState>;
  /** An open page: what it is told, until it leaves. */
  look(): Promise<Onlooker>;
  check(): Promise<void>;
  /** As if the program had been ended, and started again at the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

const noPage: StaticFiles = new Map([['/', { bytes: new TextEncoder().encode('<!doctype html>'), type: 'text/html' }]]);

/** Reads server-sent events, as a browser's EventSource does. */
async function lookAt(url: string): Promise<Onlooker> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/api/events`, { signal: leaving.signal });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
    throw new Error(`no events: ${response.status}`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let last: PageState | undefined;
  const next = async (): Promise<PageState> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const data = lines.find((line) => line.startsWith('data: '))?.slice('data: '.length);
        if (lines.includes('event: state') && data !== undefined) return JSON.parse(data) as PageState;
        continue;
      }
      const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) throw new Error('the stream has ended');
      text += value;
    }
  };
  return {
    async until(holds) {
      while (last === undefined || !holds(last)) last = await next();
      return last;
    },
    leave: () => leaving.abort(),
  };
}

const doctor = async () => [
  { title: 'Sheet', findings: [{ check: 'rows', status: 'ok' as const, detail: 'all good' }] },
];

/** The server over loopback, with a real file, the embedded DynamoDB and simulated exchanges. */
export async function openTestPage(
  csv: string,
  { token, files = noPage }: { token?: string; files?: StaticFiles } = {},
): Promise<TestPage> {
  const folder = await mkdtemp(join(tmpdir(), 'trading-alerts-page-'));
  const file = join(folder, 'alerts.csv');
  const users = join(folder, 'users.csv');
  await writeFile(file, csv);
  const [simulators, table] = await Promise.all([startSimulators({ now: Date.now }), startTable()]);
  const { market } = simulators;
  market.list('binance', 'BTCUSDT', { price: '94210.50000000' });
  market.list('binance', 'ETHUSDT', { price: '3120.40000000' });
  const faults: unknown[] = [];
  const quiet = () => undefined;
  const app = createApp(readConfig(simulators.environment), {
    store: table.store,
    history: createHistory({ client: table.client, tableName: table.tableName, keptDays: 400 }),
    sheet: createCsvSheet(file, { path: users, isNamed: false }),
    secret: { read: async () => parseKeys(JSON.stringify(simulators.secret)), forget: quiet },
    goneAddresses: createGoneItems({ client: table.client, tableName: table.tableName }),
    log: { debug: quiet, info: quiet, warn: quiet, error: (...told) => faults.push(told) },
    metrics: quiet,
  });
  const options: Omit<PageOptions, 'port'> = {
    ports: app.ports,
    editor: createCsvEditor(file),
    sheet: { kind: 'csv', name: 'alerts.csv' },
    watched: [file, users],
    files,
    doctor,
    host: '127.0.0.1',
    names: ['localhost', '127.0.0.1', '[::1]'],
    token,
    refreshMs: 50,
    isOutage: (error): error is Error => error instanceof Error && error.name === 'StoreError',
    onFault: (error) => faults.push(error),
  };
  let page = await startPage({ ...options, port: 0 });
  const { port } = page;
  const url = `http://127.0.0.1:${port}`;
  const ask: TestPage['ask'] = async (method, path, body) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, headers, ...init });
    return { status: response.status, body: await response.json() };
  };
  return {
    ...{ url, port, simulators, table, faults, ask },
    look: () => lookAt(url),
    csv: () => readFile(file, 'utf8'),
    writeCsv: (text) => writeFile(file, text),
    writeUsers: (text) => writeFile(users, text),
    state: async () => (await ask('GET', '/api/state')).body as PageState,
    async check() {
      await page.refresh(await app.check({ isDryRun: false, deadline: Date.now() + 60_000 }));
    },
    stop: () => page.close(),
    async start() {
      page = await startPage({ ...options, port });
    },
    async close() {
      await page.close();
      await Promise.all([simulators.close(), table.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
