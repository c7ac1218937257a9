import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import type { Cell } from '../../src/domain/columns.js';
import { exchangeNames } from '../../src/domain/market.js';
import { minuteMs } from '../../src/domain/time.js';
import { createWorld, received, type World } from '../support/world.js';

const withPerpetuals = Object.values(exchanges).flatMap(({ name, perpetuals }) => (perpetuals ? [name] : []));

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** Of the day on which the world begins, at 12:00. */
const at = (time: string): number => Date.parse(`2026-01-15T${time}Z`);

async function checkAt(time: string) {
  world.pass(at(time) - world.now());
  return world.check();
}

const list = (exchange: 'binance' | 'bybit', symbol: string, price: string): void =>
  world.simulators.market.list(exchange, symbol, { price });

/** Symbol, condition, price and exchange of each row. */
const rows = (...asked: readonly (readonly [Cell, Cell, Cell, Cell?])[]): void =>
  world.rows(
    ...asked.map(([symbol, condition, price, exchange = '']) => [symbol, condition, price, 'dmitry', exchange]),
  );

const lines = (): string[][] => received(world).map(({ title, text }) => [title, ...text.split('\n')]);
const stored = async () => (await world.store.list()).alerts;

describe('a perpetual', () => {
  test('is touched between two checks, and the message shows the symbol as the row has it', async () => {
    list('binance', 'BTCUSDT', '90000');
    list('binance', 'BTCUSDT.P', '94000');
    rows(['BINANCE:BTCUSDT.P', 'above', 95000]);
    await world.check();
    world.simulators.market.move('binance', 'BTCUSDT.P', [
      { at: at('12:02:10'), price: '95100' },
      { at: at('12:03:10'), price: '94100' },
    ]);
    const { fired } = await checkAt('12:05:20');
    expect(fired).toMatchObject([{ exchange: 'binance', symbol: 'BTCUSDT.P', price: '95100', outcome: 'accepted' }]);
    expect(lines()).toEqual([
      ['BINANCE:BTCUSDT.P above 95000', 'touched 95100 at 12:02 UTC, now 94100', 'binance:BTCUSDT.P'],
    ]);
  });

  test('falls back to the same perpetual elsewhere, and never to spot', async () => {
    list('binance', 'BTCUSDT', '96000');
    list('bybit', 'BTCUSDT', '96000');
    list('binance', 'BTCUSDT.P', '94000');
    list('bybit', 'BTCUSDT.P', '94000');
    rows(['BTCUSDT.P', 'above', 95000, 'binance']);
    await world.check();
    world.simulators.traffic.binanceFutures.fault = () => ({ outcome: { status: 503, body: '' } });
    const quiet = await checkAt('12:05:20');
    expect(quiet.fired).toEqual([]);
    expect(quiet.exchanges).toMatchObject([
      { exchange: 'binance.P', state: 'down' },
      { exchange: 'bybit.P', state: 'up' },
    ]);
    world.simulators.market.move('bybit', 'BTCUSDT.P', [{ at: at('12:06:10'), price: '95100' }]);
    expect((await checkAt('12:10:20')).fired).toMatchObject([{ exchange: 'bybit', symbol: 'BTCUSDT.P' }]);
    expect(lines()[0]?.[2]).toBe('bybit:BTCUSDT.P (binance gave no price)');
  });

  test('of many at once is told by its own name, and what has no perpetuals says so', async () => {
    list('binance', '1000PEPEUSDT.P', '0.012');
    list('bybit', 'BTCUSDT.P', '94000');
    rows(['PEPEUSDT.P', 'above', 0.01], ['BTCUSDT.P', 'above', 95000, 'coinbase'], ['COINBASE:BTCUSD', 'above', 1]);
    const { markets } = await world.check();
    expect(new Map(markets.failed.map(({ exchange, symbol, reason }) => [`${exchange}:${symbol}`, reason]))).toEqual(
      new Map([
        [
          'coinbase:BTCUSDT.P',
          `its perpetual markets are not read; write ${withPerpetuals.join(' or ')}, or leave the exchange blank`,
        ],
        [
          'binance:PEPEUSDT.P',
          'the exchange does not list this symbol, but many of it at once: write 1000PEPEUSDT.P, and what that costs as the price',
        ],
        ['coinbase:BTC-USD', 'the exchange does not list this symbol'],
      ]),
    );
  });

  test('that is settling, and one whose shares are not traded, have no price', async () => {
    const { market } = world.simulators;
    market.list('binance', 'SRMUSDT.P', { price: '0.3', contract: 'settling' });
    market.list('binance', 'TSLAUSDT.P', { price: '400', contract: 'tradfi' });
    world.pass(25 * 60 * minuteMs);
    rows(['SRMUSDT.P', 'above', 0.1, 'binance'], ['TSLAUSDT.P', 'above', 1, 'binance']);
    const { markets, fired } = await world.check();
    expect(fired).toEqual([]);
    expect(markets.failed.map(({ reason }) => reason)).toEqual([
      'listed, but without a price (the contract is SETTLING)',
      'listed, but without a price (nothing was traded since 2026-01-15 12:00 UTC; a contract on a share or a commodity pauses with the market of that)',
    ]);
  });

  test('is one alert however its row names the exchange', async () => {
    list('bybit', 'ETHUSDT.P', '3000');
    rows(['BYBIT:ETHUSDT.P', 'above', 3500]);
    await world.check();
    const [first] = await stored();
    rows(['ethusdt.p', 'above', 3500, 'bybit']);
    await checkAt('12:05:00');
    expect((await stored()).map(({ id, armedAt }) => [id, armedAt])).toEqual([[first?.id, first?.armedAt]]);
    rows(['BYBIT:ETHUSDT.P', 'above', 3500, 'binance'], ['KRAKEN:ETHUSD', 'above', 3500]);
    const { sheet } = await checkAt('12:10:00');
    expect(sheet.rowErrors.map(({ message }) => message)).toEqual([
      'exchange: "binance" contradicts BYBIT: in the symbol cell; write one exchange in both, or leave this cell blank',
      `symbol: expected ${exchangeNames.map((name) => `${name.toUpperCase()}:`).join(', ')} or nothing before the symbol, got "KRAKEN:ETHUSD"`,
    ]);
  });
});

