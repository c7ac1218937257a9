import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Hono } from 'hono';
import { createAlertStore } from '../../../src/adapters/dynamodb/alert-store.js';
import type { StoreClientOptions } from '../../../src/adapters/dynamodb/client.js';
import { createStoreClient } from '../../../src/adapters/dynamodb/client.js';
import type { Alert } from '../../../src/domain/alert.js';
import { leaseMs } from '../../../src/domain/delivery/backoff.js';
import type { AlertStore } from '../../../src/flows/ports/alert-store.js';
import {
  at,
  checkpointAt,
  delivery,
  expiredAlert,
  notifyingAlert,
  pendingAlert,
  triggeredAlert,
} from '../../support/builders.js';
import { anyAccess, itemOf, loseFirstAnswer, startTable, throttleFirst } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';
import { serve } from '../../support/loopback.js';
import { quietSummary } from '../../support/summary.js';

const table = oneForAll(startTable);
afterEach(() => {
  jest.restoreAllMocks();
});

type Step = [
  name: string,
  found: Alert | undefined,
  act: (store: AlertStore) => Promise<unknown>,
  outcome: unknown,
  left: Alert,
];

const now = at('12:30');
const takenOver = notifyingAlert({
  delivery: delivery({ attempts: 2, leaseBy: 'run-2', leaseUntil: now + leaseMs, isPossibleRepeat: true }),
});
const deferred = delivery({ leaseUntil: undefined, nextAttemptAt: at('12:40'), lastError: 'refused' });

/** Every write of the store, from the item it finds to the item it leaves. */
const steps: Step[] = [
  ['create', undefined, (store) => store.create(pendingAlert()), true, pendingAlert()],
  [
    'change',
    pendingAlert(),
    (store) => store.change({ previous: pendingAlert(), next: expiredAlert() }),
    true,
    expiredAlert(),
  ],
  ['claim', pendingAlert(), (store) => store.claim(pendingAlert(), delivery()), notifyingAlert(), notifyingAlert()],
  [
    'takeOver',
    notifyingAlert(),
    (store) => store.takeOver(notifyingAlert(), { runId: 'run-2', now }),
    takenOver,
    takenOver,
  ],
  [
    'commit',
    notifyingAlert({ triggeredCount: 2 }),
    (store) => store.commit(notifyingAlert({ triggeredCount: 2 }), now),
    true,
    triggeredAlert({ triggeredAt: now, triggeredCount: 3 }),
  ],
  [
    'defer',
    notifyingAlert(),
    (store) => store.defer(notifyingAlert({ delivery: { ...delivery(), channels: deferred.channels } })),
    true,
    notifyingAlert({ delivery: deferred }),
  ],
];

async function reset(found: Alert | undefined): Promise<void> {
  await table.delete('btc-95k');
  if (found !== undefined) await table.put(itemOf(found));
}

describe('where the answer is lost on the way', () => {
  test.each(steps)('%s finds its own write and succeeds once', async (_name, found, act, outcome, left) => {
    await reset(found);
    const client = table.connect();
    const attempts = loseFirstAnswer(client);
    expect(await act(table.storeBy(client))).toEqual(outcome);
    expect(attempts()).toBe(2);
    expect(await table.store.get('btc-95k')).toEqual(left);
  });

  test('a claim that another run has taken over meanwhile is lost', async () => {
    await reset(pendingAlert());
    const client = table.connect();
    loseFirstAnswer(client, async () => {
      await table.store.takeOver(notifyingAlert(), { runId: 'run-2', now });
    });
    expect(await table.storeBy(client).claim(pendingAlert(), delivery())).toBeUndefined();
    expect(await table.store.get('btc-95k')).toEqual(takenOver);
  });

  test('a new alert that another run has claimed meanwhile is not overwritten', async () => {
    await reset(undefined);
    const client = table.connect();
    loseFirstAnswer(client, async () => {
      await table.store.claim(pendingAlert(), delivery());
    });
    expect(await table.storeBy(client).create(pendingAlert())).toBe(false);
    expect(await table.store.get('btc-95k')).toEqual(notifyingAlert());
  });
});

describe('where DynamoDB throttles', () => {
  test.each(steps)('%s is asked again until it is taken', async (_name, found, act, outcome, left) => {
    jest.spyOn(Math, 'random').mockReturnValue(0); // the SDK's pauses are random parts of up to 16 s
    await reset(found);
    const client = table.connect();
    const attempts = throttleFirst(client, 5);
    expect(await act(table.storeBy(client))).toEqual(outcome);
    expect(attempts()).toBe(6);
    expect(await table.store.get('btc-95k')).toEqual(left);
  });

  const phrases: Record<string, string> = {
    create: 'take the new alert btc-95k',
    change: 'take the change of alert btc-95k',
    claim: 'take the claim of alert btc-95k',
    takeOver: 'take the new lease of alert btc-95k',
    commit: 'take the commit of alert btc-95k',
    defer: 'take the deferral of alert btc-95k',
  };
  test.each<[name: string, phrase: string | undefined, act: Step[2]]>([
    ...steps.map(([name, , act]): [string, string | undefined, Step[2]] => [name, phrases[name], act]),
    ['list', 'give the list of alerts', (store) => store.list()],
    ['get', 'give alert btc-95k', (store) => store.get('btc-95k')],
    ['readCheckpoint', 'give the checkpoint', (store) => store.readCheckpoint()],
    ['readSummary', 'give the last summary', (store) => store.readSummary()],
    ['saveSummary', 'take the last summary', (store) => store.saveSummary({ summary: quietSummary(), leftOut: {} })],
    ['writeCheckpoint', 'take the checkpoint', (store) => store.writeCheckpoint(checkpointAt(now))],
  ])('%s gives up after six attempts and says so', async (_name, phrase, act) => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const client = table.connect();
    const attempts = throttleFirst(client, 100);
    await expect(act(table.storeBy(client))).rejects.toMatchObject({
      name: 'StoreError',
      message: `DynamoDB did not ${phrase}: ProvisionedThroughputExceededException (too many requests) after 6 attempts`,
      cause: { name: 'ProvisionedThroughputExceededException' },
    });
    expect(attempts()).toBe(6);
  });
});

