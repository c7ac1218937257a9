import { beforeEach, describe, expect, test } from '@jest/globals';
import { at } from '../../support/builders.js';
import { captured, testCaptured } from '../../support/captured.js';
import { useExchange } from './stage.js';

const { clock, market, ask: asking, askText } = useExchange('binance');
const ask = asking('BINANCE_BASE_URL');
beforeEach(() => {
  market.list('binance', 'BTCUSDT', { price: '95180.5', high24h: '96000', low24h: '94000' });
  market.list('binance', 'ETHUSDT', { price: '0.000000015' });
});

const symbols = (...names: string[]) => `symbols=${encodeURIComponent(JSON.stringify(names))}`;

describe('ticker/price', () => {
  const btc = { symbol: 'BTCUSDT', price: '95180.50000000' };
  const eth = { symbol: 'ETHUSDT', price: '0.000000015' };

  test.each<[name: string, query: string, body: unknown, status?: number]>([
    ['without a parameter gives every symbol', '', [btc, eth]],
    ['gives one object for one symbol', 'symbol=BTCUSDT', btc],
    ['gives a list for a list', symbols('ETHUSDT'), [eth]],
    ['refuses an unknown symbol', 'symbol=NOPE', { code: -1121, msg: 'Invalid symbol.' }, 400],
    [
      'refuses a whole list for one unknown symbol',
      symbols('BTCUSDT', 'NOPE'),
      { code: -1121, msg: 'Invalid symbol.' },
      400,
    ],
    [
      'refuses a list with a repeated symbol',
      symbols('BTCUSDT', 'BTCUSDT'),
      { code: -1151, msg: 'Symbol is present multiple times in the list.' },
      400,
    ],
    [
      'refuses a list that is no JSON',
      'symbols=BTCUSDT',
      { code: -1100, msg: "Illegal characters found in parameter 'symbols'." },
      400,
    ],
    [
      'refuses a symbol and a list together',
      `symbol=BTCUSDT&${symbols('ETHUSDT')}`,
      { code: -1128, msg: 'Combination of optional parameters invalid.' },
      400,
    ],
  ])('%s', async (_name, query, body, status = 200) => {
    expect(await ask(`/api/v3/ticker/price?${query}`)).toEqual({ status, body });
  });

  test('keeps the last price of a delisted symbol, unless only trading ones are asked for', async () => {
    market.delist('binance', 'BTCUSDT');
    expect(await ask('/api/v3/ticker/price')).toEqual({ status: 200, body: [btc, eth] });
    expect(await ask('/api/v3/ticker/price?symbolStatus=TRADING')).toEqual({ status: 200, body: [eth] });
    expect(await ask('/api/v3/ticker/price?symbol=BTCUSDT&symbolStatus=TRADING')).toEqual({
      status: 400,
      body: { code: -1220, msg: "The symbol's status does not match the requested symbolStatus." },
    });
  });
});

