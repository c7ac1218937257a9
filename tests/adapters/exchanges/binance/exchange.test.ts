import { describe, expect, test } from '@jest/globals';
import { exchange as binance } from '../../../../src/adapters/exchanges/binance/exchange.js';
import {
  type Answer,
  askOnce,
  badResponse,
  type Failed,
  firewallPage,
  noPrice,
  rateLimited,
  ticker,
  tickers,
  unavailable,
  unknownSymbol,
} from '../../../support/exchange-server.js';

const day = '/api/v3/ticker/24hr';
const last = '/api/v3/ticker/price';

const entry = (
  symbol: string,
  lastPrice: unknown,
  highPrice: unknown = '96000.00',
  lowPrice: unknown = '94000.00',
) => ({
  symbol,
  openPrice: '94500.00',
  highPrice,
  lowPrice,
  lastPrice,
  volume: '12.5',
  openTime: 1763560800000,
  closeTime: 1763647200000,
  count: 1200,
});

test('one call without a symbol and without a body gives the last price, the high and the low', async () => {
  const { result, asked } = await askOnce(
    binance,
    {
      [day]: { body: [entry('ETHBTC', '0.03512000', '0.03600000', '0.03400000'), entry('BTCUSDT', '95180.00000000')] },
    },
    ['BTCUSDT', 'ETHBTC'],
  );
  expect(result).toEqual(
    tickers({
      BTCUSDT: ticker('95180.00000000', '96000.00', '94000.00'),
      ETHBTC: ticker('0.03512000', '0.03600000', '0.03400000'),
    }),
  );
  expect(asked.map(({ method, target, body }) => ({ method, target, body }))).toEqual([
    { method: 'GET', target: `${day}?type=MINI`, body: '' },
  ]);
  expect(asked[0]?.headers.get('user-agent')).toBe('trading-alerts');
});

describe('each symbol has its own answer', () => {
  test.each<[name: string, body: unknown[], expected: ReturnType<typeof ticker>]>([
    [
      'a zero price is no price',
      [entry('币安人生USDT', '0.00000000', '0.00000000', '0.00000000')],
      noPrice('expected a price above zero, got "0.00000000"'),
    ],
    ['an empty price is no price', [entry('币安人生USDT', '')], noPrice('expected a plain decimal, got ""')],
    [
      'a price with an exponent is no price',
      [entry('币安人生USDT', '1e5')],
      noPrice('expected a plain decimal, got "1e5"'),
    ],
    ['a null price is no price', [entry('币安人生USDT', null)], noPrice('the price is absent')],
    ['an absent price is no price', [{ symbol: '币安人生USDT' }], noPrice('the price is absent')],
    [
      'a price of endless digits is no price',
      [entry('币安人生USDT', '9'.repeat(5000))],
      noPrice(`expected at most 60 digits, got "${'9'.repeat(119)}…"`),
    ],
    [
      'all the digits of a price survive',
      [entry('币安人生USDT', '123456789012345678901234567890.12345678901234567890')],
      ticker('123456789012345678901234567890.12345678901234567890', '96000.00', '94000.00'),
    ],
    [
      'a JSON number has lost its digits and is refused',
      [entry('币安人生USDT', 95180.1)],
      badResponse('lastPrice: expected the price as text'),
    ],
    [
      'a broken high or low costs only the high or low',
      [entry('币安人生USDT', '0.13', { high: 1 }, '0.00000000')],
      ticker('0.13'),
    ],
  ])('%s, and the others keep theirs', async (_name, body, expected) => {
    const { result, asked } = await askOnce(
      binance,
      { [day]: { body: [null, 7, { symbol: 8 }, ...body, entry('BTCUSDT', '95180.00')] } },
      ['BTCUSDT', '币安人生USDT'],
    );
    expect(result).toEqual(tickers({ BTCUSDT: ticker('95180.00', '96000.00', '94000.00'), 币安人生USDT: expected }));
    expect(asked).toHaveLength(1);
  });
});

