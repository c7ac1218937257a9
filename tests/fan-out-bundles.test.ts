import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Summary } from '../src/flows/summary.js';
import { startEventSourceMapping } from './support/event-source-mapping.js';
import { type LambdaFunction, startFunction } from './support/lambda.js';
import { startQueue, type TestQueue } from './support/queue.js';
import { alertsTold, createWorld, received, type World } from './support/world.js';

const users = ['default', 'dmitry', 'anna'];
const rows = Array.from({ length: 40 }, (_, index) => [
  'BTCUSDT',
  'above',
  90_000 + index,
  users[index % users.length] ?? '',
]);
const asked = rows.map(([symbol, condition, price]) => `${symbol} ${condition} ${price}`);

let queue: TestQueue;
let world: World;
let check: LambdaFunction;
let deliver: LambdaFunction;
beforeAll(async () => {
  queue = await startQueue();
  // Processes of their own have the real clock.
  world = await createWorld({ SQS_QUEUE_URL: queue.queueUrl, AWS_ENDPOINT_URL_SQS: queue.endpoint }, Date.now());
  check = startFunction('check', world.environment);
  deliver = startFunction('deliver', world.environment);
});
afterAll(async () => {
  await Promise.all([check.close(), deliver.close()]);
  await world.close();
  await queue.close();
});

test('the built check rings for what is more than a handful, and the built workers tell each alert once', async () => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  world.rows(...rows);
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const { fired, problems } = (await check.invoke({ source: 'schedule' }, context)) as Summary;
  const outcomes = fired.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(9);
  expect(outcomes.filter((outcome) => outcome === 'rung')).toHaveLength(31);
  expect(problems).toEqual([]);
  expect(await queue.count()).toEqual({ visible: 31, hidden: 0, delayed: 0 });

  const mapping = startEventSourceMapping({ ...queue, handler: deliver.invoke });
  await mapping.drained();
  await mapping.close();
  expect(mapping.invocations.map(({ end }) => end)).toEqual(mapping.invocations.map(() => 'done'));
  expect(await queue.deadLetters()).toEqual([]);

  expect(alertsTold(world).sort()).toEqual([...asked].sort());
  expect(received(world).filter(({ title, text }) => /possible repeat/i.test(title + text))).toEqual([]);
  const { alerts } = await world.store.list();
  expect(alerts.map(({ status, triggeredCount }) => [status, triggeredCount])).toEqual(
    rows.map(() => ['triggered', 1]),
  );
  const { records } = await world.history.read({ from: 0, to: Date.now() + 60_000 });
  const told = records.flatMap((each) => (each.kind === 'fired' ? [each.alert.id] : []));
  expect(told.sort()).toEqual(alerts.map(({ id }) => id).sort());
});
