import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import { createWorld, minuteMs, received, type World } from '../support/world.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  const { market } = world.simulators;
  market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  market.list('binance', 'ETHUSDT', { price: '3000.00000000' });
});
afterEach(() => world.close());

const eth = ['ETHUSDT', 'above', 9000];

/** A check of these rows, five minutes after the one before. */
async function checkOf(...rows: (readonly Cell[])[]) {
  world.rows(...rows);
  world.pass(5 * minuteMs);
  return world.check();
}

const titles = () => received(world).map(({ title }) => title);

describe('a row that is cut and pasted back', () => {
  const btc = (notes = '') => ['BTCUSDT', 'above', 93000, 'dmitry', '', '', '', notes];

  test('after it fired stays fired, whatever its notes say now', async () => {
    const createdAt = world.now() + 5 * minuteMs;
    await checkOf(btc('sell half'), eth);
    await checkOf(eth);
    const summary = await checkOf(btc('sell all'), eth);
    expect(summary.fired).toEqual([]);
    expect(titles()).toEqual(['BTCUSDT above 93000']);
    expect((await world.store.list()).alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { status: 'triggered', triggeredCount: 1, triggeredAt: createdAt, notes: 'sell all', createdAt },
    ]);
  });

  test('more than an hour after it fired is armed again, and its history stays', async () => {
    const createdAt = world.now() + 5 * minuteMs;
    await checkOf(btc(), eth);
    await checkOf(eth);
    world.pass(60 * minuteMs);
    await checkOf(btc(), eth);
    expect(titles()).toHaveLength(2);
    expect((await world.store.list()).alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { status: 'triggered', triggeredCount: 2, createdAt },
    ]);
  });

  test('before it fired is armed from then on, and keeps the day of its creation', async () => {
    const high = ['BTCUSDT', 'above', 95000];
    const createdAt = world.now() + 5 * minuteMs;
    await checkOf(high, eth);
    await checkOf(eth);
    await checkOf(high, eth);
    expect((await world.store.list()).alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { status: 'pending', armedAt: world.now(), createdAt, triggeredCount: 0 },
    ]);
  });
});