describe('a failure of the exchange as a whole is not asked for again', () => {
  test.each<[name: string, answer: Answer, expected: Failed]>([
    [
      '418 is a ban',
      { status: 418, headers: { 'retry-after': '120' }, body: { code: -1003, msg: 'IP banned' } },
      rateLimited(120),
    ],
    [
      '418 with a date instead of seconds',
      { status: 418, headers: { 'retry-after': 'Fri, 20 Nov 2026 12:00:00 GMT' }, body: '' },
      rateLimited(),
    ],
    [
      'the code of a limit counts with any status',
      { status: 200, body: { code: -1003, msg: 'Way too many requests' } },
      rateLimited(),
    ],
    ['any other 403 is the firewall', firewallPage, rateLimited()],
    [
      '504 with a code',
      { status: 504, body: { code: -1007, msg: 'Timeout waiting for response from backend server.' } },
      unavailable('HTTP 504'),
    ],
  ])('%s', async (_name, answer, expected) => {
    const { result, asked } = await askOnce(binance, { [day]: answer }, ['BTCUSDT']);
    expect(result).toEqual(expected);
    expect(asked).toHaveLength(1);
  });
});

describe("where the day's list cannot be used, the list of last prices is asked once", () => {
  const lastPrices = { body: [{ symbol: 'BTCUSDT', price: '95180.00000000' }] };

  test.each<[name: string, answer: Answer]>([
    ['an unknown parameter', { status: 400, body: { code: -1104, msg: 'Not all sent parameters were read' } }],
    ['an unknown symbol that nobody sent', { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } }],
    ['a call that is gone', { status: 404, body: '<html>Not Found</html>' }],
    ['cut-off JSON', { body: '[{"symbol":"BTCUSDT","lastPrice":"95' }],
    ['an empty body', { body: '' }],
    ['an HTML page with 200', { body: '<html>maintenance</html>' }],
    ['an object', { body: { symbol: 'BTCUSDT', lastPrice: '95180.00' } }],
    ['an empty list', { body: [] }],
    ['a list of something else', { body: [1, 'BTCUSDT', { id: 'BTCUSDT' }] }],
    ['a list with an error status', { status: 400, body: [entry('BTCUSDT', '1.00')] }],
  ])('after %s', async (_name, answer) => {
    const { result, asked } = await askOnce(binance, { [day]: answer, [last]: lastPrices }, ['BTCUSDT', 'NOPE']);
    expect(result).toEqual(tickers({ BTCUSDT: ticker('95180.00000000'), NOPE: unknownSymbol }));
    expect(asked.map(({ target }) => target)).toEqual([`${day}?type=MINI`, `${last}?symbolStatus=TRADING`]);
  });

  test.each<[name: string, answer: Answer, expected: Failed]>([
    [
      'an error body with 200',
      { body: { code: -1100, msg: 'Illegal characters, see https://www.binance.com/en/terms for more' } },
      badResponse('expected a list of tickers, got code -1100 "Illegal characters, see … for more" with HTTP 200'),
    ],
    [
      '-1121, which is about no symbol where none was named,',
      { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } },
      badResponse('expected a list of tickers, got code -1121 with HTTP 400'),
    ],
    ['an empty list', { body: [] }, badResponse('expected a list of tickers, got an empty list with HTTP 200')],
  ])('and %s there too is the answer', async (_name, answer, expected) => {
    const { result, asked } = await askOnce(binance, { [day]: answer, [last]: answer }, ['BTCUSDT']);
    expect(result).toEqual(expected);
    expect(asked).toHaveLength(2);
  });
});

describe('a symbol that trades no more keeps its last price, and has none a day after its last trade', () => {
  const hourMs = 3_600_000;
  const lastTradeAt = Date.parse('2025-11-20T14:00:00Z');
  const stale = noPrice('nothing was traded since 2025-11-20 14:00 UTC');
  const fresh = ticker('1.43', '96000.00', '94000.00');

  test.each<{ name: string; closeTime: unknown; hours: number; expected: ReturnType<typeof ticker> }>([
    { name: 'within the day it counts', closeTime: lastTradeAt, hours: 24, expected: fresh },
    { name: 'then it does not', closeTime: lastTradeAt, hours: 24.001, expected: stale },
    { name: 'nor where the instant is text', closeTime: String(lastTradeAt), hours: 168, expected: stale },
    { name: 'without an instant it counts', closeTime: undefined, hours: 168, expected: fresh },
    { name: 'as with one that cannot be read', closeTime: 'soon', hours: 168, expected: fresh },
  ])('$name', async ({ closeTime, hours, expected }) => {
    const body = [{ ...entry('FTTUSDT', '1.43'), closeTime }];
    const { result } = await askOnce(binance, { [day]: { body } }, ['FTTUSDT'], { now: lastTradeAt + hours * hourMs });
    expect(result).toEqual(tickers({ FTTUSDT: expected }));
  });
});
