import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import { oneForEach } from '../support/lifetime.js';
import { at, createWorld, received } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '94000', high24h: '99000', low24h: '90000' });
});

const header = ['symbol', 'condition', 'price', 'user_id', 'repeat', 'expires', 'priority', 'active'];

function row(cells: Readonly<Record<string, Cell>>): void {
  const asked: Readonly<Record<string, Cell>> = { symbol: 'BTCUSDT', condition: 'above', price: 95000, ...cells };
  world.simulators.google.tabs.set('Alerts', [header, header.map((name) => asked[name] ?? '')]);
}

function move(path: Readonly<Record<string, string>>): void {
  const ticks = Object.entries(path).map(([time, price]) => ({ at: at(time), price }));
  world.simulators.market.move('binance', 'BTCUSDT', ticks);
}

const fires = async (...times: string[]): Promise<string[]> => {
  const fired: string[] = [];
  for (const time of times) if ((await world.checkAt(time)).fired.length > 0) fired.push(time);
  return fired;
};

describe('an alert that repeats', () => {
  test('after a duration is armed again, and a condition that is still true reminds', async () => {
    row({ repeat: '15m' });
    await world.check();
    move({ '12:02:00': '95100' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00', '12:20:30', '12:25:00', '12:36:00')).toEqual([
      '12:05:00',
      '12:20:30',
      '12:36:00',
    ]);
    expect(received(world)).toHaveLength(3);
  });

  test('always fires at every check at which the condition holds, and at no other', async () => {
    row({ repeat: 'always' });
    await world.check();
    move({ '12:02:00': '95100', '12:11:30': '94000' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00', '12:20:00')).toEqual(['12:05:00', '12:10:00', '12:15:00']);
  });

  test('once without the word, as ever', async () => {
    row({});
    await world.check();
    move({ '12:02:00': '95100' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00')).toEqual(['12:05:00']);
  });

  test('back waits for the other side, and then fires afresh', async () => {
    row({ repeat: 'back' });
    await world.check();
    move({ '12:02:00': '95100', '12:16:10': '94900', '12:23:20': '95200' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00', '12:20:00', '12:25:00', '12:30:00')).toEqual([
      '12:05:00',
      '12:25:00',
    ]);
  });

  test('back sees a price that was on the other side and came again between two checks', async () => {
    row({ repeat: 'back' });
    await world.check();
    move({ '12:02:00': '95100', '12:06:10': '94900', '12:08:20': '95200' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00')).toEqual(['12:05:00', '12:10:00']);
  });

  test('back 1% is not content with less', async () => {
    row({ repeat: 'back 1%' });
    await world.check();
    move({ '12:02:00': '95100', '12:06:10': '94500', '12:08:20': '95200', '12:12:10': '94000', '12:13:20': '95300' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00')).toEqual(['12:05:00', '12:15:00']);
  });

  test('says at the fifteenth fire within an hour that it is paused, and resumes from FALSE to TRUE', async () => {
    row({ repeat: 'always' });
    await world.check();
    move({ '12:00:30': '95100' });
    for (let minute = 1; minute <= 20; minute += 1) await world.checkAt(`12:${String(minute).padStart(2, '0')}:00`);
    const texts = received(world).map(({ text }) => text);
    expect(texts).toHaveLength(15);
    expect(texts.filter((text) => /paused/i.test(text))).toEqual([texts[14]]);
    row({ repeat: 'always', active: false });
    await world.checkAt('12:21:00');
    row({ repeat: 'always', active: true });
    expect(await fires('12:22:00', '12:23:00')).toEqual(['12:22:00', '12:23:00']);
  });

  test('and runs twice at the same moment, tells each fire once', async () => {
    row({ repeat: 'always' });
    await world.check();
    move({ '12:02:00': '95100' });
    for (const time of ['12:05:00', '12:10:00']) {
      world.pass(at(time) - world.now());
      await Promise.all([world.handler()(), world.handler()()]);
    }
    expect(received(world)).toHaveLength(2);
  });
});

describe('an alert that expires', () => {
  test('fires on a touch before its end that is seen later, and not on one after it', async () => {
    row({ expires: '2026-01-15 12:04' });
    await world.check();
    move({ '12:02:10': '95100', '12:02:40': '94000' });
    const { fired } = await world.checkAt('12:10:00');
    expect(fired).toMatchObject([{ touchedAt: '2026-01-15T12:02:00.000Z', outcome: 'accepted' }]);
  });

  test('is over when its window was seen to its end, which is told once and silently', async () => {
    row({ expires: '2026-01-15 12:04' });
    await world.check();
    move({ '12:04:10': '95100' });
    expect(await fires('12:05:00', '12:10:00', '12:15:00')).toEqual([]);
    expect(received(world).map(({ title }) => title)).toEqual(['Alert is over: BTCUSDT above 95000']);
    expect(world.simulators.pushover.received.map(({ fields }) => fields.priority)).toEqual(['-1']);
    row({ expires: '2026-01-15 18:00' });
    expect(await fires('12:20:00')).toEqual(['12:20:00']);
  });
});

describe('an end that is put off after it has passed', () => {
  test('and before a check has closed the window, loses nothing of it', async () => {
    row({ expires: '2026-01-15 12:04' });
    await world.check();
    move({ '12:06:10': '95100', '12:06:50': '94000' });
    world.pass(at('12:07:00') - world.now());
    row({ expires: '2026-01-15 18:00' });
    const { fired } = await world.checkAt('12:10:00');
    expect(fired).toMatchObject([{ touchedAt: '2026-01-15T12:06:00.000Z', outcome: 'accepted' }]);
  });

  test('and after the window was closed, arms afresh: what came between is not looked at', async () => {
    row({ expires: '2026-01-15 12:04' });
    await world.check();
    move({ '12:07:10': '95100', '12:07:50': '94000', '12:22:10': '95200', '12:22:50': '94000' });
    expect(await fires('12:06:30')).toEqual([]);
    row({ expires: '2026-01-15 18:00' });
    expect(await fires('12:15:00')).toEqual([]);
    const { fired } = await world.checkAt('12:25:00');
    expect(fired).toMatchObject([{ touchedAt: '2026-01-15T12:22:00.000Z' }]);
  });
});

describe('an urgent alert', () => {
  test('rings until it is acknowledged, and pausing its row ends the ringing', async () => {
    row({ priority: 'urgent' });
    await world.check();
    move({ '12:02:00': '95100' });
    await world.checkAt('12:05:00');
    const ringsUntil = () => [...world.simulators.pushover.urgent.values()].map(({ expiresAt }) => expiresAt * 1000);
    expect(ringsUntil()).toEqual([at('13:05:00')]);
    row({ priority: 'urgent', active: false });
    await world.checkAt('12:10:00');
    expect(ringsUntil()).toEqual([at('12:10:00')]);
  });

  test('whose answers were lost rings no more once its row is gone, though it is still to be told', async () => {
    const { traffic, pushover } = world.simulators;
    row({ priority: 'urgent' });
    await world.check();
    move({ '12:02:00': '95100' });
    traffic.pushover.fault = ({ path }) => (path.includes('messages') ? { outcome: 'lose-answer' } : undefined);
    await world.checkAt('12:05:00');
    world.simulators.google.tabs.set('Alerts', [header, ['BTCUSDT', 'below', 1]]);
    expect((await world.checkAt('12:10:00')).problems).toEqual([]);
    expect([...pushover.urgent.values()].map(({ expiresAt }) => expiresAt * 1000)).toEqual([
      at('12:10:00'),
      at('12:10:00'),
    ]);
  });
});