describe('ticker/24hr', () => {
  const mini = {
    symbol: 'BTCUSDT',
    openPrice: '95180.50000000',
    highPrice: '96000.00000000',
    lowPrice: '94000.00000000',
    lastPrice: '95180.50000000',
    volume: '1.00000000',
    quoteVolume: '95180.50000000',
    openTime: at('12:00') - 86_400_000,
    closeTime: at('12:00'),
    firstId: 1,
    lastId: 1,
    count: 1,
  };

  test('gives the day in short', async () => {
    expect(await ask('/api/v3/ticker/24hr?type=MINI&symbol=BTCUSDT')).toEqual({ status: 200, body: mini });
    expect(await ask(`/api/v3/ticker/24hr?type=MINI&${symbols('BTCUSDT')}`)).toEqual({ status: 200, body: [mini] });
    expect((await ask('/api/v3/ticker/24hr?type=MINI')).body).toHaveLength(2);
  });

  test('is given in full where nobody asks for less', async () => {
    const { body } = await ask('/api/v3/ticker/24hr?symbol=BTCUSDT');
    expect(body).toMatchObject({ ...mini, priceChange: '0.00000000', priceChangePercent: '0.000' });
  });

  const recorded = ['binance/spot_ticker_24hr_all_2022.json', 'binance/spot_ticker_24hr_symbols_array.json'];
  testCaptured('has no other fields than the real one', recorded, async () => {
    const { body } = await ask('/api/v3/ticker/24hr?symbol=BTCUSDT');
    for (const file of recorded) {
      expect(Object.keys(body as object).sort()).toEqual(Object.keys(JSON.parse(captured(file).text)[0]).sort());
    }
  });

  test('tells how far the price went', async () => {
    market.setPrice('binance', 'BTCUSDT', '94228.695');
    expect((await ask('/api/v3/ticker/24hr?symbol=BTCUSDT')).body).toMatchObject({
      lastPrice: '94228.69500000',
      priceChange: '-951.80500000',
      priceChangePercent: '-1.000',
    });
  });

  const day = async (symbol: string) => (await ask(`/api/v3/ticker/24hr?symbol=${symbol}`)).body;

  test('is all zeros for a symbol that was delisted long ago and for one that never traded', async () => {
    market.delist('binance', 'BTCUSDT', at('12:00') - 31 * 86_400_000);
    market.list('binance', 'NEWUSDT', {});
    for (const symbol of ['BTCUSDT', 'NEWUSDT']) {
      expect(await day(symbol)).toMatchObject({
        lastPrice: '0.00000000',
        highPrice: '0.00000000',
        lowPrice: '0.00000000',
        count: 0,
        firstId: -1,
      });
    }
  });

  const kept = {
    lastPrice: '95180.50000000',
    highPrice: '96000.00000000',
    lowPrice: '94000.00000000',
    openTime: at('12:00') - 86_400_000,
    closeTime: at('12:00'),
  };

  test('stays what it was, for days, when a symbol trades no more', async () => {
    market.delist('binance', 'BTCUSDT');
    clock.now = at('12:00') + 7 * 86_400_000;
    expect(await day('BTCUSDT')).toMatchObject({ ...kept, bidPrice: '0.00000000', askQty: '0.00000000' });
  });

  const tickersFile = 'binance/spot_ticker_24hr_all_2022.json';
  testCaptured('of FTTUSDT a week after its last trade is the recorded one', [tickersFile], async () => {
    const entries: Record<string, string>[] = JSON.parse(captured(tickersFile).text);
    const recorded = entries.find(({ symbol }) => symbol === 'FTTUSDT') ?? {};
    const { lastPrice: price = '', highPrice: high24h = '', lowPrice: low24h = '' } = recorded;
    clock.now = Number(recorded.closeTime);
    market.list('binance', 'FTTUSDT', { price, high24h, low24h });
    market.delist('binance', 'FTTUSDT');
    clock.now = Math.max(...entries.map(({ closeTime }) => Number(closeTime)));
    const simulated = (await day('FTTUSDT')) as Record<string, unknown>;
    const same = ['lastPrice', 'highPrice', 'lowPrice', 'bidPrice', 'bidQty', 'askPrice', 'askQty'];
    expect(same.map((field) => simulated[field])).toEqual(same.map((field) => recorded[field]));
    for (const field of ['openTime', 'closeTime']) expect(String(simulated[field])).toBe(recorded[field]);
  });
});

describe('klines', () => {
  const openTimes = async (query: string): Promise<string[]> => {
    const { body } = await ask(`/api/v3/klines?symbol=BTCUSDT&${query}`);
    return (body as [number][]).map(([openTime]) => new Date(openTime).toISOString().slice(11, 19));
  };

  test('are oldest first, twelve fields each, and know the present minute', async () => {
    clock.now = at('12:01:30');
    market.move('binance', 'BTCUSDT', [{ at: at('12:01:10'), price: '95200' }]);
    expect(await ask(`/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=${at('12:00')}`)).toEqual({
      status: 200,
      body: [
        [
          at('12:00'),
          ...['95180.50000000', '95180.50000000', '95180.50000000', '95180.50000000', '1.00000000'],
          at('12:00:59.999'),
          ...['95180.50000000', 1, '1.00000000', '95180.50000000', '0'],
        ],
        [
          at('12:01'),
          ...['95200.00000000', '95200.00000000', '95200.00000000', '95200.00000000', '1.00000000'],
          at('12:01:59.999'),
          ...['95200.00000000', 1, '1.00000000', '95200.00000000', '0'],
        ],
      ],
    });
  });

  test('begin at startTime where it is given, else they end now', async () => {
    clock.now = at('20:00');
    expect(await openTimes(`interval=1m&startTime=${at('12:00:30')}&limit=2`)).toEqual(['12:01:00', '12:02:00']);
    expect(await openTimes('interval=1m&limit=2')).toEqual(['19:59:00', '20:00:00']);
    expect(await openTimes(`interval=1m&endTime=${at('12:05')}&limit=2`)).toEqual(['12:04:00', '12:05:00']);
    expect(await openTimes(`interval=1m&startTime=${at('12:03')}&endTime=${at('12:04')}`)).toEqual([
      '12:03:00',
      '12:04:00',
    ]);
  });

  test('are 500 without a limit and never more than 1000', async () => {
    clock.now = at('23:59');
    market.list('binance', 'BTCUSDT', {});
    market.move('binance', 'BTCUSDT', [{ at: at('00:00'), price: '1' }]);
    expect(await openTimes('interval=1m')).toHaveLength(500);
    expect(await openTimes('interval=1m&limit=5000')).toHaveLength(1000);
    expect(await openTimes('interval=1m&startTime=0&limit=5000')).toHaveLength(1000);
  });

  test.each([
    { interval: '1s', expected: ['12:59:59', '13:00:00'] },
    { interval: '5m', expected: ['12:55:00', '13:00:00'] },
    { interval: '15m', expected: ['12:45:00', '13:00:00'] },
    { interval: '1h', expected: ['12:00:00', '13:00:00'] },
  ])('of $interval are made of the same trades', async ({ interval, expected }) => {
    clock.now = at('13:00:00.500');
    expect(await openTimes(`interval=${interval}&limit=2`)).toEqual(expected);
  });

  test.each([
    { query: 'symbol=NOPE&interval=1m', body: { code: -1121, msg: 'Invalid symbol.' } },
    { query: 'symbol=BTCUSDT&interval=7m', body: { code: -1120, msg: 'Invalid interval.' } },
  ])('refuse $query', async ({ query, body }) => {
    expect(await ask(`/api/v3/klines?${query}`)).toEqual({ status: 400, body });
  });
});

