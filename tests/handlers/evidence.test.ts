import { describe, expect, test } from '@jest/globals';
import type { ExchangeName } from '../../src/domain/market.js';
import type { Answer } from '../../src/simulators/faults.js';
import type { SimulatorName } from '../../src/simulators/start.js';
import { oneForEach } from '../support/lifetime.js';
import { at, createWorld, received } from '../support/world.js';

const world = oneForEach(() => createWorld());

const dayMs = 24 * 3_600_000;
const texts = (): string[] => received(world).map(({ text }) => text.split('\n')[0] ?? '');

/** A price that comes and goes. */
function touch(exchange: ExchangeName, symbol: string, time: string, [price, back]: readonly [string, string]): void {
  const instant = at(time);
  world.simulators.market.move(exchange, symbol, [
    { at: instant, price },
    { at: instant + 20_000, price: back },
  ]);
}

/** The next answers of a path are changed on their way; undefined: everything is as it was. */
function answer(name: SimulatorName, path: RegExp, outcome: Answer | undefined): void {
  world.simulators.traffic[name].fault = (request) =>
    outcome !== undefined && path.test(request.path) ? { outcome } : undefined;
}

describe('a market that trades no more', () => {
  const delistAWeekAgo = (exchange: ExchangeName, symbol: string, price: string) => {
    const { market } = world.simulators;
    market.list(exchange, symbol, { price });
    market.delist(exchange, symbol);
    world.pass(7 * dayMs);
  };

  test('fires nothing on its dead price, and the next exchange is asked', async () => {
    delistAWeekAgo('binance', 'FTTUSDT', '1.43220000');
    world.simulators.market.list('bybit', 'FTTUSDT', { price: '3.10' });
    world.rows(['FTTUSDT', 'below', 2, 'dmitry'], ['FTTUSDT', 'above', 3, 'anna']);
    const { fired, markets } = await world.check();
    expect(fired).toMatchObject([{ condition: 'above', exchange: 'bybit', price: '3.10' }]);
    expect(markets.failed).toEqual([
      {
        exchange: 'binance',
        symbol: 'FTTUSDT',
        reason: 'listed, but without a price (nothing was traded since 2026-01-15 12:00 UTC)',
      },
    ]);
  });

  const idle = 'listed, but without a price (nothing was traded for a day)';
  const since = 'listed, but without a price (nothing was traded since 2026-01-14 11:59 UTC)';
  const product = { product_id: 'FTT-USDT', price: '1.4322', status: 'online' };

  test.each<[what: string, exchange: ExchangeName, symbol: string, path: RegExp, reason: string, body: object]>([
    [
      'by the volume of the day, on Bybit',
      'bybit',
      'FTTUSDT',
      /tickers$/,
      idle,
      {
        retCode: 0,
        retMsg: 'OK',
        result: { list: [{ symbol: 'FTTUSDT', lastPrice: '1.4322', highPrice24h: '1.4322', volume24h: '0' }] },
      },
    ],
    [
      'by the volume of the day, on Coinbase',
      'coinbase',
      'FTT-USDT',
      /products$/,
      idle,
      { products: [{ ...product, volume_24h: '0' }] },
    ],
    [
      'by a halt, on Coinbase',
      'coinbase',
      'FTT-USDT',
      /products$/,
      'listed, but without a price (trading is halted)',
      { products: [{ ...product, cancel_only: true }] },
    ],
  ])('is known %s', async (_what, exchange, symbol, path, reason, body) => {
    answer(exchange, path, { status: 200, body });
    world.rows([symbol, 'below', 2, 'dmitry', exchange]);
    const { fired, markets } = await world.check();
    expect([fired, markets.failed]).toEqual([[], [{ exchange, symbol, reason }]]);
  });

  test('is known by its last trade where Coinbase is asked product by product', async () => {
    answer('coinbase', /products$/, { status: 503, body: {} });
    answer('coinbaseExchange', /ticker$/, {
      status: 200,
      body: { price: '1.4322', time: '2026-01-14T11:59:59.123456Z' },
    });
    world.rows(['FTT-USDT', 'below', 2, 'dmitry', 'coinbase']);
    const { fired, markets } = await world.check();
    expect([fired, markets.failed[0]?.reason]).toEqual([[], since]);
  });

  test('keeps its window: what is touched when it trades again, between two checks, fires', async () => {
    world.simulators.market.list('binance', 'FTTUSDT', { price: '1.43' });
    world.rows(['FTTUSDT', 'above', 2, 'dmitry']);
    await world.check();
    const stale = { symbol: 'FTTUSDT', lastPrice: '1.43', highPrice: '1.43', lowPrice: '1.43' };
    answer('binance', /24hr$/, { status: 200, body: [{ ...stale, closeTime: Date.parse('2026-01-14T11:59:59Z') }] });
    touch('binance', 'FTTUSDT', '12:02:10', ['2.50', '1.43']);
    expect((await world.checkAt('12:05:00')).markets.failed).toMatchObject([{ reason: since }]);
    answer('binance', /24hr$/, undefined);
    await world.checkAt('12:10:00');
    expect(texts()).toEqual(['touched 2.50 at 12:02 UTC, now 1.43']);
  });
});

