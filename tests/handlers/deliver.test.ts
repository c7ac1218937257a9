import { beforeEach, describe, expect, test } from '@jest/globals';
import { createWorker } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { leaked } from '../support/fake-secret.js';
import { createFanOut, doorbells } from '../support/fan-out.js';
import { oneForEach } from '../support/lifetime.js';
import { readVisible } from '../support/queue.js';
import { alertsTold, minuteMs, received, type World } from '../support/world.js';

const stage = oneForEach(async () => {
  const fanOut = await createFanOut();
  fanOut.world.simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  return fanOut;
});
const world = (): World => stage.world;

interface Doorbell {
  readonly v: number;
  readonly id: string;
  readonly fireId: string;
  readonly beside?: readonly string[];
}

/** More than a check delivers itself; what it rang for is taken out of the queue, oldest alert first. */
async function ring(users: readonly string[]): Promise<readonly Doorbell[]> {
  const all = [...Array(9).fill('anna'), ...users];
  world().rows(
    ...all.map((user, index) => ['BTCUSDT', 'above', 90_000 + index, user, 'binance', true, '', '', `row-${index}`]),
  );
  await stage.check();
  const rung = (await readVisible(stage.queue.client, stage.queue.queueUrl)).map(({ Body = '' }) => JSON.parse(Body));
  await stage.queue.empty();
  world().simulators.pushover.received.length = 0;
  world().simulators.traffic.pushover.requests.length = 0;
  world().simulators.traffic.pushover.requestsAtOnce.most = 0;
  return rung;
}

const nothing = { batchItemFailures: [] };
const failures = (count: number) => ({
  batchItemFailures: Array.from({ length: count }, (_, index) => ({ itemIdentifier: `m-${index}` })),
});
const report = () => stage.reports.at(-1);
const pushoverDown = { outcome: { status: 500, body: {} } };

describe('a message is done', () => {
  test('when its alert is told: one log line and one of metrics say so, with its id and no secret', async () => {
    const rung = await ring(['dmitry']);
    expect(await stage.worker()(doorbells(...rung))).toEqual(nothing);
    expect(alertsTold(world())).toHaveLength(1);
    const lines = world().log.filter(({ message }) => message === 'deliver');
    expect(lines).toEqual([{ level: 'info', message: 'deliver', fields: { ...report() } }]);
    expect(report()).toMatchObject({
      messages: 1,
      fired: [{ alertId: rung[0]?.id, outcome: 'accepted', channels: [{ channel: 'pushover', outcome: 'accepted' }] }],
      ...{ nothingToDo: [], rungAgain: [], unfinished: [], dropped: [], problems: [] },
    });
    const { secret } = world().simulators;
    expect(leaked(lines, [secret.pushover_api_token, ...Object.values(secret.pushover_users)])).toEqual([]);
  });

  test.each<[string, (rung: Doorbell) => Promise<unknown>]>([
    ['is told already', (rung) => stage.worker()(doorbells(rung))],
    ['is there no more', async (rung) => Object.assign(rung, { id: 'no-such-row' })],
    ['has another fire by now', async (rung) => Object.assign(rung, { fireId: 'an-earlier-one' })],
    [
      'is in somebody else’s hands',
      async ({ id }) => {
        const { store, now } = world();
        const alert = await store.get(id);
        if (alert?.status === 'notifying') await store.takeOver(alert, { runId: 'another', now: now() });
      },
    ],
  ])('when its alert %s', async (_name, happens) => {
    const [rung] = await ring(['dmitry']);
    if (rung === undefined) throw new Error('nothing was rung');
    await happens(rung);
    const before = received(world()).length;
    expect(await stage.worker()(doorbells(rung))).toEqual(nothing);
    expect(received(world())).toHaveLength(before);
    expect(report()?.nothingToDo).toEqual([rung.id]);
    expect(await stage.queue.count()).toEqual({ visible: 0, hidden: 0, delayed: 0 });
  });

  test('when its channel refuses for good; the alarm’s line names the channel, and it is rung again in 15 minutes', async () => {
    const rung = await ring(['dmitry']);
    world().simulators.pushover.users.clear();
    expect(await stage.worker()(doorbells(...rung))).toEqual(nothing);
    expect(report()).toMatchObject({ fired: [{ outcome: 'rejected' }], rungAgain: [rung[0]?.id] });
    expect(world().log.filter(({ message }) => message === 'not told on a channel')).toHaveLength(1);
    expect(await stage.queue.count()).toEqual({ visible: 0, hidden: 0, delayed: 1 });
    // The second wait is half an hour: no queue puts a message off so long, and a check will find it.
    world().pass(15 * minuteMs);
    await stage.worker()(doorbells(...rung));
    expect(report()).toMatchObject({ fired: [{ outcome: 'rejected' }], rungAgain: [] });
  });

  test('when nobody knows whether it arrived: it is rung again when its wait is over, and is a possible repeat', async () => {
    const rung = await ring(['dmitry']);
    const { pushover } = world().simulators.traffic;
    pushover.fault = () => pushoverDown;
    expect(await stage.worker()(doorbells(...rung))).toEqual(nothing);
    expect(report()).toMatchObject({ fired: [{ outcome: 'deferred' }], rungAgain: [rung[0]?.id] });
    pushover.fault = () => undefined;
    world().pass(5_000);
    await stage.worker()(doorbells(...rung));
    expect(received(world()).map(({ text }) => /possible repeat/i.test(text))).toEqual([true]);
  });
});

