import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { examineQueue } from '../../src/cli/doctor/queue.js';
import { anyAccess } from '../support/dynamodb.js';
import { startQueue, type TestQueue } from '../support/queue.js';

let queue: TestQueue;
beforeAll(async () => {
  queue = await startQueue();
});
afterAll(() => queue.close());

const examine = async (queueUrl: string | undefined, endpoint = queue.endpoint) =>
  (await examineQueue(queueUrl, { endpoint, ...anyAccess }, '')).flatMap(({ findings }) => findings);

describe('the doctor', () => {
  test('says nothing of a queue where there is none', async () => {
    expect(await examine(undefined)).toEqual([]);
  });

  test('finds the queue, and rings nothing', async () => {
    expect(await examine(queue.queueUrl)).toEqual([
      { check: 'queue', status: 'ok', detail: '"trading-alerts" is there' },
    ]);
    expect((await queue.count()).visible).toBe(0);
  });

  test('says what to do where it is not there', async () => {
    expect(await examine(`${queue.queueUrl}-gone`)).toEqual([
      {
        ...{ check: 'queue', status: 'wrong' },
        detail: 'there is no queue "trading-alerts-gone" in this account and region',
        remedy: 'deploy the stack with FanOut=true, or unset SQS_QUEUE_URL to go without',
      },
    ]);
  });

  test('says what to check where nothing answers', async () => {
    expect(await examine(queue.queueUrl, 'http://127.0.0.1:1')).toEqual([
      {
        ...{ check: 'queue', status: 'wrong' },
        detail: 'SQS did not answer for "trading-alerts"',
        remedy: 'check the network, the region and AWS_ENDPOINT_URL_SQS',
      },
    ]);
  });

  test('skips it where AWS cannot be asked', async () => {
    expect(await examineQueue(queue.queueUrl, undefined, 'there are no AWS credentials')).toEqual([
      {
        title: 'Queue',
        findings: [{ check: 'queue', status: 'skipped', detail: 'there are no AWS credentials' }],
      },
    ]);
  });
});
