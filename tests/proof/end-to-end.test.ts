import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { exchanges } from '../../src/adapters/exchanges/registry.js';
import { type ExchangeName, exchangeNames } from '../../src/domain/market.js';
import type { SeenRequest } from '../../src/simulators/faults.js';
import { createWorld, received, type World } from '../support/world.js';

const symbolOn = Object.fromEntries(
  Object.values(exchanges).map(({ name, toExchangeSymbol }) => [name, toExchangeSymbol('BTC-USDT', true) ?? '']),
) as Record<ExchangeName, string>;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  const { market } = world.simulators;
  for (const exchange of exchangeNames) market.list(exchange, symbolOn[exchange], { price: '94000.25' });
});
afterEach(() => world.close());

const secondMs = 1_000;
/** Of the day on which the world begins, at 12:00. */
const at = (time: string): number => Date.parse(`2026-01-15T${time}Z`);

function move(exchange: ExchangeName, path: Readonly<Record<string, string>>): void {
  const ticks = Object.entries(path).map(([time, price]) => ({ at: at(time), price }));
  world.simulators.market.move(exchange, symbolOn[exchange], ticks);
}

/** The clock goes on to that time, and a check takes place. */
async function checkAt(time: string) {
  world.pass(at(time) - world.now());
  return world.check();
}

const texts = (): string[] => received(world).map(({ text }) => text.split('\n')[0] ?? '');

const candleRequests = (requests: readonly SeenRequest[]): string[] =>
  requests.flatMap(({ path, query }) => {
    if (!/klines?$|candles$/.test(path)) return [];
    const asked = new URLSearchParams(query);
    return [asked.get('interval') ?? asked.get('granularity') ?? asked.get('bar') ?? ''];
  });

describe.each(exchangeNames)('on %s', (exchange) => {
  const [touched, now] = ['95180.75', '94000.25'];

  test('a price that comes and goes between two checks fires once, and says when, how far, and where it is now', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry', exchange], ['BTCUSDT', 'below', 93000, 'dmitry', exchange]);
    await world.check();
    move(exchange, { '12:02:10': '95010', '12:02:50': touched, '12:03:05': now });
    const { fired } = await checkAt('12:05:00');
    expect(fired).toMatchObject([{ exchange, touchedAt: '2026-01-15T12:02:00.000Z', outcome: 'accepted' }]);
    await checkAt('12:10:00');
    expect(texts()).toEqual([`touched ${touched} at 12:02 UTC, now ${now}`]);
  });

  test('alerts of one market share one candle call a run', async () => {
    world.rows(
      ['BTCUSDT', 'above', 95000, 'dmitry', exchange],
      ['BTCUSDT', 'above', 95001, 'anna', exchange],
      ['BTCUSDT', 'below', 93999, 'dmitry', exchange],
    );
    await world.check();
    move(exchange, { '12:02:10': '95000.5', '12:02:20': now });
    const requests = world.simulators.traffic[exchange].requests;
    requests.length = 0;
    expect((await checkAt('12:05:00')).fired).toHaveLength(1);
    expect(candleRequests(requests)).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });

  test('candles that fail leave the touch to the next check, with the right time', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry', exchange]);
    await world.check();
    move(exchange, { '12:02:10': touched, '12:03:05': now });
    const traffic = world.simulators.traffic[exchange];
    traffic.fault = ({ path }) => (/klines?$|candles$/.test(path) ? { outcome: { status: 429, body: {} } } : undefined);
    expect((await checkAt('12:05:00')).markets.failed).toEqual([
      { exchange, symbol: symbolOn[exchange], reason: 'no candles: too many requests' },
    ]);
    expect(texts()).toEqual([]);
    traffic.fault = () => undefined;
    await checkAt('12:10:00');
    expect(texts()).toEqual([`touched ${touched} at 12:02 UTC, now ${now}`]);
  });
});

