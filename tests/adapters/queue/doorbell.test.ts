import { createHash } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createQueueClient } from '../../../src/adapters/queue/client.js';
import { createDoorbell } from '../../../src/adapters/queue/doorbell.js';
import type { Ring } from '../../../src/flows/ports/doorbell.js';
import { anyAccess } from '../../support/dynamodb.js';
import { leaked } from '../../support/fake-secret.js';
import { oneForAll } from '../../support/lifetime.js';
import { serve } from '../../support/loopback.js';
import { readVisible, startQueue } from '../../support/queue.js';

const ring = (alertId: string, more: Partial<Ring> = {}): Ring => ({
  alertId,
  fireId: `f-${alertId}`,
  user: 'anna',
  ...more,
});
const rings = (count: number) => Array.from({ length: count }, (_, index) => ring(`row-${index}`));

const clients: SQSClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
function doorbellAt(endpoint: string, queueUrl: string, access: Partial<typeof anyAccess> = {}) {
  const client = createQueueClient({ endpoint, ...anyAccess, ...access });
  clients.push(client);
  return createDoorbell(client, queueUrl);
}

describe('a queue', () => {
  const queue = oneForAll(startQueue);
  beforeEach(() => queue.empty());
  const doorbell = () => doorbellAt(queue.endpoint, queue.queueUrl);
  const heard = async () =>
    (await readVisible(queue.client, queue.queueUrl)).map(({ Body = '' }) => JSON.parse(Body).id).toSorted();

  test('hears each ring once, however many there are', async () => {
    expect(await doorbell().ring(rings(23))).toEqual({ refused: [], problems: [] });
    expect(await heard()).toEqual(
      rings(23)
        .map(({ alertId }) => alertId)
        .toSorted(),
    );
  });

  test('puts off what is to be heard later', async () => {
    await doorbell().ring([ring('now'), ring('later', { delaySeconds: 900 })]);
    expect(await queue.count()).toEqual({ visible: 1, hidden: 0, delayed: 1 });
  });

  test('that is not there is told by its name, with what to do', async () => {
    const asked = rings(12);
    expect(await doorbellAt(queue.endpoint, `${queue.queueUrl}-gone`).ring(asked)).toEqual({
      refused: asked,
      problems: [
        {
          message: 'there is no queue "trading-alerts-gone" in this account and region',
          remedy: 'deploy the stack with FanOut=true, or unset SQS_QUEUE_URL',
        },
      ],
      isDown: true,
    });
  });

  test('nothing to ring is no call', async () => {
    expect(await doorbellAt('http://127.0.0.1:1', queue.queueUrl).ring([])).toEqual({ refused: [], problems: [] });
  });
});

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/doorbells';

test('what cannot be reached is told once, and asked by no more than ten batches', async () => {
  let requests = 0;
  const app = new Hono();
  app.all('*', (context) => {
    requests += 1;
    return context.body('', 503);
  });
  const server = await serve(app);
  const asked = rings(1_000);
  const { refused, problems } = await doorbellAt(server.url, queueUrl).ring(asked);
  await server.close();
  expect(refused).toEqual(asked);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(/^SQS took no message for "doorbells": /);
  expect(requests).toBeLessThanOrEqual(30);
});

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  readonly DelaySeconds?: number;
}

