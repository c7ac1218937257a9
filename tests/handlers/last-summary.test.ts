import { beforeEach, describe, expect, test } from '@jest/globals';
import { NothingChecked } from '../../src/flows/check.js';
import { trafficOfExchanges } from '../support/every-exchange.js';
import { oneForEach } from '../support/lifetime.js';
import { createWorld, minuteMs } from '../support/world.js';

const world = oneForEach(() => createWorld());
beforeEach(() => {
  world.simulators.market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
});

const row = ['BTCUSDT', 'above', 93000, 'dmitry'];
const refused = () => ({ outcome: { status: 451, body: {} } });

describe('the last summary', () => {
  test('is kept of every run that is not dry', async () => {
    const first = await world.checkOf(row);
    expect(await world.store.readSummary()).toEqual({ summary: first, leftOut: {} });
    world.pass(minuteMs);
    expect((await world.check({ dryRun: true })).fired).toEqual([]);
    expect(await world.store.readSummary()).toEqual({ summary: first, leftOut: {} });
    const third = await world.checkOf(row, ['ETHUSDT', 'above', 'many', 'dmitry']);
    expect(third.sheet.rowErrors).toHaveLength(1);
    expect(await world.store.readSummary()).toEqual({ summary: third, leftOut: {} });
  });

  test('is kept of a run that could check nothing, too', async () => {
    for (const traffic of trafficOfExchanges(world.simulators)) traffic.fault = refused;
    const failed = await world.checkOf(row).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NothingChecked);
    const { summary } = failed as NothingChecked;
    expect(summary.requests.binance).toEqual({ sent: 1, failed: 1, meanMs: 0, longestMs: 0 });
    expect(world.metrics.at(-1)).toMatchObject({ RunCompleted: 0, RequestsFailed: expect.any(Number) });
    expect(world.metrics.at(-1)?.RequestsFailed).toBeGreaterThan(0);
    expect(await world.store.readSummary()).toEqual({ summary, leftOut: {} });
  });

  test('of a run whose checkpoint was not written says so', async () => {
    const store = { ...world.store, writeCheckpoint: () => Promise.reject(new Error('the table is full')) };
    world.rows(row);
    const summary = await world.handler({ store })();
    expect(summary.problems).toEqual(['the table is full']);
    expect(await world.store.readSummary()).toEqual({ summary, leftOut: {} });
  });

  test('that cannot be kept is a problem of the answer and a warning, and stops nothing', async () => {
    const store = { ...world.store, saveSummary: () => Promise.reject(new Error('the table is full')) };
    world.rows(row);
    const summary = await world.handler({ store })();
    expect(summary).toMatchObject({ fired: [{ outcome: 'accepted' }], problems: ['the table is full'] });
    const warned = { level: 'warn', message: 'the last summary is not kept', fields: { reason: 'the table is full' } };
    expect(world.log).toContainEqual(warned);
  });
});
