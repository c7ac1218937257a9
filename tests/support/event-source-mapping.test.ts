import { describe, expect, test } from '@jest/globals';
import { failedIn, type QueueEvent, startEventSourceMapping } from './event-source-mapping.js';
import { oneForEach } from './lifetime.js';
import { startQueue } from './queue.js';

const batch = new Set(['a', 'b']);

describe('of a batch comes again', () => {
  test.each<{ name: string; answer: unknown; failed: readonly string[] }>([
    { name: 'nothing after an empty list', answer: { batchItemFailures: [] }, failed: [] },
    { name: 'nothing after no list', answer: {}, failed: [] },
    { name: 'nothing after null as the list', answer: { batchItemFailures: null }, failed: [] },
    { name: 'nothing after no answer', answer: undefined, failed: [] },
    { name: 'what is named', answer: { batchItemFailures: [{ itemIdentifier: 'b' }] }, failed: ['b'] },
    {
      name: 'all where one is of no message',
      answer: { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }] },
      failed: ['a', 'b'],
    },
    {
      name: 'all after an empty identifier',
      answer: { batchItemFailures: [{ itemIdentifier: '' }] },
      failed: ['a', 'b'],
    },
    { name: 'all after another key', answer: { batchItemFailures: [{ id: 'a' }] }, failed: ['a', 'b'] },
    { name: 'all after null in the list', answer: { batchItemFailures: [null] }, failed: ['a', 'b'] },
    { name: 'all where it is no list', answer: { batchItemFailures: 'a' }, failed: ['a', 'b'] },
    { name: 'all after a text', answer: 'done', failed: ['a', 'b'] },
  ])('$name', ({ answer, failed }) => expect([...failedIn(answer, batch)]).toEqual(failed));
});

describe('from the queue to the handler', () => {
  const queue = oneForEach(() => startQueue({ visibilitySeconds: 1, maxReceiveCount: 3 }));
  const numbers = Array.from({ length: 40 }, (_, index) => `${index}`);

  test('every message is done or set aside, whatever the handler does', async () => {
    const done: string[] = [];
    const failedBefore = new Set<string>();
    let invoked = 0;
    const isPoison = (body: string) => body === '13' || body === '27';
    const failsOnce = (body: string) => Number(body) % 5 === 0 && !failedBefore.has(body);
    const handler = async ({ Records }: QueueEvent) => {
      invoked += 1;
      if (invoked === 2) throw new Error('crashed on purpose');
      const failing = Records.filter(({ body }) => isPoison(body) || failsOnce(body));
      for (const { body } of failing) failedBefore.add(body);
      done.push(...Records.filter((record) => !failing.includes(record)).map(({ body }) => body));
      if (invoked === 3) return { batchItemFailures: [{ itemIdentifier: 'of no message' }] };
      return { batchItemFailures: failing.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };
    await queue.send(...numbers);
    const mapping = startEventSourceMapping({ ...queue, handler });
    await mapping.drained();
    await mapping.close();

    const wanted = numbers.filter((body) => !isPoison(body));
    expect([...new Set(done)].sort()).toEqual(wanted.sort());
    expect([...(await queue.deadLetters())].sort()).toEqual(['13', '27']);
    expect(mapping.mostAtOnce).toBeLessThanOrEqual(2);
    expect(mapping.invocations.filter(({ end }) => end === 'whole').length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...mapping.invocations.map(({ size }) => size))).toBe(10);
  });

  test('what takes too long comes again', async () => {
    const seen: string[] = [];
    const handler = async ({ Records }: QueueEvent) => {
      for (const { attributes } of Records) seen.push(attributes.ApproximateReceiveCount ?? '');
      if (seen.length === 1) await new Promise(() => undefined);
      return { batchItemFailures: [] };
    };
    await queue.send('slow');
    const mapping = startEventSourceMapping({ ...queue, handler, timeoutMs: 10 });
    await mapping.drained();
    await mapping.close();
    expect(seen).toEqual(['1', '2']);
    expect(await queue.deadLetters()).toEqual([]);
  });
});
