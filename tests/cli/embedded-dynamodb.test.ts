import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedDynamoDb, startEmbeddedDynamoDb } from '../../src/cli/embedded-dynamodb.js';

let folder: string;
let cleanUp: (() => unknown)[];
beforeEach(async () => {
  cleanUp = [];
  folder = await mkdtemp(join(tmpdir(), 'embedded-dynamodb-'));
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  await rm(folder, { recursive: true });
});

async function start(options: Parameters<typeof startEmbeddedDynamoDb>[0]): Promise<EmbeddedDynamoDb> {
  const database = await startEmbeddedDynamoDb(options);
  cleanUp.push(database.close);
  return database;
}

function connect({ url }: EmbeddedDynamoDb): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  cleanUp.push(() => client.destroy());
  return DynamoDBDocumentClient.from(client);
}

/** Until the table can be used, which is a moment after the answer. */
async function createTable(client: DynamoDBDocumentClient): Promise<void> {
  const TableName = 'notes';
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client, minDelay: 0.001, maxDelay: 0.01, maxWaitTime: 10 }, { TableName });
}
const put = (id: string, text: string) => new PutCommand({ TableName: 'notes', Item: { id, text } });
const get = (id: string) => new GetCommand({ TableName: 'notes', Key: { id } });

describe('on disk', () => {
  test('what was stored is there after a restart', async () => {
    const path = join(folder, 'made', 'on the way');
    const first = await start({ path });
    const before = connect(first);
    await createTable(before);
    await before.send(put('a', 'kept'));
    await first.close();

    const second = await start({ path });
    expect((await connect(second).send(get('a'))).Item).toEqual({ id: 'a', text: 'kept' });
  });

  test('a folder in use is refused in plain words, and free again after close', async () => {
    const first = await start({ path: folder });
    await expect(startEmbeddedDynamoDb({ path: folder })).rejects.toThrow(
      `another trading-alerts is using ${folder}; stop it or use another folder`,
    );
    await createTable(connect(first));
    await first.close();
    await start({ path: folder });
  });

  test('a folder in use by another process is refused, and free again when that process is killed', async () => {
    const script = `
      const { Level } = require('level');
      new Level(${JSON.stringify(join(folder, 'lock'))}).open().then(() => console.log('open'));
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    cleanUp.push(() => other.kill('SIGKILL'));
    await once(other.stdout, 'data');
    await expect(startEmbeddedDynamoDb({ path: folder })).rejects.toThrow(
      `another trading-alerts is using ${folder}; stop it or use another folder`,
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    await start({ path: folder });
  });

  test('a file in place of the folder is named, with what to do', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await expect(startEmbeddedDynamoDb({ path })).rejects.toThrow(
      `the folder ${path} cannot be used (EEXIST); make it writable or use another folder`,
    );
  });

  test('a taken port is named, and the folder is free again', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    cleanUp.push(() => taken.close());
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startEmbeddedDynamoDb({ path: folder, port })).rejects.toThrow(
      `port ${port} of this machine cannot be used (EADDRINUSE); choose another`,
    );
    await start({ path: folder });
  });
});

describe('in memory', () => {
  test('two databases share nothing, and no file is left', async () => {
    const [one, other] = [connect(await start({})), connect(await start({}))];
    await Promise.all([createTable(one), createTable(other)]);
    await one.send(put('a', 'mine'));
    expect((await one.send(get('a'))).Item).toEqual({ id: 'a', text: 'mine' });
    expect((await other.send(get('a'))).Item).toBeUndefined();
    expect(existsSync('tables')).toBe(false);
  });

  test('it listens on loopback only', async () => {
    expect((await start({})).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

async function openSocket(url: string): Promise<Socket> {
  const { connect: open } = await import('node:net');
  const socket = open(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('clients that go', () => {
  test('one that leaves in the middle of its request harms nobody', async () => {
    const database = await start({});
    const socket = await openSocket(database.url);
    socket.write('POST / HTTP/1.1\r\nhost: local\r\ncontent-length: 100\r\n\r\n{');
    await createTable(connect(database));
    socket.destroy();
    await connect(database).send(put('a', 'still here'));
    expect((await connect(database).send(get('a'))).Item).toEqual({ id: 'a', text: 'still here' });
  });

  test('one that stays in the middle of its request does not keep the database open', async () => {
    const database = await start({ path: folder });
    const socket = await openSocket(database.url);
    socket.write('POST / HTTP/1.1\r\nhost: local\r\ncontent-length: 100\r\n\r\n{');
    socket.on('error', () => undefined);
    await createTable(connect(database));
    await Promise.all([database.close(), once(socket, 'close')]);
    await start({ path: folder });
  });

  test('closing waits for what is under way, not for connections that are kept alive', async () => {
    for (let round = 0; round < 5; round += 1) {
      const database = await start({ path: folder });
      const client = connect(database);
      if (round === 0) await createTable(client);
      let last = 0;
      const writing = (async () => {
        for (let next = 1; ; next += 1) {
          await client.send(put('counter', String(next)));
          last = next;
        }
      })();
      while (last < 3 + round) await client.send(get('counter'));
      await Promise.all([database.close(), expect(writing).rejects.toThrow()]);

      const reopened = await start({ path: folder });
      const { Item } = await connect(reopened).send(get('counter'));
      expect(Number(Item?.text)).toBeGreaterThanOrEqual(last);
      await reopened.close();
    }
  });

  test('closing twice is closing once', async () => {
    const database = await start({ path: folder });
    await Promise.all([database.close(), database.close()]);
    await database.close();
  });
});