describe('a message comes again', () => {
  test('where the table is out of reach, and its neighbours are told', async () => {
    const rung = await ring(['dmitry', 'anna', 'default']);
    const { store } = world();
    const get: typeof store.get = async (id) => {
      if (id === rung[0]?.id) throw new Error('DynamoDB did not give alert: it is out of reach');
      return store.get(id);
    };
    expect(await stage.worker({ store: { ...store, get } })(doorbells(...rung))).toEqual(failures(1));
    expect(alertsTold(world())).toHaveLength(2);
    expect(report()).toMatchObject({ unfinished: [rung[0]?.id], problems: [expect.stringContaining('out of reach')] });
  });

  test('where the outcome could not be written, and finds the lease over: a possible repeat', async () => {
    const rung = await ring(['dmitry']);
    const { store } = world();
    const commit = () => Promise.reject(new Error('DynamoDB did not take the commit'));
    expect(await stage.worker({ store: { ...store, commit } })(doorbells(...rung))).toEqual(failures(1));
    world().pass(4 * minuteMs);
    expect(await stage.worker()(doorbells(...rung))).toEqual(nothing);
    expect(await store.get(rung[0]?.id ?? '')).toMatchObject({ status: 'triggered', triggeredCount: 1 });
    expect(received(world()).map(({ text }) => /possible repeat/i.test(text))).toEqual([false, true]);
  });

  test('where the secret cannot be read; nothing is taken over, and no key is called wrong', async () => {
    const rung = await ring(['dmitry', 'anna']);
    world().simulators.secrets.clear();
    expect(await stage.worker()(doorbells(...rung))).toEqual(failures(2));
    expect(received(world())).toEqual([]);
    expect(report()).toMatchObject({ fired: [], untold: [], problems: [expect.stringContaining('secret')] });
    expect(await world().store.get(rung[0]?.id ?? '')).toMatchObject({ delivery: { attempts: 0 } });
  });

  test('where it cannot be read what the users’ tab last said; the next check of the tab mends that', async () => {
    const { google } = world().simulators;
    google.tabs.set('Users', [
      ['user_id', 'time_zone', 'notify'],
      ['dmitry', 'Asia/Tokyo', 'pushover'],
    ]);
    const rung = await ring(['dmitry']);
    const kept = await world().store.readUsers();
    await world().store.writeUsers(kept.map((each) => ({ ...each, timeZone: 'Moon/Tycho' })));
    expect(await stage.worker()(doorbells(...rung))).toEqual(failures(1));
    expect(received(world())).toEqual([]);
    expect(report()).toMatchObject({ fired: [], problems: [expect.stringContaining('item #users of the table')] });
    world().pass(5 * minuteMs);
    const { problems } = await stage.check();
    expect(problems).toEqual([expect.stringContaining('item #users of the table')]);
    expect(received(world())[0]?.text).toContain('GMT+9');
    expect(await world().store.readUsers()).toEqual(kept);
    expect((await stage.check()).problems).toEqual([]);
  });

  test('where there are only twelve seconds left: it is not begun', async () => {
    const rung = await ring(['dmitry', 'anna']);
    world().operations.length = 0;
    expect(await stage.worker({}, 12_000)(doorbells(...rung))).toEqual(failures(2));
    expect(world().operations).toEqual([]);
    expect(await stage.worker({}, 12_001)(doorbells(...rung))).toEqual(nothing);
  });

  test('where its turn to be taken over comes too late; what was taken over and not sent is rung again', async () => {
    const rung = await ring(['dmitry', 'anna', 'default']);
    const { store } = world();
    // The first push takes all the time there is.
    const { pushover } = world().simulators.traffic;
    pushover.fault = () => {
      world().pass(20_000);
      return undefined;
    };
    expect(await stage.worker({ store })(doorbells(...rung))).toEqual(nothing);
    pushover.fault = () => undefined;
    expect(alertsTold(world())).toHaveLength(1);
    expect(report()?.rungAgain).toHaveLength(2);
    await stage.drain();
    expect(alertsTold(world())).toHaveLength(3);
    expect(received(world()).filter(({ text }) => /repeat/i.test(text))).toEqual([]);
  });
});