describe('against a server that', () => {
  const asked = async (answer: () => Response | Promise<Response>, options: StoreClientOptions = {}) => {
    const app = new Hono();
    let requests = 0;
    app.all('*', () => {
      requests += 1;
      return answer();
    });
    const server = await serve(app);
    const client = createStoreClient({ endpoint: server.url, ...anyAccess, maxAttempts: 2, ...options });
    const outcome = await createAlertStore({ client, tableName: 'trading-alerts' })
      .get('x')
      .catch((error: unknown) => error);
    client.destroy();
    await server.close();
    return { outcome, requests };
  };
  const amzJson = { 'content-type': 'application/x-amz-json-1.0' };

  test('fails inside, it is asked again', async () => {
    let answers = 0;
    const { outcome, requests } = await asked(() => {
      answers += 1;
      return answers === 1
        ? new Response('{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"oops"}', {
            status: 500,
            headers: amzJson,
          })
        : new Response('{}', { headers: amzJson });
    });
    expect({ outcome, requests }).toEqual({ outcome: undefined, requests: 2 });
  });

  test('never answers, the call ends', async () => {
    const { outcome, requests } = await asked(() => new Promise<Response>(() => undefined), { requestTimeoutMs: 20 });
    expect(outcome).toMatchObject({
      name: 'StoreError',
      message: expect.stringMatching(/^DynamoDB did not give alert x: (TimeoutError|ETIMEDOUT) \(.* after 2 attempts$/),
    });
    expect(requests).toBe(2);
  });

  test('stops in the middle of its answer, the call ends', async () => {
    const begun = () =>
      new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"It')) }), {
        headers: amzJson,
      });
    const { outcome, requests } = await asked(begun, { requestTimeoutMs: 20 });
    expect(outcome).toMatchObject({ name: 'StoreError', message: expect.stringMatching(/after 2 attempts$/) });
    expect(requests).toBe(2);
  });

  test('never comes to the end of its headers, the call ends', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.write('HTTP/1.1 200 OK\r\n');
      const dribble = setInterval(() => socket.write('x-more: to come\r\n'), 5);
      socket.on('close', () => clearInterval(dribble));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const client = createStoreClient({ endpoint, ...anyAccess, maxAttempts: 2, requestTimeoutMs: 40 });
    const outcome = await createAlertStore({ client, tableName: 'trading-alerts' })
      .get('x')
      .catch((error: unknown) => error);
    client.destroy();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/^DynamoDB did not give alert x: ETIMEDOUT \(.* after 2 attempts$/),
    });
    expect(sockets).toHaveLength(2);
  });

  test('quotes the request back, no key and no token is in the message', async () => {
    const message =
      'The request signature we calculated does not match the signature you provided.\\n\\nThe Canonical String should have been\\nx-amz-security-token:fake-token';
    const { outcome } = await asked(
      () =>
        new Response(`{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"${message}"}`, {
          status: 400,
          headers: amzJson,
        }),
    );
    expect(outcome).toMatchObject({
      message:
        'DynamoDB did not give alert x: InvalidSignatureException (The request signature we calculated does not match the signature you provided.) after 1 attempt',
    });
  });
});

test('an empty index and a missing table are not the same', async () => {
  const lost = createAlertStore({ client: table.client, tableName: 'no-such-table' });
  const message =
    'there is no table "no-such-table" in this account and region; deploy the stack, or set DYNAMODB_TABLE_NAME and AWS_REGION to where the table is';
  await expect(lost.list()).rejects.toMatchObject({
    name: 'StoreError',
    message: `DynamoDB did not give the list of alerts: ${message}`,
    cause: { name: 'ResourceNotFoundException' },
  });
  await expect(lost.create(pendingAlert())).rejects.toThrow(message);
  const empty = await startTable('empty');
  const listed = await empty.store.list();
  await empty.close();
  expect(listed).toEqual({ alerts: [], unreadable: [] });
});

test("the address in the SDK's own environment variable is used", async () => {
  await reset(pendingAlert());
  process.env.AWS_ENDPOINT_URL_DYNAMODB = table.url;
  try {
    const client = createStoreClient(anyAccess);
    const found = await table.storeBy(client).get('btc-95k');
    client.destroy();
    expect(found).toEqual(pendingAlert());
  } finally {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
  }
});

test('a destroyed client leaves no connection open', async () => {
  const server = createHttpServer((_, response) => response.end('{}'));
  server.keepAliveTimeout = 0;
  const closed = new Promise((resolve) => {
    server.once('connection', (socket) => socket.once('close', resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = createStoreClient({ endpoint: `http://127.0.0.1:${port}`, ...anyAccess });
  await createAlertStore({ client, tableName: 'trading-alerts' }).get('x');
  client.destroy();
  await closed;
  await new Promise((resolve) => server.close(resolve));
});