describe('the request', () => {
  /** What queue services for tests neither show nor refuse. */
  async function ringing(rings: readonly Ring[], isRefused: (entry: Entry) => boolean = () => false) {
    const batches: Entry[][] = [];
    const app = new Hono();
    app.all('*', async (context) => {
      const { Entries } = await context.req.json<{ Entries: Entry[] }>();
      batches.push(Entries);
      return context.json({
        Successful: Entries.filter((entry) => !isRefused(entry)).map(({ Id, MessageBody }) => ({
          ...{ Id, MessageId: `m-${Id}` },
          MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
        })),
        Failed: Entries.filter(isRefused).map(({ Id }) => ({ Id, Code: 'Why', Message: 'so', SenderFault: true })),
      });
    });
    const server = await serve(app);
    const result = await doorbellAt(server.url, queueUrl).ring(rings);
    await server.close();
    return { batches, entries: batches.flat(), result };
  }

  test('holds up to ten rings, each with the alert, its fire and the user’s group', async () => {
    const { batches } = await ringing(rings(23));
    expect(batches.map((entries) => entries.length).toSorted()).toEqual([10, 10, 3].toSorted());
    const { entries } = await ringing([ring('a', { delaySeconds: 30 }), ring('b')]);
    expect(entries).toEqual([
      { Id: '0', MessageBody: '{"v":1,"id":"a","fireId":"f-a"}', MessageGroupId: 'anna', DelaySeconds: 30 },
      { Id: '1', MessageBody: '{"v":1,"id":"b","fireId":"f-b"}', MessageGroupId: 'anna' },
    ]);
  });

  test('keeps the rings of a user together, for whoever gathers what he is told', async () => {
    const { batches } = await ringing(rings(25).map((each, index) => ({ ...each, user: `u${index % 3}` })));
    const users = batches.map((entries) => [...new Set(entries.map(({ MessageGroupId }) => MessageGroupId))].join());
    expect(users.toSorted()).toEqual(['u0,u1', 'u1,u2', 'u2']);
  });

  test('names a group for users whose names no group may have, and tells them apart', async () => {
    const users = ['Дмитрий', 'Анна', 'a b', 'x'.repeat(200)];
    const { entries } = await ringing(users.map((user) => ring(user, { user })));
    const groups = entries.map(({ MessageGroupId }) => MessageGroupId);
    expect(groups.filter((group) => !/^[!-~]{1,128}$/.test(group))).toEqual([]);
    expect(new Set(groups).size).toBe(users.length);
  });

  test('of which some are refused rings the others, and says why', async () => {
    const isWrong = ({ MessageBody }: Entry) => MessageBody.includes('wrong');
    const wrong = [ring('wrong'), ring('wrong-too')];
    const { result } = await ringing([ring('a'), ...wrong, ring('b')], isWrong);
    expect(result).toEqual({
      refused: wrong,
      problems: [{ message: 'SQS refused messages: Why (so) after 1 attempt' }],
    });
  });
});

describe('what SQS says', () => {
  const secretAccessKey = 'FAKEsecretFAKEsecretFAKEsecretFAKEsecret';
  const answering = async (status: number, body: unknown) => {
    const app = new Hono();
    app.all('*', (context) => context.json(body as object, status as 200));
    return serve(app);
  };

  test.each<{ name: string; status: number; body: unknown; message: RegExp; remedy: RegExp }>([
    {
      name: 'of credentials that it does not accept',
      status: 403,
      body: {
        __type: 'com.amazon.coral.service#InvalidSignatureException',
        message: `The request signature does not match\nThe Canonical String was: ${secretAccessKey}`,
      },
      message:
        /^SQS took no message for "doorbells": InvalidSignatureException \(The request signature does not match\)/,
      remedy: /credentials/,
    },
    {
      name: 'of a role that may not',
      status: 403,
      body: { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'not authorized' },
      message: /^SQS does not let this program ring "doorbells"$/,
      remedy: /sqs:SendMessage/,
    },
    {
      name: 'without words',
      status: 200,
      body: {},
      message: /^SQS did not say that it took all messages$/,
      remedy: /AWS_ENDPOINT_URL_SQS/,
    },
    {
      name: 'as no queue would',
      status: 200,
      body: 'hello',
      message: /^SQS /,
      remedy: /AWS_ENDPOINT_URL_SQS/,
    },
  ])('$name is a problem, and shows no secret', async ({ status, body, message, remedy }) => {
    const server = await answering(status, body);
    const credentials = { accessKeyId: 'FAKE', secretAccessKey };
    const result = await doorbellAt(server.url, queueUrl, { credentials }).ring(rings(2));
    await server.close();
    expect(result.refused).toEqual(rings(2));
    expect(result.problems).toEqual([
      { message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) },
    ]);
    expect(leaked(result, [secretAccessKey, queueUrl])).toEqual([]);
  });
});
