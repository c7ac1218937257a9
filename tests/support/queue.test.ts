import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { oneForEach } from './lifetime.js';
import { readVisible, startQueue } from './queue.js';

const queue = oneForEach(() => startQueue({ visibilitySeconds: 240 }));

test('a queue of the test takes, counts and hides messages as the service does, and has a dead-letter queue', async () => {
  // Told no endpoint, the SDK goes to the address of the queue.
  expect(new URL(queue.queueUrl).origin).toBe(queue.endpoint);
  await queue.send('one', 'two');
  expect(await queue.count()).toEqual({ visible: 2, hidden: 0, delayed: 0 });
  const read = await readVisible(queue.client, queue.queueUrl);
  expect(read.map(({ Body }) => Body).sort()).toEqual(['one', 'two']);
  expect(await queue.count()).toEqual({ visible: 0, hidden: 2, delayed: 0 });
  expect(await queue.deadLetters()).toEqual([]);
  const asked = new GetQueueAttributesCommand({ QueueUrl: queue.queueUrl, AttributeNames: ['All'] });
  const { Attributes } = await queue.client.send(asked);
  expect(Attributes).toMatchObject({ VisibilityTimeout: '240' });
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toMatchObject({ maxReceiveCount: 5 });
  await queue.empty();
  expect(await queue.count()).toEqual({ visible: 0, hidden: 0, delayed: 0 });
});