describe('what was rung for beside an alert', () => {
  const idsTold = () =>
    report()
      ?.fired.map(({ alertId }) => alertId)
      .toSorted();
  const repeats = () => received(world()).filter(({ text }) => /repeat/i.test(text));

  test('is told with it, in one message, and its own message has nothing to do', async () => {
    const rung = await ring(Array(12).fill('dmitry'));
    const [first] = rung.filter(({ beside = [] }) => beside.length > 5);
    if (first === undefined) throw new Error('expected a ring that names others');
    const worker = stage.worker();
    expect(await worker(doorbells(first))).toEqual(nothing);
    expect(idsTold()).toEqual([first.id, ...(first.beside ?? [])].toSorted());
    expect(received(world())).toHaveLength(1);
    const requests = () => world().operations.splice(0).length;
    requests();
    const others = rung.filter(({ id }) => first.beside?.includes(id));
    expect(await worker(doorbells(...others))).toEqual(nothing);
    expect(report()).toMatchObject({ fired: [], nothingToDo: others.map(({ id }) => id) });
    // What they name in their turn is not looked at again.
    expect(requests()).toBe(others.length);
    expect(await worker(doorbells(...rung))).toEqual(nothing);
    expect(alertsTold(world())).toHaveLength(12);
    expect(repeats()).toEqual([]);
  });

  test('is left alone where it is another user’s, is not due or is not there', async () => {
    const rung = await ring(['dmitry', 'dmitry', 'dmitry', 'default', 'default']);
    const { store, now } = world();
    const all = await Promise.all(rung.map(({ id }) => store.get(id)));
    const of = (user: string) =>
      all.flatMap((alert) => (alert?.status === 'notifying' && alert.user === user ? [alert] : []));
    const [own, held, free] = of('dmitry');
    const [foreign] = of('default');
    if (!own || !held || !free || !foreign) throw new Error('expected three and two that wait to be told');
    await store.takeOver(held, { runId: 'another', now: now() });
    const beside = [held.id, free.id, foreign.id, 'no-such-row'];
    await stage.worker()(doorbells({ v: 1, id: own.id, fireId: own.delivery.fireId, beside }));
    expect(idsTold()).toEqual([own.id, free.id].toSorted());
    expect(received(world()).map(({ user }) => user)).toEqual(['dmitry']);
  });

  test('is told by its own message where it cannot be read with another', async () => {
    const rung = await ring(['dmitry', 'dmitry']);
    const [first, second] = rung;
    if (!first || !second) throw new Error('expected two rings');
    const { store } = world();
    const get: typeof store.get = async (id) => {
      if (id === second.id) throw new Error('the table is out of reach');
      return store.get(id);
    };
    const naming = { ...first, beside: [second.id] };
    expect(await stage.worker({ store: { ...store, get } })(doorbells(naming))).toEqual(nothing);
    expect(idsTold()).toEqual([first.id]);
    expect(await stage.worker()(doorbells(second))).toEqual(nothing);
    expect(alertsTold(world())).toHaveLength(2);
    expect(repeats()).toEqual([]);
  });
});