/** One answer without the market, in each exchange's own form. */
const missing: readonly [exchange: ExchangeName, what: string, isWhole: boolean, symbol: string, body: object][] = [
  ['coinbase', 'an empty list', true, 'BTC-USDT', { products: [] }],
  [
    'coinbase',
    'a list without it',
    false,
    'BTC-USDT',
    { products: [{ product_id: 'ETH-USDT', price: '3000', status: 'online' }] },
  ],
  ['binance', 'an empty list', true, 'BTCUSDT', []],
  [
    'binance',
    'a list without it',
    false,
    'BTCUSDT',
    [{ symbol: 'ETHUSDT', lastPrice: '3000.00', highPrice: '3000.00', lowPrice: '3000.00' }],
  ],
  ['bybit', '10001', true, 'BTCUSDT', { retCode: 10001, retMsg: 'Not supported symbols', result: {} }],
  [
    'bybit',
    'a list without it',
    false,
    'BTCUSDT',
    { retCode: 0, retMsg: 'OK', result: { list: [{ symbol: 'ETHUSDT', lastPrice: '3000' }] } },
  ],
];

describe('a market that is missing from one answer', () => {
  const tickerPath = /tickers?(\/24hr|\/price)?$|products$/;
  const listEverywhere = () => {
    const { market } = world.simulators;
    market.list('binance', 'BTCUSDT', { price: '94000.00000000' });
    market.list('bybit', 'BTCUSDT', { price: '94000.5' });
    market.list('coinbase', 'BTC-USDT', { price: '94000.25' });
  };
  const gone = (exchange: ExchangeName, symbol: string) => ({
    exchange,
    symbol,
    reason:
      'listed at an earlier check, and missing now; when it is back, the whole gap is looked at. Gone for good? Delete the row or name another exchange',
  });

  test.each(missing)('keeps its window: %s answered %s', async (exchange, _what, isWhole, symbol, body) => {
    listEverywhere();
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry', exchange]);
    await world.check();
    touch(exchange, symbol, '12:02:10', ['95180.75', '94000.25']);
    answer(exchange, tickerPath, { status: 200, body });
    if (exchange === 'coinbase') answer('coinbaseExchange', /./, { status: 503, body: {} });
    const { markets, fired } = await world.checkAt('12:05:00');
    expect(fired).toEqual([]);
    expect(markets.failed).toEqual([
      isWhole ? { exchange, symbol, reason: expect.any(String) } : gone(exchange, symbol),
    ]);
    answer(exchange, tickerPath, undefined);
    // Another instance, which remembers nothing.
    await world.checkAt('12:10:00', world.handler());
    expect(texts()).toEqual([expect.stringMatching(/^touched 95180.75(0+)? at 12:02 UTC/)]);
  });

  test('keeps the window where a blank exchange left it, whatever stands in, however often it is missing', async () => {
    listEverywhere();
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry']);
    await world.check();
    touch('binance', 'BTCUSDT', '12:02:10', ['95180.75', '94000.25']);
    answer('binance', tickerPath, { status: 200, body: missing[3]?.[4] ?? {} });
    for (const time of ['12:05:00', '12:10:00', '12:15:00']) {
      const { markets, fired } = await world.checkAt(time, world.handler());
      expect([fired, markets]).toEqual([[], { checked: 1, failed: [gone('binance', 'BTCUSDT')] }]);
    }
    answer('binance', tickerPath, undefined);
    await world.checkAt('12:20:00');
    expect(texts()).toEqual(['touched 95180.75 at 12:02 UTC, now 94000.25']);
  });

  test('that is listed further down only, and never here, is no failure; where it is missing there, it is one', async () => {
    world.simulators.market.list('bybit', 'MNTUSDT', { price: '1.10' });
    world.simulators.market.list('binance', 'BTCUSDT', { price: '94000' });
    world.simulators.market.list('coinbase', 'BTC-USDT', { price: '94000' });
    world.rows(['MNTUSDT', 'above', 2, 'dmitry']);
    for (const time of ['12:00:00', '12:05:00']) {
      expect((await world.checkAt(time)).markets).toEqual({ checked: 1, failed: [] });
    }
    touch('bybit', 'MNTUSDT', '12:07:10', ['2.50', '1.10']);
    answer('bybit', tickerPath, { status: 200, body: missing[5]?.[4] ?? {} });
    expect((await world.checkAt('12:10:00')).markets).toEqual({ checked: 0, failed: [gone('bybit', 'MNTUSDT')] });
    answer('bybit', tickerPath, undefined);
    await world.checkAt('12:15:00');
    expect(texts()).toEqual(['touched 2.50 at 12:07 UTC, now 1.10']);
  });

  test('that nobody ever listed is "not listed", run after run, also when an exchange was down meanwhile', async () => {
    listEverywhere();
    world.rows(['NOSUCHUSDT', 'above', 2, 'dmitry'], ['NOSUCH-USDT', 'above', 2, 'dmitry', 'coinbase']);
    const reasons = async (time: string) =>
      new Set((await world.checkAt(time)).markets.failed.map(({ exchange, reason }) => `${exchange}: ${reason}`));
    const notListed = new Set(
      ['binance', 'coinbase'].map((exchange) => `${exchange}: the exchange does not list this symbol`),
    );
    answer('coinbase', /products$/, { status: 429, body: {} });
    await world.checkAt('12:00:00');
    await world.checkAt('12:05:00');
    answer('coinbase', /products$/, undefined);
    expect(await reasons('12:10:00')).toEqual(notListed);
    answer('coinbase', /products$/, { status: 429, body: {} });
    await world.checkAt('12:15:00');
    answer('coinbase', /products$/, undefined);
    expect(await reasons('12:20:00')).toEqual(notListed);
  });
});

