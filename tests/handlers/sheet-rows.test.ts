import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import { oneForEach } from '../support/lifetime.js';
import { createWorld, minuteMs, received } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  const { market } = world.simulators;
  market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  market.list('binance', 'ETHUSDT', { price: '3000.00000000' });
});

const eth = ['ETHUSDT', 'above', 9000];

/** Of fires; that a row is wrong is told, too. */
const titles = () =>
  received(world).flatMap(({ title }) => (/ of the sheet (is|are) wrong$/.test(title) ? [] : [title]));

async function storedAlerts() {
  const { alerts } = await world.store.list();
  return alerts.map(({ id, symbol, condition, status }) => ({
    id,
    asks: `${symbol} ${condition.kind} ${condition.target.text}`,
    status,
  }));
}

const asked = async () => (await storedAlerts()).map(({ asks }) => asks).toSorted();

describe('a row that is cut and pasted back', () => {
  const btc = (notes = '') => ['BTCUSDT', 'above', 93000, 'dmitry', '', '', '', notes];

  test('after it fired stays fired, whatever its notes say now', async () => {
    const createdAt = world.now() + 5 * minuteMs;
    await world.checkOf(btc('sell half'), eth);
    await world.checkOf(eth);
    const summary = await world.checkOf(btc('sell all'), eth);
    expect(summary.fired).toEqual([]);
    expect(titles()).toEqual(['BTCUSDT above 93000']);
    expect((await world.store.list()).alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { status: 'triggered', triggeredCount: 1, triggeredAt: createdAt, notes: 'sell all', createdAt },
    ]);
  });

  test('more than an hour after it fired is armed again, and its history stays', async () => {
    const createdAt = world.now() + 5 * minuteMs;
    await world.checkOf(btc(), eth);
    await world.checkOf(eth);
    world.pass(60 * minuteMs);
    await world.checkOf(btc(), eth);
    expect(titles()).toHaveLength(2);
    expect((await world.store.list()).alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { status: 'triggered', triggeredCount: 2, createdAt },
    ]);
  });

  test('before it fired is armed from then on, and keeps the day of its creation', async () => {
    const high = ['BTCUSDT', 'above', 95000];
    const createdAt = world.now() + 5 * minuteMs;
    await world.checkOf(high, eth);
    await world.checkOf(eth);
    await world.checkOf(high, eth);
    expect((await world.store.list()).alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { status: 'pending', armedAt: world.now(), createdAt, triggeredCount: 0 },
    ]);
  });
});

describe('a row that cannot be read', () => {
  const old = ['BTCUSDT', 'above', 95000, 'dmitry'];
  const changed = ['BTCUSDT', 'above', 99000, 'dmitry'];

  test.each<{ what: string; row: readonly Cell[]; wrong: number }>([
    { what: 'of another symbol', row: ['SOLUSDT', 'above', '95,5'], wrong: 1 },
    { what: 'of no readable symbol and another target', row: ['SOL USDT!', 'above', 300], wrong: 1 },
    { what: 'of no readable symbol and the other direction', row: ['SOL USDT!', 'below', 95000], wrong: 1 },
    { what: 'with an id of its own', row: ['BTCUSDT', 'above', '95,5', '', '', '', '', '', 'mine'], wrong: 1 },
    { what: 'because it is a heading', row: ['— swing trades —'], wrong: 0 },
    { what: 'because it is a heading with an id', row: ['swing trades', '', '', '', '', '', '', '', 'h-1'], wrong: 0 },
  ])('$what leaves a changed price its way: the old target is silent', async ({ row, wrong }) => {
    await world.checkOf(row, old, eth);
    const summary = await world.checkOf(row, changed, eth);
    expect(summary.sheet).toMatchObject({ status: 'ok', rows: 2 + wrong, warnings: [] });
    expect(summary.sheet.rowErrors).toHaveLength(wrong);
    expect(await asked()).toEqual(['BTCUSDT above 99000', 'ETHUSDT above 9000']);
    world.simulators.market.setPrice('binance', 'BTCUSDT', '96000.00000000');
    world.pass(5 * minuteMs);
    expect((await world.check()).fired).toEqual([]);
  });

  test.each<{ what: string; row: readonly Cell[] }>([
    { what: 'whose price has a typing error', row: ['BTCUSDT', 'above', '95,5'] },
    { what: 'whose symbol has a typing error', row: ['BTC USDT!', 'above', 95000] },
    { what: 'of which only the direction can be read', row: ['BTC USDT!', 'above', '95,5'] },
    { what: 'of which only the price can be read', row: ['BTC USDT!', 'abov', '95000.0'] },
    { what: 'of which nothing can be read', row: ['BTC USDT!', 'abov', '95,5'] },
  ])('$what keeps the alert that may be its own', async ({ row }) => {
    await world.checkOf(old, eth);
    const summary = await world.checkOf(row, eth);
    expect(summary.sheet.rowErrors).toHaveLength(1);
    expect(await asked()).toEqual(['BTCUSDT above 95000', 'ETHUSDT above 9000']);
    expect(summary.sheet.warnings).toEqual([
      expect.stringContaining('kept although no row asks for it: BTCUSDT above 95000'),
    ]);
  });

  test('keeps the alert of its id, whatever else it says, and no other of its symbol', async () => {
    const withId = (cells: readonly Cell[], id: string) => [...cells, '', '', '', '', '', id];
    await world.checkOf(withId(['BTCUSDT', 'above', 95000], 'mine'), ['BTCUSDT', 'above', 97000], eth);
    await world.checkOf(withId(['ETHUSDT', 'abov', 95000], 'mine'), eth);
    expect(await asked()).toEqual(['BTCUSDT above 95000', 'ETHUSDT above 9000']);
  });

  test('is no row at all where a sheet is left with headings only: that sheet is refused', async () => {
    await world.checkOf(old, eth);
    expect((await world.checkOf(['— swing trades —'])).sheet).toMatchObject({
      status: 'refused',
      rows: 0,
      rowErrors: [],
    });
    expect(await asked()).toEqual(['BTCUSDT above 95000', 'ETHUSDT above 9000']);
  });
});

