import { describe, expect, test } from '@jest/globals';
import { exchange as binance } from '../../../../src/adapters/exchanges/binance/exchange.js';
import { err } from '../../../../src/domain/result.js';
import type { PriceError } from '../../../../src/flows/ports/price-source.js';
import {
  type Answer,
  askOnce,
  firewallPage,
  noPrice,
  ticker,
  tickers,
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
  test.each<{ name: string; body: unknown[]; expected: ReturnType<typeof ticker> }>([
    {
      name: 'a zero price is no price',
      body: [entry('币安人生USDT', '0.00000000', '0.00000000', '0.00000000')],
      expected: noPrice('expected a price above zero, got "0.00000000"'),
    },
    {
      name: 'an empty price is no price',
      body: [entry('币安人生USDT', '')],
      expected: noPrice('expected a plain decimal, got ""'),
    },
    {
      name: 'a price with an exponent is no price',
      body: [entry('币安人生USDT', '1e5')],
      expected: noPrice('expected a plain decimal, got "1e5"'),
    },
    { name: 'a null price is no price', body: [entry('币安人生USDT', null)], expected: noPrice('the price is absent') },
    {
      name: 'an absent price is no price',
      body: [{ symbol: '币安人生USDT' }],
      expected: noPrice('the price is absent'),
    },
    {
      name: 'a price of endless digits is no price',
      body: [entry('币安人生USDT', '9'.repeat(5000))],
      expected: noPrice(`expected at most 60 digits, got "${'9'.repeat(119)}…"`),
    },
    {
      name: 'all the digits of a price survive',
      body: [entry('币安人生USDT', '123456789012345678901234567890.12345678901234567890')],
      expected: ticker('123456789012345678901234567890.12345678901234567890', '96000.00', '94000.00'),
    },
    {
      name: 'a JSON number has lost its digits and is refused',
      body: [entry('币安人生USDT', 95180.1)],
      expected: err({ kind: 'bad-response', issues: ['lastPrice: expected the price as text'] }),
    },
    {
      name: 'a broken high or low costs only the high or low',
      body: [entry('币安人生USDT', '0.13', { high: 1 }, '0.00000000')],
      expected: ticker('0.13'),
    },
  ])('$name, and the others keep theirs', async ({ body, expected }) => {
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
  test.each<{ name: string; answer: Answer; error: PriceError }>([
    {
      name: '418 is a ban',
      answer: { status: 418, headers: { 'retry-after': '120' }, body: { code: -1003, msg: 'IP banned' } },
      error: { kind: 'rate-limited', retryAfterSeconds: 120 },
    },
    {
      name: '418 with a date instead of seconds',
      answer: { status: 418, headers: { 'retry-after': 'Fri, 20 Nov 2026 12:00:00 GMT' }, body: '' },
      error: { kind: 'rate-limited', retryAfterSeconds: undefined },
    },
    {
      name: 'the code of a limit counts with any status',
      answer: { status: 200, body: { code: -1003, msg: 'Way too many requests' } },
      error: { kind: 'rate-limited', retryAfterSeconds: undefined },
    },
    {
      name: 'any other 403 is the firewall',
      answer: firewallPage,
      error: { kind: 'rate-limited', retryAfterSeconds: undefined },
    },
    {
      name: '504 with a code',
      answer: { status: 504, body: { code: -1007, msg: 'Timeout waiting for response from backend server.' } },
      error: { kind: 'unavailable', detail: 'HTTP 504' },
    },
  ])('$name', async ({ answer, error }) => {
    const { result, asked } = await askOnce(binance, { [day]: answer }, ['BTCUSDT']);
    expect(result).toEqual(err(error));
    expect(asked).toHaveLength(1);
  });
});

describe("where the day's list cannot be used, the list of last prices is asked once", () => {
  const lastPrices = { body: [{ symbol: 'BTCUSDT', price: '95180.00000000' }] };

  test.each<{ name: string; answer: Answer }>([
    {
      name: 'an unknown parameter',
      answer: { status: 400, body: { code: -1104, msg: 'Not all sent parameters were read' } },
    },
    {
      name: 'an unknown symbol that nobody sent',
      answer: { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } },
    },
    { name: 'a call that is gone', answer: { status: 404, body: '<html>Not Found</html>' } },
    { name: 'cut-off JSON', answer: { body: '[{"symbol":"BTCUSDT","lastPrice":"95' } },
    { name: 'an empty body', answer: { body: '' } },
    { name: 'an HTML page with 200', answer: { body: '<html>maintenance</html>' } },
    { name: 'an object', answer: { body: { symbol: 'BTCUSDT', lastPrice: '95180.00' } } },
    { name: 'an empty list', answer: { body: [] } },
    { name: 'a list of something else', answer: { body: [1, 'BTCUSDT', { id: 'BTCUSDT' }] } },
    { name: 'a list with an error status', answer: { status: 400, body: [entry('BTCUSDT', '1.00')] } },
  ])('after $name', async ({ answer }) => {
    const { result, asked } = await askOnce(binance, { [day]: answer, [last]: lastPrices }, ['BTCUSDT', 'NOPE']);
    expect(result).toEqual(tickers({ BTCUSDT: ticker('95180.00000000'), NOPE: unknownSymbol }));
    expect(asked.map(({ target }) => target)).toEqual([`${day}?type=MINI`, `${last}?symbolStatus=TRADING`]);
  });

  test.each<{ name: string; answer: Answer; error: PriceError }>([
    {
      name: 'an error body with 200',
      answer: { body: { code: -1100, msg: 'Illegal characters, see https://www.binance.com/en/terms for more' } },
      error: {
        kind: 'bad-response',
        issues: ['expected a list of tickers, got code -1100 "Illegal characters, see … for more" with HTTP 200'],
      },
    },
    {
      name: '-1121, which is about no symbol where none was named,',
      answer: { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } },
      error: { kind: 'bad-response', issues: ['expected a list of tickers, got code -1121 with HTTP 400'] },
    },
    {
      name: 'an empty list',
      answer: { body: [] },
      error: { kind: 'bad-response', issues: ['expected a list of tickers, got an empty list with HTTP 200'] },
    },
  ])('and $name there too is the answer', async ({ answer, error }) => {
    const { result, asked } = await askOnce(binance, { [day]: answer, [last]: answer }, ['BTCUSDT']);
    expect(result).toEqual(err(error));
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