describe('a short answer of candles', () => {
  /** What the exchange says of these minutes, without the ones that `isGiven` refuses. */
  async function shorten(name: 'binance' | 'bybit', isGiven: (openAt: number) => boolean): Promise<void> {
    const path = name === 'binance' ? '/api/v3/klines' : '/v5/market/kline';
    const base = world.environment[name === 'binance' ? 'BINANCE_BASE_URL' : 'BYBIT_BASE_URL'];
    const minutes = { start: at('11:50:00'), end: world.now() };
    const query =
      name === 'binance'
        ? `symbol=BTCUSDT&interval=1m&startTime=${minutes.start}&endTime=${minutes.end}&limit=1000`
        : `category=spot&symbol=BTCUSDT&interval=1&start=${minutes.start}&end=${minutes.end}&limit=1000`;
    const body = (await (await fetch(`${base}${path}?${query}`)).json()) as
      | [unknown][]
      | { result: { list: [unknown][] } };
    const kept = (list: readonly [unknown][]) => list.filter(([openAt]) => isGiven(Number(openAt)));
    const short = Array.isArray(body)
      ? kept(body)
      : { ...body, result: { ...body.result, list: kept(body.result.list) } };
    answer(name, /klines?$/, { status: 200, body: short });
  }

  describe.each<{ exchange: 'binance' | 'bybit' }>([{ exchange: 'binance' }, { exchange: 'bybit' }])(
    'of $exchange keeps the window open',
    ({ exchange }) => {
      test.each([
        { what: 'where the touched minute is missing', isGiven: (openAt: number) => openAt !== at('12:02:00') },
        { what: 'where the answer ends early', isGiven: (openAt: number) => openAt < at('12:02:00') },
        { what: 'where it begins late', isGiven: (openAt: number) => openAt > at('12:02:00') },
        { what: 'where it is empty', isGiven: () => false },
      ])('$what', async ({ isGiven }) => {
        world.simulators.market.list(exchange, 'BTCUSDT', { price: '94000.5' });
        world.rows(['BTCUSDT', 'above', 95000, 'dmitry', exchange]);
        await world.check();
        touch(exchange, 'BTCUSDT', '12:02:10', ['95180.75', '94000.25']);
        world.pass(at('12:05:20') - world.now());
        await shorten(exchange, isGiven);
        const { fired, markets } = await world.check();
        expect([fired, markets.failed]).toEqual([
          [],
          [
            {
              exchange,
              symbol: 'BTCUSDT',
              reason: expect.stringMatching(
                /^candles are missing from 12:0[02] UTC on; they are asked for again at the next check$/,
              ),
            },
          ],
        ]);
        answer(exchange, /klines?$/, undefined);
        const later = await world.checkAt('12:10:00', world.handler());
        expect(later.markets.failed).toEqual([]);
        expect(texts()).toEqual(['touched 95180.75 at 12:02 UTC, now 94000.25']);
      });

      test('but not for the minute that has just begun', async () => {
        world.simulators.market.list(exchange, 'BTCUSDT', { price: '94000.5' });
        world.rows(['BTCUSDT', 'above', 95000, 'dmitry', exchange]);
        await world.check();
        touch(exchange, 'BTCUSDT', '12:02:10', ['94999', '94000.25']);
        world.simulators.market.move(exchange, 'BTCUSDT', [{ at: at('11:00:00'), price: '96000' }]);
        world.pass(at('12:05:20') - world.now());
        await shorten(exchange, (openAt) => openAt < at('12:05:00'));
        expect((await world.check()).markets.failed).toEqual([]);
      });
    },
  );

  test('of a market that is younger than the window is whole', async () => {
    world.rows(['NEWUSDT', 'above', 95, 'dmitry', 'binance']);
    world.simulators.market.list('binance', 'BTCUSDT', { price: '94000.5' });
    await world.check();
    world.pass(3 * 60_000);
    world.simulators.market.list('binance', 'NEWUSDT', { price: '94', high24h: '96', low24h: '90' });
    const { markets, fired } = await world.checkAt('12:30:00');
    expect([markets.failed, fired]).toEqual([[], []]);
    touch('binance', 'NEWUSDT', '12:32:10', ['95.50', '94']);
    expect((await world.checkAt('12:35:00')).fired).toMatchObject([{ price: '95.50000000' }]);
  });

  test('is believed where a day has passed and the exchange, asked for the gap alone, has nothing there', async () => {
    const { market, traffic } = world.simulators;
    market.list('binance', 'BTCUSDT', { price: '94000', high24h: '99000', low24h: '90000' });
    world.rows(['BTCUSDT', 'above', 95000, 'dmitry', 'binance']);
    await world.check();
    // Trading stood still from 12:10 to 13:10, and no candle of it will ever come.
    traffic.binance.fault = ({ path, query }) => {
      if (!path.endsWith('/klines')) return undefined;
      const asked = new URLSearchParams(query);
      const [from, to] = [Number(asked.get('startTime')), Math.min(Number(asked.get('endTime')), world.now())];
      const openAts = Array.from({ length: Math.ceil((to - from) / 60_000) }, (_, index) => from + index * 60_000);
      const traded = openAts.filter((openAt) => openAt < at('12:10:00') || openAt >= at('13:10:00')).slice(0, 1_000);
      return { outcome: { status: 200, body: traded.map((openAt) => [openAt, '94000', '94000', '94000', '94000']) } };
    };
    const trade = () => market.move('binance', 'BTCUSDT', [{ at: world.now(), price: '94000' }]);
    const failedAfter = async (ms: number) => {
      world.pass(ms);
      trade();
      return (await world.check()).markets.failed.map(({ reason }) => reason);
    };
    expect(await failedAfter(2 * 3_600_000)).toEqual([
      'candles are missing from 12:10 UTC on; they are asked for again at the next check',
    ]);
    expect(await failedAfter(20 * 3_600_000)).toHaveLength(1);
    expect(await failedAfter(4 * 3_600_000)).toEqual([]);
    const askedFrom = traffic.binance.requests.length;
    expect(await failedAfter(300_000)).toEqual([]);
    const windows = traffic.binance.requests.slice(askedFrom).flatMap(({ query }) => {
      const startTime = new URLSearchParams(query).get('startTime');
      return startTime === null ? [] : [world.now() - Number(startTime)];
    });
    for (const length of windows) expect(length).toBeLessThanOrEqual(7 * 60_000);
  });
});
