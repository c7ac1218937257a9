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

/** Crashes, nonsense and failures: tests/queues/contract.test.ts. */
describe('from the queue to the handler', () => {
  const queue = oneForEach(() => startQueue({ visibilitySeconds: 1 }));
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
