import { beforeEach, describe, expect, test } from '@jest/globals';
import { fakeKey } from '../support/fake-secret.js';
import { oneForEach } from '../support/lifetime.js';
import { createWorld, minuteMs, received, type World } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
});

const hourMs = 60 * minuteMs;
const users = ['dmitry', 'dmitry', 'anna', 'default'];
const rows = users.map((user, index) => ['BTCUSDT', 'above', 90000 + index, user]);

/** What reached Pushover, whatever came of it. */
const asked = () => world.simulators.traffic.pushover.requests.length;

async function checkAfter(ms: number) {
  world.pass(ms);
  const { fired } = await world.check();
  return fired.map(({ outcome }) => outcome);
}

async function notifying() {
  const { alerts } = await world.store.list();
  return alerts.filter(({ status }) => status === 'notifying').length;
}

describe('a used-up quota', () => {
  beforeEach(() => {
    const { pushover } = world.simulators;
    pushover.remaining = 0;
    pushover.resetsAt = (world.now() + 20 * 24 * hourMs) / 1000;
    world.rows(...rows);
  });

  test('costs one request in the run that meets it, whoever is told', async () => {
    expect(await checkAfter(0)).toEqual(Array(4).fill('deferred'));
    expect(asked()).toBe(1);
  });

  test('is asked about with one notification an hour, and once it is refilled everything follows in that check', async () => {
    await world.check();
    for (let run = 1; run < 12; run += 1) expect(await checkAfter(5 * minuteMs)).toEqual([]);
    expect(asked()).toBe(1);
    expect(await checkAfter(5 * minuteMs)).toEqual(Array(4).fill('deferred'));
    expect(asked()).toBe(2);
    world.simulators.pushover.remaining = 100;
    expect(await checkAfter(55 * minuteMs)).toEqual([]);
    expect(await checkAfter(5 * minuteMs)).toEqual(Array(4).fill('accepted'));
    expect(asked()).toBe(6);
    expect(received(world).filter(({ text }) => text.includes('repeat'))).toEqual([]);
  });

  test('is asked about at its reset where that is sooner', async () => {
    world.simulators.pushover.resetsAt = (world.now() + 20 * minuteMs) / 1000;
    expect((await world.check()).fired[0]?.detail).toMatch(/tried again from 12:20 UTC on$/);
    world.simulators.pushover.remaining = 100;
    expect(await checkAfter(15 * minuteMs)).toEqual([]);
    expect(await checkAfter(5 * minuteMs)).toEqual(Array(4).fill('accepted'));
  });

  test('holds back what fires meanwhile, and lets it be the one that asks', async () => {
    world.rows(...rows.slice(0, 1));
    await world.check();
    world.rows(...rows.slice(0, 1), ['BTCUSDT', 'above', 80000, 'anna']);
    expect(await checkAfter(5 * minuteMs)).toEqual(['deferred']);
    expect(asked()).toBe(1);
    world.simulators.pushover.remaining = 100;
    expect(await checkAfter(55 * minuteMs)).toEqual(['accepted', 'accepted']);
  });

  test('holds back the news of a wrong row too, which is told once it is refilled', async () => {
    world.rows(...rows, ['BTCUSDT', 'above', '95,000', 'dmitry']);
    const what = 'the news of a wrong row';
    expect((await world.check()).problems).toEqual([`${what} is not told yet: the account of pushover has to wait`]);
    await checkAfter(5 * minuteMs);
    expect(asked()).toBe(1);
    world.simulators.pushover.remaining = 100;
    expect(await checkAfter(55 * minuteMs)).toEqual(Array(4).fill('accepted'));
    await checkAfter(5 * minuteMs);
    const news = received(world).filter(({ title }) => title === 'Row 6 of the sheet is wrong');
    expect(news.map(({ user }) => user)).toEqual(['dmitry']);
    expect(asked()).toBe(6);
  });

  test('of a token that was changed is not waited for: the next check tries, and no token is on record', async () => {
    const { pushover, secrets, secret } = world.simulators;
    await world.check();
    const before = secret.pushover_api_token;
    const token = fakeKey('SecondToken');
    for (const [id, text] of secrets) secrets.set(id, text.replaceAll(before, token));
    pushover.token = token;
    pushover.remaining = 100;
    expect(await checkAfter(5 * minuteMs)).toEqual(Array(4).fill('accepted'));
    expect(asked()).toBe(5);
    const kept = JSON.stringify([await world.store.readCheckpoint(), await world.store.list(), world.log]);
    expect(kept).not.toContain(before);
    expect(kept).not.toContain(token);
  });

  test('of a changed token that is used up too is waited for again', async () => {
    const { pushover, secrets, secret } = world.simulators;
    await world.check();
    const token = fakeKey('SecondToken');
    for (const [id, text] of secrets) secrets.set(id, text.replaceAll(secret.pushover_api_token, token));
    pushover.token = token;
    expect(await checkAfter(5 * minuteMs)).toEqual(Array(4).fill('deferred'));
    expect(await checkAfter(5 * minuteMs)).toEqual([]);
    expect(asked()).toBe(2);
    pushover.remaining = 100;
    expect(await checkAfter(55 * minuteMs)).toEqual(Array(4).fill('accepted'));
  });

  test('is tried by the next check where the one notification got no answer', async () => {
    await world.check();
    const { pushover, traffic } = world.simulators;
    pushover.remaining = 100;
    traffic.pushover.fault = () => ({ outcome: { status: 500, body: { status: 0, errors: ['internal error'] } } });
    expect(await checkAfter(hourMs)).toEqual(Array(4).fill('deferred'));
    expect(asked()).toBe(2);
    traffic.pushover.fault = () => undefined;
    expect(await checkAfter(5 * minuteMs)).toEqual(Array(4).fill('accepted'));
  });

  test('is asked about with the next notification where the first found a key refused', async () => {
    await world.check();
    const { pushover, secret } = world.simulators;
    pushover.remaining = 100;
    for (const user of ['dmitry', 'default']) pushover.users.delete(secret.pushover_users[user] ?? '');
    const outcomes = await checkAfter(hourMs);
    expect(outcomes.toSorted()).toEqual(['accepted', 'rejected', 'rejected', 'rejected']);
    expect(received(world).map(({ user }) => user)).toEqual(['anna']);
    expect(asked()).toBe(4);
  });
});

