import { expect, test } from '@jest/globals';
import { price } from '../../src/domain/price.js';
import { ok } from '../../src/domain/result.js';
import { check } from '../../src/flows/check.js';
import type { PriceSource } from '../../src/flows/ports/price-source.js';
import { at } from '../support/builders.js';
import { createFakeExchange } from '../support/fake-exchange.js';
import { createMemoryPorts, createTableSheet, runOf } from '../support/in-memory.js';
import type { Notifier } from '../support/one-channel.js';

const now = at('12:05');
const near = { last: price('94000'), high24h: price('96000'), low24h: price('93000') };

/** Two markets that need candles; those of ETHUSDT come when `isReady` says so. */
function createSource(isReady: Promise<void>): PriceSource {
  const tickers = { BTCUSDT: { ...near, last: price('95000') }, ETHUSDT: near };
  const source = createFakeExchange({ name: 'binance', tickers });
  return {
    ...source,
    candles: async (symbol, request) => {
      if (symbol === 'ETHUSDT') await isReady;
      return source.candles(symbol, request);
    },
  };
}

function createStage(push: Notifier['push'], isReady: Promise<void>) {
  const rows = [
    ['ETHUSDT', 'above', 95_000],
    ['BTCUSDT', 'above', 95_000],
  ];
  const sheet = Object.assign(createTableSheet(['symbol', 'condition', 'price']), { rows });
  let clock = at('12:00');
  const notifier: Notifier = {
    pushesAtATime: 2,
    users: async () => undefined,
    tokenFingerprint: async () => undefined,
    push,
  };
  const ports = createMemoryPorts({ exchanges: [createSource(isReady)], now: () => clock, sheet, notifier });
  return {
    async checkLater() {
      clock = now;
      return check(ports, runOf({ startedAt: now }));
    },
    arm: async () => {
      const quiet = createFakeExchange({ name: 'binance', tickers: { BTCUSDT: near, ETHUSDT: near } });
      await check({ ...ports, exchanges: [quiet] }, runOf({ startedAt: clock }));
    },
  };
}

test("a push does not wait for another market's candles", async () => {
  let arrived: () => void = () => undefined;
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  // The other market's candles come only after the push: were it to wait for them, nothing would ever come.
  const stage = createStage(async () => {
    arrived();
    return ok(undefined);
  }, hasArrived);
  await stage.arm();
  const summary = await stage.checkLater();
  expect(summary.fired).toMatchObject([{ symbol: 'BTCUSDT', outcome: 'accepted' }]);
  expect(summary.silent).toEqual({ 'not-touched': 1 });
});

test('a push that throws ends the run as an error, not the process', async () => {
  let thrown: () => void = () => undefined;
  const hasThrown = new Promise<void>((resolve) => {
    thrown = resolve;
  });
  const stage = createStage(
    async () => {
      // The candles come well after it, so that for a while nobody is waiting for the push.
      setImmediate(thrown);
      throw new Error('a bug');
    },
    hasThrown.then(() => new Promise((resolve) => setImmediate(resolve))),
  );
  await stage.arm();
  await expect(stage.checkLater()).rejects.toThrow('a bug');
});

test('the last summary is written beside the checkpoint, so that a run waits for both at once', async () => {
  const calls: string[] = [];
  const exchange = createFakeExchange({ name: 'binance', tickers: { BTCUSDT: near } });
  const sheet = Object.assign(createTableSheet(['symbol', 'condition', 'price']), {
    rows: [['BTCUSDT', 'above', 95_000]],
  });
  const ports = createMemoryPorts({ exchanges: [exchange], now: () => now, sheet });
  const noted =
    <Given extends unknown[]>(name: string, write: (...given: Given) => Promise<void>) =>
    async (...given: Given) => {
      calls.push(`${name} begins`);
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      await write(...given);
      calls.push(`${name} is there`);
    };
  const { store } = ports;
  await check(
    {
      ...ports,
      store: {
        ...store,
        writeCheckpoint: noted('checkpoint', store.writeCheckpoint),
        saveSummary: noted('summary', store.saveSummary),
      },
    },
    runOf({ startedAt: now }),
  );
  expect(calls).toEqual(['checkpoint begins', 'summary begins', 'checkpoint is there', 'summary is there']);
});