describe('a worker', () => {
  test('has one connection to a service', async () => {
    const rung = await ring(Array(5).fill('dmitry'));
    const { pushover } = world().simulators.traffic;
    pushover.fault = () => ({ delayMs: 30 });
    await stage.worker()(doorbells(...rung));
    expect(alertsTold(world())).toHaveLength(5);
    expect(pushover.requestsAtOnce.most).toBe(1);
  });

  test('tries an account that has to wait once, and rings again for when the wait is over', async () => {
    const rung = await ring(['dmitry', 'anna', 'default']);
    const { pushover, traffic } = world().simulators;
    pushover.remaining = 0;
    pushover.resetsAt = (world().now() + 10 * minuteMs) / 1000;
    const worker = stage.worker();
    expect(await worker(doorbells(...rung))).toEqual(nothing);
    expect(traffic.pushover.requests).toHaveLength(1);
    expect(report()?.rungAgain).toHaveLength(3);
    await worker(doorbells(...rung));
    expect(traffic.pushover.requests).toHaveLength(1);
    expect(report()).toMatchObject({ fired: [], unfinished: [] });
    world().pass(10 * minuteMs);
    pushover.remaining = 100;
    await worker(doorbells(...rung));
    expect(alertsTold(world())).toHaveLength(3);
  });

  test('keeps to the times and channels that the users’ tab last gave', async () => {
    const { store } = world();
    await store.writeUsers([{ user: 'dmitry', timeZone: 'Asia/Tokyo', quiet: undefined, notify: [] } as never]);
    const rung = await ring(['dmitry']);
    await store.writeUsers([{ user: 'dmitry', timeZone: 'Asia/Tokyo', quiet: undefined, notify: [] } as never]);
    await stage.worker()(doorbells(...rung));
    expect(received(world())[0]?.text).toContain('21:00');
  });

  test('that cannot ring again says so, and leaves it to the next check', async () => {
    const rung = await ring(['dmitry']);
    world().simulators.traffic.pushover.fault = () => pushoverDown;
    const problem = { message: 'SQS took no message', remedy: 'check it' };
    const doorbell = { ring: async (rings: readonly never[]) => ({ refused: rings, problems: [problem] }) };
    expect(await stage.worker({ doorbell })(doorbells(...rung))).toEqual(nothing);
    expect(report()).toMatchObject({
      rungAgain: [],
      problems: ['not rung again, so the next check delivers: SQS took no message; check it'],
    });
  });

  test('does not start without a queue', () => {
    expect(() => createWorker(readConfig(world().environment))).toThrow(
      'SQS_QUEUE_URL is not set; expected the address',
    );
  });
});

describe('what nobody can read', () => {
  beforeEach(() => ring(['dmitry']));

  test('is dropped, each with what was expected, and the rest of its batch is told', async () => {
    const { Records } = doorbells('hello', { v: 2, ids: ['row-9'] }, { v: 1, id: 'row-9' });
    const event = { Records: [...Records, { body: '{"v":1,"id":"row-9","fireId":"f"}' }, 'nonsense'] };
    expect(await stage.worker()(event)).toEqual(nothing);
    const expected = 'expected {"v":1,"id":"…","fireId":"…"}';
    expect(report()).toMatchObject({
      messages: 5,
      dropped: [
        `message m-0: ${expected}, got a body that is no JSON`,
        `message m-1: ${expected}, got version 2: another version of this program rang`,
        `message m-2: ${expected}; wrong or missing: fireId`,
        `message number 4 of the batch, without a messageId: ${expected}, got a body that is no JSON`,
        `message number 5 of the batch, without a messageId: ${expected}, got a body that is no JSON`,
      ],
    });
    expect(world().log.filter(({ message }) => message === 'a message of the queue is dropped')).toHaveLength(5);
  });

  test.each([undefined, {}, { source: 'schedule' }, { Records: 'all' }, []])(
    'as an event is an error: %j',
    async (event) => {
      await expect(stage.worker()(event)).rejects.toThrow(
        'the event is not right: expected an event of SQS, {"Records":[{"messageId":"…","body":"…"}]}',
      );
    },
  );
});