describe('the rolling window', () => {
  const windows = async (query: string) => (await ask(`/api/v3/ticker?type=MINI&${query}`)).body;

  test('begins with the minute before, ends now, and holds the price that stood there', async () => {
    market.move('binance', 'BTCUSDT', [
      { at: at('11:50'), price: '97000' },
      { at: at('11:58:30'), price: '95000' },
      { at: at('11:59:30'), price: '95500' },
    ]);
    clock.now = at('12:00:20');
    expect(await windows(`${symbols('BTCUSDT')}&windowSize=1m`)).toMatchObject([
      { highPrice: '95500.00000000', lowPrice: '95000.00000000', openTime: at('11:59'), closeTime: at('12:00:20') },
    ]);
    expect(await windows('symbol=BTCUSDT&windowSize=1h')).toMatchObject({ highPrice: '97000.00000000' });
  });

  test.each([
    { query: 'windowSize=5m', code: -1102 },
    { query: `${symbols('BTCUSDT', 'NOPE')}&windowSize=5m`, code: -1121 },
    { query: `${symbols(...Array.from({ length: 101 }, (_, index) => `S${index}`))}&windowSize=5m`, code: -1101 },
    ...['60m', '24h', '8d', '0m', '5'].map((size) => ({ query: `symbol=BTCUSDT&windowSize=${size}`, code: -1130 })),
  ])('refuses $query', async ({ query, code }) => expect(await windows(query)).toMatchObject({ code }));

  test('weighs 4 a symbol, and 200 at most', async () => {
    clock.now = at('15:00');
    const names = Array.from({ length: 60 }, (_, index) => `S${index}`);
    for (const name of names) market.list('binance', name, { price: '1' });
    const used = async (query: string) =>
      (await askText('BINANCE_BASE_URL')(`/api/v3/ticker?${query}`)).headers.get('x-mbx-used-weight-1m');
    expect(await used('symbol=BTCUSDT')).toBe('4');
    expect(await used(symbols('BTCUSDT', 'ETHUSDT'))).toBe('12');
    expect(await used(symbols(...names))).toBe('212');
  });
});

test('the weight used in this minute is told', async () => {
  clock.now = at('14:00');
  const used = async (path: string) => (await askText('BINANCE_BASE_URL')(path)).headers.get('x-mbx-used-weight-1m');
  expect(await used('/api/v3/ping')).toBe('1');
  expect(await used('/api/v3/ticker/24hr')).toBe('81');
  expect(await used('/api/v3/ticker/price')).toBe('85');
  clock.now = at('14:01');
  expect(await used('/api/v3/klines?symbol=BTCUSDT&interval=1m')).toBe('2');
});

const invalidSymbol = 'binance/doc_error_invalid_symbol.json';
testCaptured('errors have the words of the real ones', [invalidSymbol], async () => {
  const { status, text } = captured(invalidSymbol);
  expect(await ask('/api/v3/ticker/price?symbol=NOPE')).toEqual({ status, body: JSON.parse(text) });
});
