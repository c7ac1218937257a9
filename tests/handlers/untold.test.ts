import { beforeEach, describe, expect, test } from '@jest/globals';
import { oneForEach } from '../support/lifetime.js';
import { at, createWorld, minuteMs } from '../support/world.js';

const world = oneForEach(() => createWorld({}, at('12:00:00'), ['telegram']));
beforeEach(() => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '96000.00000000' });
});

const rows = [95000, 95100].map((price) => ['BTCUSDT', 'above', price, 'dmitry']);
const warned = () => world.log.filter(({ level }) => level === 'warn');
const counted = () => {
  const { PushesAccepted, PushesRejected, ChannelsRefused, ChannelsGivenUp } = world.metrics.at(-1) ?? {};
  return { PushesAccepted, PushesRejected, ChannelsRefused, ChannelsGivenUp };
};

describe('one channel', () => {
  test('that refuses while another accepts is told once for its user, warned of and counted', async () => {
    for (const chat of world.simulators.channels.telegram.chats.keys()) {
      world.simulators.channels.telegram.chats.set(chat, 'blocked');
    }
    const { fired, untold } = await world.checkOf(...rows);
    expect(fired).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    expect(untold).toEqual([
      {
        user: 'dmitry',
        channel: 'telegram',
        outcome: 'rejected',
        alerts: 2,
        alertId: fired[0]?.alertId,
        detail: expect.stringContaining('blocked'),
      },
    ]);
    expect(warned()).toEqual([{ level: 'warn', message: 'not told on a channel', fields: untold[0] }]);
    expect(counted()).toEqual({ PushesAccepted: 2, PushesRejected: 0, ChannelsRefused: 2, ChannelsGivenUp: 0 });
    world.pass(5 * minuteMs);
    expect((await world.check()).untold).toEqual([]);
  });

  test('that answers nobody for an hour after another accepted is given up, which is told alike', async () => {
    world.simulators.traffic.telegram.fault = () => ({ outcome: { status: 500, body: {} } });
    await world.checkOf(rows[0] as string[]);
    expect(counted()).toMatchObject({ ChannelsRefused: 0, ChannelsGivenUp: 0 });
    world.pass(60 * minuteMs);
    const { fired, untold } = await world.check();
    expect(fired).toMatchObject([{ outcome: 'accepted' }]);
    expect(untold).toMatchObject([{ user: 'dmitry', channel: 'telegram', outcome: 'given-up', alerts: 1 }]);
    expect(warned()).toEqual([{ level: 'warn', message: 'not told on a channel', fields: untold[0] }]);
    expect(counted()).toMatchObject({ PushesAccepted: 1, ChannelsGivenUp: 1 });
  });
});
