import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { createStoreClient } from '../../src/adapters/dynamodb/client.js';
import { ensureTable } from '../../src/adapters/dynamodb/table.js';
import { startEmbeddedDynamoDb } from '../../src/cli/embedded-dynamodb.js';
import { newChannel } from '../../src/domain/delivery/channel.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';
import { type Simulators, startSimulators } from '../../src/simulators/start.js';
import { pendingAlert, trigger } from '../support/builders.js';
import { startQueue } from '../support/queue.js';

/** One alert that is touched, one that is not, one row with a mistake. */
export const rows = [
  ['symbol', 'condition', 'price', 'user_id'],
  ['BTCUSDT', 'above', 95_000, 'dmitry'],
  ['BTCUSDT', 'above', 200_000, 'dmitry'],
  ['BTCUSDT', 'above', '95,000', 'dmitry'],
];

export interface Services {
  readonly simulators: Simulators;
  /** Of the table and of the queue. */
  readonly url: string;
  readonly queueUrl: string;
  readonly store: AlertStore;
  storedItems(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function startSheetAndMarket(): Promise<Simulators> {
  const simulators = await startSimulators({ now: Date.now, rows });
  simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  simulators.market.list('bybit', 'BTCUSDT', { price: '95181.00' });
  simulators.market.list('coinbase', 'BTC-USDT', { price: '95182.00' });
  return simulators;
}

export async function startServices(tableName: string): Promise<Services> {
  const simulators = await startSheetAndMarket();
  const [database, queue] = await Promise.all([startEmbeddedDynamoDb(), startQueue()]);
  const credentials = { accessKeyId: 'simulated', secretAccessKey: 'simulated' };
  const client = createStoreClient({ endpoint: database.url, region: 'eu-central-1', credentials });
  await ensureTable(client, tableName);
  return {
    simulators,
    url: database.url,
    queueUrl: queue.queueUrl,
    store: createAlertStore({ client, tableName }),
    storedItems: async () => (await client.send(new ScanCommand({ TableName: tableName }))).Items ?? [],
    close: async () => {
      client.destroy();
      await Promise.all([simulators.close(), database.close(), queue.close()]);
    },
  };
}

/** The alerts of events/doorbells.json as a check leaves them that rings: claimed without a lease. */
export async function claimRung(store: AlertStore, now: number): Promise<void> {
  for (const [id, fireId] of [
    ['row-1', 'fire-1'],
    ['row-2', 'fire-2'],
  ] as const) {
    const alert = pendingAlert({ id, name: `Level of ${id}`, user: 'dmitry', armedAt: now, createdAt: now });
    await store.create(alert);
    await store.claim(alert, {
      ...{ fireId, trigger: trigger(), claimedAt: now, attempts: 0, leaseBy: 'check', leaseUntil: undefined },
      channels: [newChannel('pushover')],
      ...{ nextAttemptAt: undefined, isPossibleRepeat: false, lastError: undefined },
    });
  }
}

/** Where containers reach this machine: Docker's bridge on Linux, even while it is idle; the loopback address elsewhere. */
function reachableAddresses(): string[] {
  const shown = spawnSync('ip', ['-4', '-oneline', 'address', 'show', 'docker0'], { encoding: 'utf8' }).stdout ?? '';
  const [, bridge] = / inet ([\d.]+)/.exec(shown) ?? [];
  return ['127.0.0.1', ...(bridge === undefined ? [] : [bridge])];
}

function forward(address: string, port: number, target: URL): Promise<Server> {
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    incoming.pipe(outgoing).pipe(incoming);
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new Error(`port ${port} of ${address} cannot be used`, { cause })));
    server.listen(port, address, () => resolve(server));
  });
}

/** Puts the services behind the addresses of events/env.example.json, so that the example holds as it stands. */
export async function publish({ simulators, url, queueUrl }: Services): Promise<{ close: () => void }> {
  const { Parameters } = JSON.parse(readFileSync('events/env.example.json', 'utf8')) as {
    Parameters: Record<string, string>;
  };
  const real: Record<string, string> = {
    ...simulators.environment,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_SQS: queueUrl,
    SQS_QUEUE_URL: queueUrl,
  };
  const targets = new Map<number, URL>();
  for (const [name, text] of Object.entries(Parameters)) {
    if (/_URL/.test(name)) targets.set(Number(new URL(text).port), new URL(real[name] ?? ''));
    else if (real[name] !== undefined && real[name] !== text)
      throw new Error(`events/env.example.json: ${name} is not ${real[name]}`);
  }
  const forwarding = reachableAddresses().flatMap((address) =>
    [...targets].map(([port, target]) => forward(address, port, target)),
  );
  const servers = await Promise.all(forwarding);
  return {
    close: () => {
      for (const server of servers) server.close();
    },
  };
}
