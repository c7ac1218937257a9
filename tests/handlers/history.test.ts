import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import type { HistoryRecord } from '../../src/domain/history.js';
import { dayMs } from '../../src/domain/time.js';
import { oneForEach } from '../support/lifetime.js';
import { at, createWorld, received } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '94000', high24h: '99000', low24h: '90000' });
});

const header = ['id', 'symbol', 'condition', 'price', 'user_id', 'active', 'repeat', 'expires', 'priority', 'notes'];

function rows(...asked: Readonly<Record<string, Cell>>[]): void {
  const blank = { symbol: 'BTCUSDT', condition: 'above', price: 95000, id: 'one' };
  const cells = asked.map((row) => header.map((name) => ({ ...blank, ...row })[name] ?? ''));
  world.simulators.google.tabs.set('Alerts', [header, ...cells]);
}

const priceAt = (time: string, price: string): void =>
  world.simulators.market.move('binance', 'BTCUSDT', [{ at: at(time), price }]);

const recordsOf = async (): Promise<readonly HistoryRecord[]> =>
  (await world.history.read({ from: 0, to: at('12:00:00') + 366 * dayMs })).records;
const kinds = async (): Promise<string[]> => (await recordsOf()).map(({ kind, alert }) => `${alert.id} ${kind}`);

describe('what becomes of rows', () => {
  test('stands in the history once, and a check with nothing changed writes nothing into it', async () => {
    rows({});
    await world.check();
    for (const row of [{ notes: 'half' }, { notes: 'half', active: false }, { notes: 'half' }]) {
      rows(row);
      world.pass(60_000);
      await world.check();
    }
    world.operations.length = 0;
    world.pass(60_000);
    await world.check();
    expect(world.operations).not.toContain('BatchWriteItem');
    rows({ id: 'two' });
    world.pass(60_000);
    await world.check();
    expect(await kinds()).toEqual([
      ...['one created', 'one changed', 'one paused', 'one armed again'],
      ...['one expired', 'two created'],
    ]);
  });

  test('over says that its time has ended', async () => {
    rows({ expires: '2026-01-15 12:20' });
    await world.check();
    await world.checkAt('12:40:00');
    expect(await kinds()).toEqual(['one created', 'one over']);
  });

  test('of a dry run is nothing', async () => {
    rows({});
    await world.check({ dryRun: true });
    expect(await recordsOf()).toEqual([]);
  });
});

describe('a fire', () => {
  test('of an alert that repeats stands there each time, with what it was and who was told', async () => {
    rows({ repeat: 'always', user_id: 'dmitry' });
    await world.check();
    priceAt('12:02:00', '95100');
    await world.checkAt('12:05:00');
    await world.checkAt('12:10:00');
    const fires = (await recordsOf()).filter((each) => each.kind === 'fired');
    expect(fires).toMatchObject([
      {
        at: at('12:05:00'),
        alert: { id: 'one', user: 'dmitry', symbol: 'BTCUSDT', condition: 'above', target: '95000' },
        trigger: { market: { exchange: 'binance' }, price: '95100.00000000', touchedAt: at('12:02:00') },
        channels: [{ channel: 'pushover', outcome: 'accepted', at: at('12:05:00') }],
      },
      { at: at('12:10:00') },
    ]);
    expect(fires).toHaveLength(2);
  });

  test('is told once where the history fails, and stands there as soon as it does not', async () => {
    rows({});
    await world.check();
    priceAt('12:02:00', '95100');
    const history = { ...world.history, noteFire: () => Promise.reject(new Error('the history is away')) };
    const failed = await world.checkAt('12:05:00', world.handler({ history }));
    expect(failed).toMatchObject({
      fired: [{ alertId: 'one', outcome: 'accepted' }],
      problems: ['the history is away'],
      alerts: { notifying: 1, triggered: 0 },
    });
    expect(await world.checkAt('12:10:00')).toMatchObject({ problems: [], alerts: { notifying: 0, triggered: 1 } });
    expect(received(world)).toHaveLength(1);
    expect(await recordsOf()).toMatchObject([
      { kind: 'created' },
      { kind: 'fired', at: at('12:05:00'), channels: [{ outcome: 'accepted', at: at('12:05:00') }] },
    ]);
    expect(received(world)[0]?.text).not.toMatch(/possible repeat/i);
  });

  test('that rings until it is acknowledged says later who was there', async () => {
    rows({ priority: 'urgent' });
    await world.check();
    priceAt('12:02:00', '95100');
    await world.checkAt('12:05:00');
    for (const push of world.simulators.pushover.urgent.values()) push.acknowledgedAt = at('12:07:00') / 1000;
    const history = { ...world.history, noteAcknowledged: () => Promise.reject(new Error('the history is away')) };
    await world.checkAt('12:10:00', world.handler({ history }));
    expect(await recordsOf()).not.toMatchObject([{}, { channels: [{ acknowledgedAt: at('12:07:00') }] }]);
    await world.checkAt('12:15:00');
    expect(await recordsOf()).toMatchObject([
      { kind: 'created' },
      { kind: 'fired', channels: [{ channel: 'pushover', acknowledgedAt: at('12:07:00') }] },
    ]);
  });
});

describe('a wrong row that is new', () => {
  const wrong = { id: 'two', condition: 'abov', user_id: 'dmitry' };

  test('is told to its user, else the default one, once and silently', async () => {
    rows({}, wrong, { id: 'three', price: '95,000', user_id: 'nobody' }, { id: 'four', price: 'x', user_id: 'dmitry' });
    await world.check();
    const told = received(world);
    expect(told.map(({ user, title }) => [user, title]).toSorted()).toEqual([
      ['default', 'Row 4 of the sheet is wrong'],
      ['dmitry', '2 rows of the sheet are wrong'],
    ]);
    expect(told.find(({ user }) => user === 'dmitry')?.text).toMatch(/^Row 3: condition: .*abov.*\nRow 5: price: /);
    expect(world.simulators.pushover.received.map(({ fields }) => fields.priority)).toEqual(['-1', '-1']);
    await world.checkAt('12:05:00');
    expect(received(world)).toHaveLength(2);
  });

  test('is known again wherever it stands, costs nothing while it stays, and another one is news', async () => {
    rows(wrong);
    await world.check();
    rows({}, wrong);
    await world.checkAt('12:05:00');
    world.operations.length = 0;
    await world.checkAt('12:10:00');
    expect(world.operations.filter((name) => !/^(Get|Query)/.test(name))).toEqual(['PutItem', 'PutItem']);
    rows({}, wrong, { id: 'three', price: '' });
    await world.checkAt('12:15:00');
    expect(received(world).map(({ user }) => user)).toEqual(['dmitry', 'default']);
  });

  test('is told by one of two runs, and by no dry run', async () => {
    rows(wrong);
    await world.check({ dryRun: true });
    expect(received(world)).toEqual([]);
    await Promise.all([world.handler()(), world.handler()()]);
    expect(received(world)).toHaveLength(1);
  });

  test('among hundreds is counted', async () => {
    rows(...Array.from({ length: 250 }, (_, index) => ({ id: `row-${index}`, price: 'x' })));
    await world.check();
    expect(received(world)).toMatchObject([{ user: 'default', title: '250 rows of the sheet are wrong' }]);
    expect(world.operations.filter((name) => name === 'PutItem')).toHaveLength(3);
  });
});
