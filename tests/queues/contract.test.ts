import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createDoorbell } from '../../src/adapters/queue/doorbell.js';
import { readRingBody } from '../../src/domain/delivery/ring-body.js';
import { longestDelaySeconds } from '../../src/flows/ports/doorbell.js';
import { type QueueEvent, startEventSourceMapping } from '../support/event-source-mapping.js';
import { oneForAll } from '../support/lifetime.js';
import { countQueue, type QueueOptions, type Queues, readVisible, sendBodies } from '../support/queue.js';
import { serviceNames, startService } from './services.js';

/**
 * What the product relies on, asked of each service that is here: see `npm run test:queues`. They differ in an empty
 * batch, in control characters, in deleting by an old receipt and in a delay of more than 15 minutes, so that nothing here
 * or in the product rests on these.
 */
describe.each(serviceNames)('a queue of %s', (name) => {
  const service = oneForAll(() => startService(name));
  let queues: Queues;
  let opened = 0;

  async function open(options: QueueOptions = {}): Promise<void> {
    opened += 1;
    queues = await service.open({ name: `contract-${opened}`, ...options });
  }
  beforeEach(() => open());

  const sendAll = (Entries: SendMessageBatchRequestEntry[]) =>
    service.client.send(new SendMessageBatchCommand({ QueueUrl: queues.queueUrl, Entries }));
  const entries = (count: number, body = (index: number) => `${index}`): SendMessageBatchRequestEntry[] =>
    Array.from({ length: count }, (_, index) => ({ Id: `${index}`, MessageBody: body(index) }));
  /** Waits for the first; what is there already comes at once. */
  async function receive(queueUrl = queues.queueUrl): Promise<readonly Message[]> {
    for (;;) {
      const { Messages = [] } = await service.client.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 },
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length > 0) return Messages;
    }
  }
  const receiveCounts = (messages: readonly Message[]) =>
    messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount);

  test('takes ten messages in a call, each with a user as its group, and gives them back whole', async () => {
    const body = JSON.stringify({ v: 1, id: 'btc-95k', fireId: 'f-1', words: 'выше — ≥ 95\u202f000' });
    const groups = ['default', 'user_2@example.org', 'a'.repeat(128)];
    const { Successful = [], Failed = [] } = await sendAll(
      entries(10, () => body).map((entry, index) => ({ ...entry, MessageGroupId: groups[index % 3] })),
    );
    expect({ taken: Successful.length, failed: Failed }).toEqual({ taken: 10, failed: [] });
    const received = await readVisible(service.client, queues.queueUrl);
    expect(received.map(({ Body }) => Body)).toEqual(Array.from({ length: 10 }, () => body));
    expect(new Set(received.map(({ MessageId }) => MessageId)).size).toBe(10);
  });

  test('hears what the product rings, whatever the names, each once', async () => {
    const doorbell = createDoorbell(service.client, queues.queueUrl);
    const users = ['default', 'user@example.org', 'Дмитрий', 'x'.repeat(200)];
    const rings = Array.from({ length: 23 }, (_, index) => {
      return { alertId: `выше "${index}"`, fireId: `f-${index}`, user: users[index % 4] ?? '' };
    });
    const late = { alertId: 'late', fireId: 'f-late', user: 'default', delaySeconds: longestDelaySeconds };
    expect(await doorbell.ring([...rings, late])).toEqual({ refused: [], problems: [] });
    const heard = (await readVisible(service.client, queues.queueUrl)).map(({ Body }) => readRingBody(Body));
    const fires = heard.map((each) => (each.ok ? each.value : each));
    expect(fires).toEqual(expect.arrayContaining(rings.map(({ alertId, fireId }) => ({ alertId, fireId }))));
    expect(fires).toHaveLength(23);
    expect(await countQueue(service.client, queues.queueUrl)).toMatchObject({ delayed: 1 });
  });

  test.each<{ why: string; batch: () => SendMessageBatchRequestEntry[] }>([
    { why: 'of eleven', batch: () => entries(11) },
    { why: 'with one name twice', batch: () => entries(2).map((entry) => ({ ...entry, Id: 'same' })) },
    { why: 'of more than a mebibyte', batch: () => entries(2, () => 'x'.repeat(600_000)) },
  ])('refuses a batch $why, and takes nothing of it', async ({ batch }) => {
    await expect(sendAll(batch())).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    expect(await countQueue(service.client, queues.queueUrl)).toEqual({ visible: 0, hidden: 0, delayed: 0 });
  });

  test('that does not exist is refused by its name', async () => {
    const nowhere = { QueueUrl: queues.queueUrl.replace('contract-', 'nowhere-'), MessageBody: 'lost' };
    await expect(service.client.send(new SendMessageCommand(nowhere))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  test('keeps what is put off from whoever receives, until then', async () => {
    await sendAll([
      { Id: 'now', MessageBody: 'now' },
      { Id: 'soon', MessageBody: 'soon', DelaySeconds: 1 },
      { Id: 'late', MessageBody: 'late', DelaySeconds: 900 },
    ]);
    expect((await receive()).map(({ Body }) => Body)).toEqual(['now']);
    expect((await receive()).map(({ Body }) => Body)).toEqual(['soon']);
    expect(await countQueue(service.client, queues.queueUrl)).toMatchObject({ delayed: 1 });
  });

  test('hides what was received, counts how often, and sets it aside after the last', async () => {
    await open({ visibilitySeconds: 1, maxReceiveCount: 2 });
    await sendBodies(service.client, queues.queueUrl, ['kept', 'deleted']);
    const first = await receive();
    expect(receiveCounts(first)).toEqual(['1', '1']);
    expect(await countQueue(service.client, queues.queueUrl)).toMatchObject({ visible: 0, hidden: 2 });
    const Entries = first
      .filter(({ Body }) => Body === 'deleted')
      .map(({ ReceiptHandle }) => ({ Id: 'deleted', ReceiptHandle }));
    await service.client.send(new DeleteMessageBatchCommand({ QueueUrl: queues.queueUrl, Entries }));
    const second = await receive();
    expect([second.map(({ Body }) => Body), receiveCounts(second)]).toEqual([['kept'], ['2']]);
    // It is set aside when it would be received once more.
    const mapping = startEventSourceMapping({ ...service, ...queues, handler: async () => 'not for it' });
    await mapping.drained();
    await mapping.close();
    expect(mapping.invocations).toEqual([]);
    expect((await receive(queues.deadLetterUrl)).map(({ Body }) => Body)).toEqual(['kept']);
  });

  test('gives a message to one of two that wait for it', async () => {
    const both = [receive(), receive()];
    await sendBodies(service.client, queues.queueUrl, ['one']);
    const got = await Promise.race(both);
    await sendBodies(service.client, queues.queueUrl, ['two']);
    const all = (await Promise.all(both)).flat().map(({ Body }) => Body);
    expect(got.map(({ Body }) => Body)).toEqual(['one']);
    expect(all.sort()).toEqual(['one', 'two']);
  });

  test('loses nothing between Lambda and a handler that crashes, answers nonsense and fails once or always', async () => {
    await open({ visibilitySeconds: 1, maxReceiveCount: 3 });
    const numbers = Array.from({ length: 30 }, (_, index) => `${index}`);
    const isPoison = (body: string) => body === '13';
    const failedBefore = new Set<string>();
    const done = new Set<string>();
    let invoked = 0;
    const handler = async ({ Records }: QueueEvent) => {
      invoked += 1;
      if (invoked === 1) throw new Error('crashed on purpose');
      const failing = Records.filter(
        ({ body }) => isPoison(body) || (Number(body) % 5 === 0 && !failedBefore.has(body)),
      );
      for (const { body } of failing) failedBefore.add(body);
      for (const record of Records) if (!failing.includes(record)) done.add(record.body);
      if (invoked === 2) return { batchItemFailures: [{ itemIdentifier: 'of no message' }] };
      return { batchItemFailures: failing.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    await sendBodies(service.client, queues.queueUrl, numbers);
    const mapping = startEventSourceMapping({ ...service, ...queues, handler });
    await mapping.drained();
    await mapping.close();
    expect([...done].sort()).toEqual(numbers.filter((body) => !isPoison(body)).sort());
    expect((await receive(queues.deadLetterUrl)).map(({ Body }) => Body)).toEqual(['13']);
    expect(mapping.mostAtOnce).toBeLessThanOrEqual(2);
    expect(mapping.invocations.filter(({ end }) => end === 'whole').length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...mapping.invocations.map(({ size }) => size))).toBe(10);
  });
});