describe('funding', () => {
  const setFunding = (exchange: 'binance' | 'bybit', rate: string, hours = 8): void =>
    world.simulators.market.setFunding(exchange, 'BTCUSDT.P', rate, hours);
  beforeEach(() => {
    list('binance', 'BTCUSDT', '94000');
    list('binance', 'BTCUSDT.P', '94000');
    list('bybit', 'BTCUSDT.P', '94000');
  });

  test.each<{ asked: [condition: string, target: Cell]; rate: string; hours: number; says: string | undefined }>([
    {
      asked: ['funding above', '0.05%'],
      rate: '0.00061200',
      hours: 8,
      says: 'funding 0.0612 % per 8 h (67 % a year), longs pay; next 16:00 UTC',
    },
    { asked: ['funding above', '0.0612%'], rate: '0.00061199', hours: 8, says: undefined },
    {
      asked: ['фандинг ниже', '-0.25%'],
      rate: '-0.00250000',
      hours: 4,
      says: 'funding -0.25 % per 4 h (-548 % a year), shorts pay; next 16:00 UTC',
    },
    {
      asked: ['funding below', '0%'],
      rate: '0.00000000',
      hours: 1,
      says: 'funding 0 % per 1 h (0 % a year), nobody pays; next 13:00 UTC',
    },
    { asked: ['funding below', '0%'], rate: '0.00000001', hours: 1, says: undefined },
    {
      asked: ['funding above', '10.95% apr'],
      rate: '0.00010000',
      hours: 8,
      says: 'funding 0.01 % per 8 h (11 % a year), longs pay; next 16:00 UTC',
    },
    { asked: ['funding above', '10.9500001% apr'], rate: '0.00010000', hours: 8, says: undefined },
    {
      asked: ['funding above', '20% apr'],
      rate: '0.00010000',
      hours: 4,
      says: 'funding 0.01 % per 4 h (22 % a year), longs pay; next 16:00 UTC',
    },
  ])('$asked at $rate per $hours h: $says', async ({ asked: [condition, target], rate, hours, says }) => {
    setFunding('binance', rate, hours);
    rows(['BTCUSDT', condition, target]);
    const { markets } = await world.check();
    expect(markets).toEqual({ checked: 1, failed: [] });
    expect(lines().map(([, line]) => line)).toEqual(says === undefined ? [] : [says]);
    // No price was asked for, and no candle.
    const paths = world.simulators.traffic.binanceFutures.requests.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['/fapi/v1/premiumIndex', '/fapi/v1/fundingInfo', '/fapi/v1/exchangeInfo']));
    expect(world.simulators.traffic.binance.requests).toEqual([]);
  });

  test('a percentage that was typed is one, and the facts of a fire are the rate', async () => {
    setFunding('binance', '-0.00061200');
    rows(['BTCUSDT', 'funding below', -0.0005]);
    world.simulators.google.tabs.set('Alerts', [
      ['symbol', 'condition', 'price'],
      ['BTCUSDT', 'funding below', '-0.05%'],
    ]);
    const { fired } = await world.check();
    expect(fired).toMatchObject([
      { symbol: 'BTCUSDT.P', condition: 'funding below', targetPrice: '-0.05%', price: '-0.0612%' },
    ]);
  });

  test('an alert that has a market waits for it, while a new one takes the next exchange', async () => {
    setFunding('binance', '0.00010000');
    setFunding('bybit', '0.00100000');
    rows(['BTCUSDT', 'funding above', '0.05%']);
    await world.check();
    world.simulators.traffic.binanceFutures.fault = () => ({ outcome: { status: 503, body: '' } });
    rows(['BTCUSDT', 'funding above', '0.05%'], ['BTCUSDT.P', 'funding above', '0.06%']);
    const { fired, markets } = await checkAt('12:05:00');
    expect(fired).toMatchObject([{ exchange: 'bybit', symbol: 'BTCUSDT.P', targetPrice: '0.06%' }]);
    expect(markets.failed).toEqual([
      { exchange: 'binance', symbol: 'BTCUSDT.P', reason: 'the exchange did not answer: HTTP 503' },
    ]);
    world.simulators.traffic.binanceFutures.fault = () => undefined;
    setFunding('binance', '0.00060000');
    expect((await checkAt('12:10:00')).fired).toMatchObject([{ exchange: 'binance', targetPrice: '0.05%' }]);
  });

  test('back is in points, and armed again it fires afresh; a put-off push keeps its facts', async () => {
    world.simulators.google.tabs.set('Alerts', [
      ['symbol', 'condition', 'price', 'repeat'],
      ['BTCUSDT.P', 'funding above', '0.05%', 'back 0.02%'],
    ]);
    const fires: string[] = [];
    for (const [time, rate] of [
      ['12:05:00', '0.00060000'],
      ['12:10:00', '0.00031000'],
      ['12:15:00', '0.00070000'],
      ['12:20:00', '0.00030000'],
      ['12:25:00', '0.00080000'],
      ['12:30:00', '0.00090000'],
    ] as const) {
      setFunding('binance', rate);
      if ((await checkAt(time)).fired.length > 0) fires.push(time);
    }
    expect(fires).toEqual(['12:05:00', '12:25:00']);
  });

  test('what a phone did not take is told by the next run, with its rate and its time', async () => {
    setFunding('binance', '-0.00060000');
    rows(['BTCUSDT.P', 'funding below', '0%']);
    const { pushover } = world.simulators.traffic;
    pushover.fault = () => ({ outcome: { status: 503, body: '' } });
    await world.check();
    pushover.fault = () => undefined;
    setFunding('binance', '0.00010000');
    await checkAt('12:10:00');
    expect(lines().map(([, ...told]) => told.find((line) => line.startsWith('funding')))).toEqual([
      'funding at 12:00 UTC -0.06 % per 8 h (-66 % a year), shorts pay; next 16:00 UTC',
    ]);
  });

  test('has an end, and no rate where the exchange has none', async () => {
    setFunding('binance', '');
    setFunding('bybit', '');
    world.simulators.google.tabs.set('Alerts', [
      ['symbol', 'condition', 'price', 'expires'],
      ['BTCUSDT.P', 'funding above', '-1%', '1h'],
      ['ETHUSDT', 'funding above', '-1%', ''],
    ]);
    const { markets, silent } = await world.check();
    expect(markets.failed).toEqual([
      {
        exchange: 'binance',
        symbol: 'BTCUSDT.P',
        reason: 'listed, but without a funding rate (expected a decimal such as 0.0001 or -0.00025)',
      },
      { exchange: 'binance', symbol: 'ETHUSDT.P', reason: 'the exchange does not list this symbol' },
    ]);
    expect(silent).toEqual({ 'no-price': 2 });
    setFunding('binance', '0.5');
    await checkAt('13:01:00');
    expect(received(world).map(({ title }) => title)).toEqual(['Alert is over: BTCUSDT.P funding above -1%']);
  });
});
