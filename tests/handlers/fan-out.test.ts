import { beforeEach, describe, expect, test } from '@jest/globals';
import { createQueueClient } from '../../src/adapters/queue/client.js';
import { createDoorbell } from '../../src/adapters/queue/doorbell.js';
import { anyAccess } from '../support/dynamodb.js';
import { createFanOut, doorbells, type FanOut } from '../support/fan-out.js';
import { oneForEach } from '../support/lifetime.js';
import { readVisible } from '../support/queue.js';
import { alertsTold, minuteMs, received, type World } from '../support/world.js';

const users = ['dmitry', 'anna', 'default'];
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const user = users[index % users.length] ?? '';
    return ['BTCUSDT', 'above', 90_000 + index, user, 'binance', true, '', '', `row-${index}`];
  });
const asked = (count: number) => rows(count).map(([symbol, condition, price]) => `${symbol} ${condition} ${price}`);

const stage = oneForEach(async () => {
  const fanOut = await createFanOut();
  fanOut.world.simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  return fanOut;
});
const world = (): World => stage.world;

const outcomes = ({ fired }: Awaited<ReturnType<FanOut['check']>>) =>
  Object.fromEntries(
    ['accepted', 'rung', 'deferred', 'rejected'].flatMap((outcome) => {
      const count = fired.filter((each) => each.outcome === outcome).length;
      return count === 0 ? [] : [[outcome, count]];
    }),
  );
const rungIds = async () =>
  (await readVisible(stage.queue.client, stage.queue.queueUrl)).map(({ Body = '' }) => JSON.parse(Body).id as string);
const waiting = async () => (await stage.queue.count()).visible;
const toldOnce = (count: number) => {
  expect(alertsTold(world()).toSorted()).toEqual(asked(count).toSorted());
  expect(received(world()).filter(({ text }) => /repeat/i.test(text))).toEqual([]);
};
const statuses = async () => {
  const { alerts } = await world().store.list();
  return Object.fromEntries(
    ['pending', 'notifying', 'triggered'].map((status) => [
      status,
      alerts.filter((each) => each.status === status).length,
    ]),
  );
};
const doorbellTo = (endpoint: string) =>
  createDoorbell(createQueueClient({ endpoint, ...anyAccess }), stage.queue.queueUrl);
const checkAfter = (ms: number) => {
  world().pass(ms);
  return stage.check();
};

describe('with a queue', () => {
  test('up to nine fires are delivered at once, by the same requests as without one', async () => {
    world().rows(...rows(9));
    const summary = await stage.check();
    expect(outcomes(summary)).toEqual({ accepted: 9 });
    expect(await waiting()).toBe(0);
    const operations = world().operations.splice(0).toSorted();
    const alone = await createFanOut();
    alone.world.simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
    alone.world.rows(...rows(9));
    expect(outcomes(await alone.world.check())).toEqual({ accepted: 9 });
    expect(operations).toEqual(alone.world.operations.toSorted());
    await alone.close();
  });

  test('of more the check claims all, tells nine and rings for the rest, which workers tell once each', async () => {
    world().rows(...rows(24));
    const summary = await stage.check();
    expect(outcomes(summary)).toEqual({ accepted: 9, rung: 15 });
    expect(summary).toMatchObject({ alerts: { notifying: 15, triggered: 9 }, problems: [], untold: [] });
    expect(summary.fired.find(({ outcome }) => outcome === 'rung')).toMatchObject({ symbol: 'BTCUSDT', channels: [] });
    expect(world().metrics.at(-1)).toMatchObject({ AlertsFired: 24, PushesAccepted: 9, AlertsRung: 15 });
    const [rung] = summary.fired.filter(({ outcome }) => outcome === 'rung');
    const item = await world().store.get(rung?.alertId ?? '');
    expect(item).toMatchObject({ delivery: { attempts: 0, leaseUntil: undefined, isPossibleRepeat: false } });

    await stage.drain();
    expect(await statuses()).toEqual({ pending: 0, notifying: 0, triggered: 24 });
    toldOnce(24);
    const told = stage.reports.flatMap(({ fired }) => fired.map(({ alertId, outcome }) => `${alertId} ${outcome}`));
    const byWorkers = summary.fired
      .filter(({ outcome }) => outcome === 'rung')
      .map(({ alertId }) => `${alertId} accepted`);
    expect(told.toSorted()).toEqual(byWorkers.toSorted());
    expect(
      stage.reports.flatMap(({ unfinished, dropped, rungAgain, problems }) => [
        ...unfinished,
        ...dropped,
        ...rungAgain,
        ...problems,
      ]),
    ).toEqual([]);
    const { records } = await world().history.read({ from: 0, to: world().now() + minuteMs });
    expect(records.filter(({ kind }) => kind === 'fired')).toHaveLength(24);

    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({});
    expect(await waiting()).toBe(0);
  });

  test('a storm of one user is gathered by each worker', async () => {
    world().rows(...rows(29).map((row) => row.with(3, 'dmitry')));
    await stage.check();
    await stage.drain();
    toldOnce(29);
    // Five alone and one digest by the check, and at most one for each batch.
    expect(received(world()).length).toBeLessThanOrEqual(5 + 1 + stage.reports.length);
  });

  test('a storm of several users is gathered by each worker, a message to each of them', async () => {
    world().rows(...rows(29).map((row, index) => row.with(3, index % 2 === 0 ? 'dmitry' : 'anna')));
    await stage.check();
    const before = received(world()).length;
    await stage.drain();
    toldOnce(29);
    expect(received(world()).length - before).toBeLessThanOrEqual(2 * stage.reports.length);
  });

  test('a dry run rings for nothing', async () => {
    world().rows(...rows(12));
    const summary = await world().handler({ doorbell: doorbellTo('http://127.0.0.1:1') })({ dryRun: true });
    expect(new Set(summary.fired.map(({ outcome }) => outcome))).toEqual(new Set(['dry-run']));
    expect(summary.problems).toEqual([]);
  });

  test('more armed alerts than the threshold are no longer news', async () => {
    const few = await createFanOut({ FAN_OUT_THRESHOLD: '10' });
    few.world.simulators.market.list('binance', 'BTCUSDT', { price: '1.00000000' });
    few.world.rows(...rows(11));
    expect((await few.world.check()).advice).toEqual([
      '11 armed alerts are more than 10: time for the fan-out, deploy with FanOut=true; see "Outgrown?" in the README',
    ]);
    expect((await few.check()).advice).toEqual([]);
    await few.close();
  });
});