describe('copied rows', () => {
  const row = (price: Cell, id = 'mine') => ['BTCUSDT', 'above', price, 'dmitry', '', '', '', '', id];

  test('the one whose alert is stored keeps the id, wherever it stands; the other is an alert of its own', async () => {
    await world.checkOf(row(95000), eth);
    const summary = await world.checkOf(row(96000), row(95000), eth);
    expect(summary.sheet).toMatchObject({ status: 'ok', rowErrors: [] });
    expect(summary.sheet.warnings).toEqual([
      'the id "mine" stands in rows 2 and 3: row 3 keeps it, row 2 counts as a row without an id. Empty the id cell of the copied row',
    ]);
    expect(await storedAlerts()).toEqual(
      expect.arrayContaining([
        { id: 'mine', asks: 'BTCUSDT above 95000', status: 'pending' },
        { id: expect.stringMatching(/^[0-9a-f]{20}$/), asks: 'BTCUSDT above 96000', status: 'pending' },
      ]),
    );
  });

  test('what the copy fired does not fire again when the first row is changed, sorted or misspelt', async () => {
    await world.checkOf(row(95000), eth);
    await world.checkOf(row(95000), row(93000), eth);
    expect(titles()).toEqual(['BTCUSDT above 93000']);
    await world.checkOf(row(93000), row(95000), eth);
    await world.checkOf(row(93000), row(96000), eth);
    await world.checkOf(row(93000), row('96,5'), eth);
    expect(titles()).toEqual(['BTCUSDT above 93000']);
    expect(await asked()).toEqual(['BTCUSDT above 93000', 'BTCUSDT above 96000', 'ETHUSDT above 9000']);
  });

  test('with nothing stored the first keeps the id', async () => {
    const summary = await world.checkOf(row(95000), row(96000), row(97000), eth);
    expect(summary.sheet.warnings).toEqual([
      'the id "mine" stands in rows 2, 3 and 4: row 2 keeps it, rows 3 and 4 count as rows without an id. Empty the id cells of the copied rows',
    ]);
    expect((await storedAlerts()).filter(({ id }) => id === 'mine')).toMatchObject([{ asks: 'BTCUSDT above 95000' }]);
    expect(await asked()).toHaveLength(4);
  });

  test('that ask for the same are one alert, and the second is reported', async () => {
    const summary = await world.checkOf(row(93000), row('93000.0'), eth);
    expect(summary.sheet.rowErrors).toEqual([{ row: 3, message: expect.stringContaining('the same alert as row 2') }]);
    expect(titles()).toEqual(['BTCUSDT above 93000']);
  });
});
