import { ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { createAlertStore } from '../../src/adapters/dynamodb/alert-store.js';
import { alertAttributes, outboxAttributes } from '../../src/adapters/dynamodb/attributes.js';
import { createStoreClient, type StoreClientOptions } from '../../src/adapters/dynamodb/client.js';
import { ensureTable } from '../../src/adapters/dynamodb/table.js';
import { startEmbeddedDynamoDb } from '../../src/cli/embedded-dynamodb.js';
import type { Alert } from '../../src/domain/alert.js';
import type { AlertStore } from '../../src/flows/ports/alert-store.js';

type Item = Record<string, unknown>;

export interface TestTable {
  readonly url: string;
  readonly tableName: string;
  readonly client: DynamoDBDocumentClient;
  readonly store: AlertStore;
  /** A store over such a client. */
  storeBy(client: DynamoDBDocumentClient): AlertStore;
  /** A client of its own, so that a test can spoil its connections. */
  connect(options?: StoreClientOptions): DynamoDBDocumentClient;
  /** The item itself, past the store. */
  item(id: string): Promise<Item | undefined>;
  put(...items: readonly Item[]): Promise<void>;
  delete(id: string): Promise<void>;
  close(): Promise<void>;
}

/** What local clients are given: the embedded DynamoDB takes any region and key. */
export const anyAccess = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'fake-id', secretAccessKey: 'fake-key' },
};

/** The item of `pendingAlert()`, written out as the table is documented. */
export const documentedItem = {
  id: 'btc-95k',
  entity_type: 'alert',
  name: 'Breakout',
  exchange: 'binance',
  symbol: 'BTCUSDT',
  condition: 'above',
  target_price: '95000',
  status: 'pending',
  active: true,
  created_at: '2026-11-20T12:00:00.000Z',
  armed_at: '2026-11-20T12:00:00.000Z',
  triggered_count: 0,
  user_id: 'dmitry',
  notes: 'sell half',
};

/** How the store keeps an alert, for a test that begins in the middle of its life. */
export function itemOf(alert: Alert): Item {
  const { memory, rearm, recentFires, receipts, overAt, condition } = alert;
  const kept = outboxAttributes({ memory, rearm, recentFires, receipts, overAt }, condition);
  if (alert.status !== 'notifying') return { id: alert.id, ...alertAttributes(alert), ...kept };
  const { delivery, ...rest } = alert;
  return {
    id: alert.id,
    ...alertAttributes({ ...rest, status: 'pending' }),
    status: 'notifying',
    ...kept,
    ...outboxAttributes(delivery, condition),
  };
}

/** A real table in the embedded DynamoDB, in memory. */
export async function startTable(tableName = 'trading-alerts'): Promise<TestTable> {
  const server = await startEmbeddedDynamoDb();
  const clients: DynamoDBDocumentClient[] = [];
  const connect = (options: StoreClientOptions = {}): DynamoDBDocumentClient => {
    const client = createStoreClient({ endpoint: server.url, ...anyAccess, ...options });
    clients.push(client);
    return client;
  };
  const client = connect();
  await ensureTable(client, tableName);
  return {
    url: server.url,
    tableName,
    client,
    store: createAlertStore({ client, tableName }),
    storeBy: (client) => createAlertStore({ client, tableName }),
    connect,
    item: async (id) =>
      (await client.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }))).Item,
    put: async (...items) => {
      const [only] = items;
      if (items.length === 1) {
        await client.send(new PutCommand({ TableName: tableName, Item: only }));
        return;
      }
      const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, index) =>
        items.slice(index * 25, index * 25 + 25),
      );
      await Promise.all(
        batches.map((batch) =>
          client.send(
            new BatchWriteCommand({ RequestItems: { [tableName]: batch.map((Item) => ({ PutRequest: { Item } })) } }),
          ),
        ),
      );
    },
    delete: async (id) => {
      await client.send(new DeleteCommand({ TableName: tableName, Key: { id } }));
    },
    close: async () => {
      for (const each of clients) each.destroy();
      await server.close();
    },
  };
}

type Next = (args: unknown) => Promise<unknown>;

/** Puts `around` between the SDK's repeats and the network, so that every attempt passes through it. */
function aroundEachAttempt(
  client: DynamoDBDocumentClient,
  around: (next: () => Promise<unknown>) => Promise<unknown>,
): void {
  const middleware = (next: Next) => (args: unknown) => around(() => next(args));
  client.middlewareStack.add(middleware as never, { step: 'finalizeRequest', priority: 'low', name: 'fault' });
}

/** What was asked, request by request. */
export function recordRequests(client: DynamoDBDocumentClient): { operation: string; input: Item }[] {
  const requests: { operation: string; input: Item }[] = [];
  const middleware = (next: Next, context: { commandName: string }) => (args: { input: Item }) => {
    requests.push({ operation: context.commandName, input: args.input });
    return next(args);
  };
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'recorder' });
  return requests;
}

/**
 * DynamoDB does what it is asked, but the first answer never arrives; `meanwhile` happens before the SDK asks again.
 * Gives the number of attempts so far.
 */
export function loseFirstAnswer(client: DynamoDBDocumentClient, meanwhile?: () => Promise<void>): () => number {
  let attempts = 0;
  aroundEachAttempt(client, async (next) => {
    attempts += 1;
    const answer = await next();
    if (attempts > 1) return answer;
    await meanwhile?.();
    throw Object.assign(new Error('the answer was lost'), { name: 'TimeoutError' });
  });
  return () => attempts;
}

/** The first attempts are throttled before DynamoDB does anything. Gives the number of attempts so far. */
export function throttleFirst(client: DynamoDBDocumentClient, times: number): () => number {
  let attempts = 0;
  aroundEachAttempt(client, async (next) => {
    attempts += 1;
    if (attempts > times) return next();
    throw new ProvisionedThroughputExceededException({
      message: 'too many requests',
      $metadata: { httpStatusCode: 400 },
    });
  });
  return () => attempts;
}
