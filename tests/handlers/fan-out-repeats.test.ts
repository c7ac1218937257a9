import { beforeEach, describe, expect, test } from '@jest/globals';
import { createFanOut } from '../support/fan-out.js';
import { oneForEach } from '../support/lifetime.js';
import { at } from '../support/world.js';

const stage = oneForEach(() => createFanOut());

const rows = Array.from({ length: 12 }, (_, index) => ({ id: `row-${index}`, repeat: 'back' }));
const header = ['id', 'symbol', 'condition', 'price', 'user_id', 'exchange', 'repeat', 'active'];

function move(path: Readonly<Record<string, string>>): void {
  const ticks = Object.entries(path).map(([time, price]) => ({ at: at(time), price }));
  stage.world.simulators.market.move('binance', 'BTCUSDT', ticks);
}

async function checkAt(time: string): Promise<Record<string, number>> {
  stage.world.pass(at(time) - stage.world.now());
  const { fired } = await stage.check();
  const counts: Record<string, number> = {};
  for (const { outcome } of fired) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** Claimed at 12:05; the price was on the other side and came again before anybody told it, and stays. */
describe('an alert with "back" that a check rang for', () => {
  beforeEach(async () => {
    const { google, market } = stage.world.simulators;
    market.list('binance', 'BTCUSDT', { price: '94000', high24h: '99000', low24h: '90000' });
    const cells = rows.map(({ id, repeat }) => [id, 'BTCUSDT', 'above', 95000, 'dmitry', 'binance', repeat, true]);
    google.tabs.set('Alerts', [header, ...cells]);
    await stage.check();
    move({ '12:02:00': '95100', '12:06:10': '94900', '12:08:20': '95200' });
    expect(await checkAt('12:05:00')).toEqual({ accepted: 9, rung: 3 });
  });

  test('fires afresh where its message was lost and the next check told it', async () => {
    await stage.queue.empty();
    expect(await checkAt('12:10:00')).toEqual({ accepted: 12 });
    expect(await checkAt('12:15:00')).toEqual({ accepted: 3 });
    expect(await checkAt('12:20:00')).toEqual({});
  });

  test('fires afresh where a worker came to it only after the next check had begun', async () => {
    // The next check has listed it, and looks at no price for it.
    stage.world.pass(at('12:10:00') - stage.world.now());
    const { store } = stage.world;
    const list: typeof store.list = async () => {
      const listed = await store.list();
      await stage.drain();
      return listed;
    };
    const doorbell = { ring: async () => ({ refused: [], problems: [] }) };
    await stage.world.handler({ doorbell, store: { ...store, list } })();
    expect(await checkAt('12:15:00')).toMatchObject({ accepted: 3 });
  });
});