describe('what Pushover refuses', () => {
  /** The instants at which something was asked, over six hours of checks every five minutes. */
  async function askedOverHours(): Promise<number[]> {
    const instants: number[] = [];
    for (let run = 0; run < 6 * 12; run += 1) {
      const before = asked();
      await world.check();
      for (let request = before; request < asked(); request += 1) instants.push(world.now());
      world.pass(5 * minuteMs);
    }
    return instants;
  }

  test.each([
    {
      what: 'a key',
      spoil: ({ pushover, secret }: World['simulators']) => pushover.users.delete(secret.pushover_users.dmitry ?? ''),
      rows: rows.map(([symbol, condition, target]) => [symbol, condition, target, 'dmitry']),
    },
    {
      what: 'the token',
      spoil: ({ pushover }: World['simulators']) => {
        pushover.token = fakeKey('SecondToken');
      },
      rows,
    },
  ])('$what: tried with one notification at a time, after an hour at the latest', async ({ spoil, rows }) => {
    world.rows(...rows);
    spoil(world.simulators);
    const instants = await askedOverHours();
    const waits = instants.slice(1).map((instant, index) => instant - (instants[index] ?? 0));
    expect(waits.slice(0, 2)).toEqual([15 * minuteMs, 30 * minuteMs]);
    expect(waits.slice(2)).toEqual(Array(5).fill(hourMs));
    expect(await notifying()).toBe(4);
  });
});
