import { afterEach, expect, test } from '@jest/globals';
import { createPriceSources } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { Summary } from '../../src/flows/summary.js';
import type { Fault, SeenRequest } from '../../src/simulators/faults.js';
import { createWorld, minuteMs, type World } from '../support/world.js';

/** In place of five seconds: long enough for an honest answer on a busy machine. */
const timeoutMs = 1_500;

const isCandles = ({ path }: SeenRequest): boolean => /klines?$|candles$/.test(path);
const hang = (request: SeenRequest): Fault | undefined => (isCandles(request) ? { outcome: 'hang' } : undefined);

let world: World;
afterEach(() => world.close());

const candleCalls = (name: 'binance' | 'coinbase' | 'coinbaseExchange') =>
  world.simulators.traffic[name].requests.filter(isCandles).length;

const check = () => world.handler({ exchanges: createPriceSources(readConfig(world.environment), timeoutMs) })();

/**
 * Armed five minutes ago: markets of Coinbase, whose day's range does not rule their targets out, and BTCUSDT.
 * The last of Coinbase and BTCUSDT were touched since, so that only candles tell.
 */
async function armed(coinbaseMarkets: number, extra: Readonly<Record<string, string>> = {}): Promise<void> {
  world = await createWorld(extra);
  const { market } = world.simulators;
  const symbols = Array.from({ length: coinbaseMarkets }, (_, index) => `A${index}-USD`);
  for (const symbol of symbols) market.list('coinbase', symbol, { price: '100.00', low24h: '45.00' });
  market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
  world.rows(...symbols.map((symbol) => [symbol, 'below', 50, 'anna', 'coinbase']), [
    'BTCUSDT',
    'above',
    95000,
    'dmitry',
    'binance',
  ]);
  await check();
  const move = (binance: string, coinbase: string): void => {
    world.pass(minuteMs);
    market.setPrice('binance', 'BTCUSDT', binance);
    for (const symbol of symbols.slice(-1)) market.setPrice('coinbase', symbol, coinbase);
  };
  move('95180.00000000', '40.00');
  move('94000.00000000', '100.00');
  world.pass(3 * minuteMs);
}

const fired = (summary: Summary) => summary.fired.map(({ exchange, symbol }) => `${exchange} ${symbol}`);

test('130 markets whose candles hang hold up no other exchange, cost 13 calls, and end with the run', async () => {
  await armed(130);
  const { traffic } = world.simulators;
  traffic.coinbase.fault = hang;
  traffic.coinbaseExchange.fault = hang;
  const standInAskedAtPush: number[] = [];
  traffic.pushover.fault = () => {
    standInAskedAtPush.push(candleCalls('coinbaseExchange'));
    return undefined;
  };
  world.operations.length = 0;
  const summary = await check();
  expect(fired(summary)).toEqual(['binance BTCUSDT']);
  // The stand-in is asked only when the first host's calls have timed out.
  expect(standInAskedAtPush).toEqual([0]);
  expect(candleCalls('coinbase')).toBeLessThanOrEqual(10);
  expect(candleCalls('coinbase') + candleCalls('coinbaseExchange')).toBeLessThanOrEqual(13);
  expect(summary.exchanges).toEqual([
    { exchange: 'binance', state: 'up' },
    { exchange: 'coinbase', state: 'up' },
  ]);
  expect(summary.markets.failed.map(({ exchange, reason }) => `${exchange}: ${reason}`)).toEqual(
    Array(130).fill(`coinbase: no candles: the exchange did not answer: no answer within ${timeoutMs} ms`),
  );
  expect(world.operations).toContain('PutItem');
  expect(world.metrics.at(-1)).toMatchObject({ RunCompleted: 1, ExchangesDown: 0, MarketsFailed: 130 });
});

test('where one host of an exchange hangs, its stand-in gives the candles of every market', async () => {
  await armed(12);
  world.simulators.traffic.coinbase.fault = hang;
  const summary = await check();
  expect(summary.markets.failed).toEqual([]);
  expect(fired(summary).toSorted()).toEqual(['binance BTCUSDT', 'coinbase A11-USD']);
  expect(candleCalls('coinbase')).toBeLessThanOrEqual(10);
  expect(candleCalls('coinbaseExchange')).toBe(12);
});

test('a request that timed out is sent once more in the same run', async () => {
  await armed(0);
  let calls = 0;
  world.simulators.traffic.binance.fault = (request) => {
    if (!isCandles(request)) return undefined;
    calls += 1;
    return calls === 1 ? { outcome: 'hang' } : undefined;
  };
  expect(fired(await check())).toEqual(['binance BTCUSDT']);
  expect(calls).toBe(2);
});

test('when the time is over nothing more is sent: no repeat, no stand-in, no market that waited', async () => {
  await armed(3, { CHECK_CONCURRENCY: '1' });
  const { traffic } = world.simulators;
  traffic.binance.fault = (request) => (isCandles(request) ? { outcome: { status: 400, body: {} } } : undefined);
  traffic.coinbase.fault = (request) => {
    if (isCandles(request)) world.pass(2 * minuteMs);
    return hang(request);
  };
  const summary = await check();
  expect([candleCalls('coinbase'), candleCalls('coinbaseExchange')]).toEqual([1, 0]);
  expect(summary.left.markets).toBeGreaterThanOrEqual(2);

  traffic.binance.fault = () => undefined;
  traffic.coinbase.fault = () => undefined;
  expect(fired(await check()).toSorted()).toEqual(['binance BTCUSDT', 'coinbase A2-USD']);
});