describe('nothing is lost or doubled where', () => {
  beforeEach(() => world().rows(...rows(20)));

  test('every message is lost: the next check delivers', async () => {
    expect(outcomes(await stage.check())).toEqual({ accepted: 9, rung: 11 });
    await stage.queue.empty();
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({ accepted: 11 });
    toldOnce(20);
  });

  test('every message comes twice', async () => {
    await stage.check();
    const bodies = await readVisible(stage.queue.client, stage.queue.queueUrl);
    await stage.queue.empty();
    await stage.queue.send(...[...bodies, ...bodies].map(({ Body = '' }) => Body));
    await stage.drain();
    toldOnce(20);
    expect((await statuses()).triggered).toBe(20);
  });

  test('one batch holds every message twice', async () => {
    await stage.check();
    const ids = (await rungIds()).slice(0, 5);
    const bodies = await Promise.all(
      ids.map(async (id) => {
        const alert = await world().store.get(id);
        return { v: 1, id, fireId: alert?.status === 'notifying' ? alert.delivery.fireId : '' };
      }),
    );
    expect(await stage.worker()(doorbells(...bodies, ...bodies))).toEqual({ batchItemFailures: [] });
    expect(alertsTold(world())).toHaveLength(9 + 5);
  });

  test('the queue cannot be reached: that is told once, and the next check delivers', async () => {
    const summary = await world().handler({ doorbell: doorbellTo('http://127.0.0.1:1') })();
    expect(outcomes(summary)).toEqual({ accepted: 9, deferred: 11 });
    expect(summary.problems).toEqual([
      expect.stringMatching(
        /^11 alerts were not rung for, and the next check delivers: SQS took no message for "trading-alerts": .*ECONNREFUSED 127.0.0.1:1\) after 3 attempts; /,
      ),
    ]);
    expect(summary.fired.find(({ outcome }) => outcome === 'deferred')?.detail).toBe(
      'not rung; the next check delivers it',
    );
    expect(world().metrics.at(-1)).toMatchObject({ Problems: 1, PushesDeferred: 11 });
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({ accepted: 11 });
    toldOnce(20);
  });

  test('the fan-out is switched off with messages on their way', async () => {
    await stage.check();
    world().pass(5 * minuteMs);
    expect(outcomes(await world().check())).toEqual({ accepted: 11 });
    await stage.drain();
    toldOnce(20);
    expect(stage.reports.flatMap(({ nothingToDo }) => nothingToDo)).toHaveLength(11);
  });

  test('the check dies before it rings: the next one rings', async () => {
    const { store } = world();
    let committed = 0;
    const dead = await new Promise<string>((resolve) => {
      // Nine are told by then, and it never comes back from its first ring.
      const commit: typeof store.commit = async (...facts) => {
        const isCommitted = await store.commit(...facts);
        committed += 1;
        if (committed === 9) resolve('dead');
        return isCommitted;
      };
      const ring = () => new Promise<never>(() => undefined);
      void world().handler({ doorbell: { ring }, store: { ...store, commit } })();
    });
    expect(dead).toBe('dead');
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({ rung: 11 });
    await stage.drain();
    expect((await statuses()).triggered).toBe(20);
    toldOnce(20);
  });
});

describe('what earlier runs left', () => {
  /** All of a check's pushes are refused for a time. */
  async function leave(count: number): Promise<void> {
    world().rows(...rows(count));
    const { pushover } = world().simulators.traffic;
    pushover.fault = () => ({ outcome: { status: 500, body: {} } });
    await world().check();
    pushover.fault = () => undefined;
  }

  test('is rung where more than nine are due', async () => {
    await leave(11);
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({ rung: 11 });
    await stage.drain();
    expect(await statuses()).toEqual({ pending: 0, notifying: 0, triggered: 11 });
    expect(new Set(alertsTold(world()))).toEqual(new Set(asked(11)));
  });

  test('is delivered by the check where they are few', async () => {
    await leave(9);
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({ accepted: 9 });
    expect(await waiting()).toBe(0);
  });

  test('is delivered by the check where it was rung before and nobody came', async () => {
    await leave(11);
    await checkAfter(5 * minuteMs);
    await stage.queue.empty();
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({ accepted: 11 });
  });

  test('waits unrung while the account has to wait', async () => {
    const { pushover } = world().simulators;
    pushover.remaining = 0;
    pushover.resetsAt = (world().now() + 20 * minuteMs) / 1000;
    world().rows(...rows(11));
    await world().check();
    expect(outcomes(await checkAfter(5 * minuteMs))).toEqual({});
    expect(await waiting()).toBe(0);
  });
});