describe('an exchange that is down for three hours', () => {
  test('tells afterwards what was touched meanwhile, and when', async () => {
    world.simulators.market.list('binance', 'ONLYHERE', { price: '10.00000000' });
    world.rows(
      ['ONLYHERE', 'above', '10.5', 'dmitry'],
      ['ONLYHERE', 'below', '9.5', 'anna'],
      ['ONLYHERE', 'above', '12', 'anna'],
    );
    await world.check();
    world.simulators.traffic.binance.fault = () => ({ outcome: { status: 429, body: {} } });
    const ticks = [
      { at: at('13:10:30'), price: '10.60000000' },
      { at: at('13:11:30'), price: '10.00000000' },
      { at: at('14:20:59'), price: '9.40000000' },
      { at: at('14:21:10'), price: '10.20000000' },
    ];
    world.simulators.market.move('binance', 'ONLYHERE', ticks);
    for (const time of ['12:05:00', '13:00:00', '13:12:00', '14:30:00', '15:00:00']) {
      expect((await checkAt(time)).fired).toEqual([]);
    }
    world.simulators.traffic.binance.fault = () => undefined;
    const { fired } = await checkAt('15:05:00');
    expect(fired.toSorted((a, b) => a.touchedAt.localeCompare(b.touchedAt))).toMatchObject([
      { condition: 'above', price: '10.60000000', touchedAt: '2026-01-15T13:10:00.000Z' },
      { condition: 'below', price: '9.40000000', touchedAt: '2026-01-15T14:20:00.000Z' },
    ]);
    const told = texts().filter((text) => text.startsWith('touched'));
    expect(told.toSorted()).toEqual(['touched 10.60 at 13:10 UTC, now 10.20', 'touched 9.40 at 14:20 UTC, now 10.20']);
  });

  test('does not keep the others from telling at once', async () => {
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    world.simulators.traffic.binance.fault = () => ({ outcome: { status: 429, body: {} } });
    move('bybit', { '13:02:10': '95000.5', '13:02:20': '94000.5' });
    await checkAt('13:00:00');
    expect((await checkAt('13:05:00')).fired).toMatchObject([
      { exchange: 'bybit', price: '95000.5', touchedAt: '2026-01-15T13:02:00.000Z' },
    ]);
  });
});

describe('an alert armed in the middle of a minute', () => {
  const armMidMinute = async (exchange: ExchangeName) => {
    move(exchange, { '12:00:05': '95500', '12:00:10': '94000' });
    world.pass(20 * secondMs + 300);
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry', exchange]);
    await world.check();
    world.simulators.traffic[exchange].requests.length = 0;
  };

  test('is not fired by what that minute had seen before', async () => {
    await armMidMinute('binance');
    expect((await checkAt('12:05:20')).fired).toEqual([]);
    expect(candleRequests(world.simulators.traffic.binance.requests)).toEqual(['1s']);
  });

  test('is fired by what came later in that minute, where the exchange has candles of a second', async () => {
    await armMidMinute('binance');
    move('binance', { '12:00:40': '95100', '12:00:50': '94000' });
    expect((await checkAt('12:05:20')).fired).toMatchObject([
      { price: '95100.00000000', touchedAt: '2026-01-15T12:00:40.000Z' },
    ]);
  });

  test('is blind for the rest of that minute where the exchange has none shorter than a minute', async () => {
    await armMidMinute('bybit');
    move('bybit', { '12:00:40': '95100', '12:00:50': '94000', '12:01:00': '95050', '12:01:10': '94000' });
    expect((await checkAt('12:05:20')).fired).toMatchObject([
      { price: '95050', touchedAt: '2026-01-15T12:01:00.000Z' },
    ]);
    expect(candleRequests(world.simulators.traffic.bybit.requests)).toEqual(['1']);
  });
});

test('a target that the day did not reach costs no candle call', async () => {
  world.rows(
    ['BTCUSDT', 'above', 95000, 'dmitry'],
    ['BTCUSDT', 'below', 93000, 'dmitry'],
    ['BTCUSDT', 'above', 99000, '', 'bybit'],
  );
  await world.check();
  move('binance', { '12:02:10': '94999.99', '12:03:00': '93000.01' });
  await checkAt('12:05:00');
  const { binance, bybit } = world.simulators.traffic;
  expect([...binance.requests, ...bybit.requests].map(({ path }) => path).toSorted()).toEqual([
    '/api/v3/ticker/24hr',
    '/api/v3/ticker/24hr',
    '/v5/market/tickers',
    '/v5/market/tickers',
  ]);
});

test('a target touched again after it fired and was armed anew fires again, on what came since', async () => {
  const row = (active: boolean) => ['BTCUSDT', 'above', 95000, 'dmitry', 'binance', active];
  world.rows(row(true));
  await world.check();
  move('binance', { '12:02:10': '95500', '12:02:20': '94000', '12:12:30': '95300', '12:12:40': '94000' });
  await checkAt('12:05:00');
  world.rows(row(false));
  await checkAt('12:06:00');
  world.rows(row(true));
  expect((await checkAt('12:07:00')).fired).toEqual([]);
  await checkAt('12:15:00');
  expect(texts()).toEqual([
    'touched 95500.00 at 12:02 UTC, now 94000.00',
    'touched 95300.00 at 12:12 UTC, now 94000.00',
  ]);
});
