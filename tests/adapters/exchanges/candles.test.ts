import { describe, expect, test } from '@jest/globals';
import { exchange as binance } from '../../../src/adapters/exchanges/binance/exchange.js';
import { exchange as bybit } from '../../../src/adapters/exchanges/bybit/exchange.js';
import { exchange as coinbase } from '../../../src/adapters/exchanges/coinbase/exchange.js';
import type { Exchange } from '../../../src/adapters/exchanges/exchange.js';
import type { Candle } from '../../../src/domain/evidence/candle.js';
import type { CandleRequest } from '../../../src/domain/evidence/candle-plan.js';
import { price } from '../../../src/domain/price.js';
import { ok } from '../../../src/domain/result.js';
import { hourMs, minuteMs } from '../../../src/domain/time.js';
import { at } from '../../support/builders.js';
import {
  type Answer,
  badResponse,
  brokenOff,
  countryPage,
  type Failed,
  firewallPage,
  rateLimited,
  regionBlocked,
  serveExchange,
  textLike,
  unavailable,
  unknownSymbol,
} from '../../support/exchange-server.js';

const request: CandleRequest = { from: at('12:00'), to: at('12:05:10.500'), spanMs: minuteMs };
const from = at('12:00');
const seconds = (time: string): number => at(time) / 1_000;

async function ask(
  exchange: Exchange,
  answers: Record<string, Answer>,
  symbol: string,
  asked: Partial<CandleRequest> = {},
) {
  const server = await serveExchange(exchange, answers);
  try {
    const result = await server.candles(symbol, { ...request, ...asked });
    return { result, targets: server.asked.map(({ target }) => target) };
  } finally {
    await server.close();
  }
}

const candle = (time: string, low: string, high: string, close: string, spanMs = minuteMs): Candle => ({
  openAt: at(time),
  spanMs,
  // In these answers each stretch opened at its low.
  open: price(low),
  low: price(low),
  high: price(high),
  close: price(close),
});

describe('Binance', () => {
  const path = '/api/v3/klines';
  const kline = (time: string, low: unknown, high: unknown, close: unknown, spanMs = minuteMs) => [
    at(time),
    low,
    high,
    low,
    close,
    '1.50000000',
    at(time) + spanMs - 1,
    '142500.00000000',
    12,
    '0.75000000',
    '71250.00000000',
    '0',
  ];

  test('the digits are the exchange’s own, oldest first', async () => {
    const body = [
      kline('12:00', '94000.10000000', '95180.00000000', '94500.00000000'),
      kline('12:01', '0.00001234', '0.00001240', '0.00001234'),
    ];
    expect(await ask(binance, { [path]: { body } }, 'BTCUSDT')).toEqual({
      result: ok([
        candle('12:00', '94000.10000000', '95180.00000000', '94500.00000000'),
        candle('12:01', '0.00001234', '0.00001240', '0.00001234'),
      ]),
      targets: [`${path}?symbol=BTCUSDT&interval=1m&startTime=${from}&endTime=${request.to - 1}&limit=1000`],
    });
  });

  test.each([
    { spanMs: 1_000, interval: '1s' },
    { spanMs: minuteMs, interval: '1m' },
    { spanMs: hourMs, interval: '1h' },
  ])('candles of $spanMs ms are asked for as $interval', async ({ spanMs, interval }) => {
    const body = [kline('12:00', '1', '2', '1.5', spanMs)];
    const { result, targets } = await ask(binance, { [path]: { body } }, '币安人生USDT', { spanMs });
    expect(result).toEqual(ok([candle('12:00', '1', '2', '1.5', spanMs)]));
    expect(new URL(targets[0] ?? '', 'http://127.0.0.1').searchParams.get('interval')).toBe(interval);
    expect(new URL(targets[0] ?? '', 'http://127.0.0.1').searchParams.get('symbol')).toBe('币安人生USDT');
  });

  test('candles outside the request are left out', async () => {
    const body = [kline('11:59', '1', '9', '1'), kline('12:04', '1', '2', '1'), kline('12:06', '1', '9', '1')];
    expect((await ask(binance, { [path]: { body } }, 'BTCUSDT')).result).toEqual(ok([candle('12:04', '1', '2', '1')]));
  });

  test.each<{ name: string; broken: unknown }>([
    { name: 'without a high', broken: kline('12:01', '1', undefined, '1') },
    { name: 'whose prices are numbers', broken: kline('12:01', 1, 2, 1) },
    { name: 'whose price is no decimal', broken: kline('12:01', '1', '1e5', '1') },
    { name: 'without a beginning', broken: [null, '1', '2', '1', '1'] },
    { name: 'whose beginning is text', broken: ['1763640000000', '1', '2', '1', '1'] },
    { name: 'that is no list', broken: { openTime: from } },
  ])('one candle $name spoils the answer: it may be the one with the touch', async ({ broken }) => {
    const body = [kline('12:00', '1', '2', '1'), broken];
    expect((await ask(binance, { [path]: { body } }, 'BTCUSDT')).result).toEqual(
      badResponse(textLike(/^expected a list of candles, got JSON of another shape with HTTP 200$/)),
    );
  });

  test.each<[name: string, answer: Answer, expected: Failed]>([
    [
      'another refusal',
      { status: 400, body: { code: -1120, msg: 'Invalid interval.' } },
      badResponse(textLike(/^expected a list of candles, got code -1120 "Invalid interval." with HTTP 400$/)),
    ],
    ['a ban', { status: 418, headers: { 'retry-after': '120' }, body: {} }, rateLimited(120)],
    ['too much weight', { status: 400, body: { code: -1003, msg: 'Way too much' } }, rateLimited()],
    ['the firewall', firewallPage, rateLimited()],
    ['a list with an error status', { status: 400, body: [] }, badResponse(textLike(/an empty list with HTTP 400/))],
  ])('%s', async (_name, answer, expected) => {
    expect((await ask(binance, { [path]: answer }, 'BTCUSDT')).result).toEqual(expected);
  });
});

describe('Bybit', () => {
  const path = '/v5/market/kline';
  const kline = (time: string, low: unknown, high: unknown, close: unknown) => [
    String(at(time)),
    low,
    high,
    low,
    close,
    '1.5',
    '142500',
  ];
  const answered = (list: unknown) => ({
    body: { retCode: 0, retMsg: 'OK', result: { category: 'spot', symbol: 'BTCUSDT', list }, time: from },
  });
  const refused = (retCode: number, retMsg = 'no') => ({ body: { retCode, retMsg, result: {}, time: from } });

  test('what comes newest first is given oldest first, in the exchange’s own digits', async () => {
    const list = [
      kline('12:02', '94000', '95180.1', '94500.5'),
      kline('12:01', '93999.9', '94100', '94000'),
      kline('12:00', '94000.10', '95000', '94500'),
    ];
    expect(await ask(bybit, { [path]: answered(list) }, 'BTCUSDT')).toEqual({
      result: ok([
        candle('12:00', '94000.10', '95000', '94500'),
        candle('12:01', '93999.9', '94100', '94000'),
        candle('12:02', '94000', '95180.1', '94500.5'),
      ]),
      targets: [`${path}?category=spot&symbol=BTCUSDT&interval=1&start=${from}&end=${request.to - 1}&limit=1000`],
    });
  });

  test('an hour is asked for as 60', async () => {
    const { targets } = await ask(bybit, { [path]: answered([]) }, 'BTCUSDT', { spanMs: hourMs });
    expect(targets[0]).toContain('&interval=60&');
  });

  test('candles outside the request are left out', async () => {
    const list = [kline('12:06', '1', '9', '1'), kline('12:04', '1', '2', '1'), kline('11:59', '1', '9', '1')];
    expect((await ask(bybit, { [path]: answered(list) }, 'BTCUSDT')).result).toEqual(
      ok([candle('12:04', '1', '2', '1')]),
    );
  });

  test.each<{ name: string; broken: unknown }>([
    { name: 'without a beginning', broken: ['', '1', '2', '1', '1'] },
    { name: 'whose beginning is no time', broken: ['soon', '1', '2', '1', '1'] },
    { name: 'that is no list', broken: 'BTCUSDT' },
  ])('one candle $name spoils the answer', async ({ broken }) => {
    const list = [kline('12:00', '1', '2', '1'), broken];
    expect((await ask(bybit, { [path]: answered(list) }, 'BTCUSDT')).result).toEqual(
      badResponse(textLike(/^expected a list of candles, got JSON of another shape with HTTP 200$/)),
    );
  });

  test.each<[name: string, answer: Answer, expected: Failed]>([
    ['too many visits', refused(10006), rateLimited()],
    ['a refused place', refused(10024), regionBlocked(200)],
    ['a fault of theirs', refused(10016), unavailable('retCode 10016')],
    ['the ban of an address', { status: 403, body: 'access too frequent' }, rateLimited(600)],
    [
      'a result without a list',
      { body: { retCode: 0, retMsg: 'OK', result: {} } },
      badResponse(textLike(/^expected a list of candles/)),
    ],
  ])('%s', async (_name, answer, expected) => {
    expect((await ask(bybit, { [path]: answer }, 'BTCUSDT')).result).toEqual(expected);
  });
});

describe('Coinbase', () => {
  const advanced = '/api/v3/brokerage/market/products/BTC-USD/candles';
  const exchange = '/products/BTC-USD/candles';
  const entry = (time: string, low: unknown, high: unknown, close: unknown) => ({
    start: String(seconds(time)),
    low,
    high,
    open: low,
    close,
    volume: '1.5',
  });
  const answered = (...candles: unknown[]) => ({ body: { candles } });
  const down: Answer = { status: 503, body: 'busy' };

  test('what comes newest first is given oldest first, in the exchange’s own digits; a minute without trades has none', async () => {
    const answer = answered(
      entry('12:03', '94000', '95180.1', '94500.5'),
      entry('12:00', '94000.10', '95000', '94500'),
    );
    expect(await ask(coinbase, { [advanced]: answer }, 'BTC-USD')).toEqual({
      result: ok([candle('12:00', '94000.10', '95000', '94500'), candle('12:03', '94000', '95180.1', '94500.5')]),
      targets: [`${advanced}?granularity=ONE_MINUTE&start=${seconds('12:00')}&end=${seconds('12:05:10')}&limit=300`],
    });
  });

  test('candles that precede the start are left out', async () => {
    const answer = answered(
      entry('12:00', '1', '2', '1'),
      entry('11:59', '1', '9', '1'),
      entry('11:00', '1', '9', '1'),
    );
    expect((await ask(coinbase, { [advanced]: answer }, 'BTC-USD')).result).toEqual(
      ok([candle('12:00', '1', '2', '1')]),
    );
  });

  test('hours are asked for by their name', async () => {
    const { targets } = await ask(coinbase, { [advanced]: answered() }, 'BTC-USD', { spanMs: hourMs });
    expect(targets[0]).toContain('granularity=ONE_HOUR&');
  });

  test.each<{ name: string; answer: Answer }>([
    { name: 'is down', answer: down },
    { name: 'answers something else', answer: { body: { candle: [] } } },
    { name: 'gives one broken candle', answer: answered(entry('12:00', '1', '', '1')) },
    { name: 'breaks off', answer: brokenOff },
  ])('where Advanced Trade $name, the exchange’s own host is asked', async ({ answer }) => {
    const body = `[[${seconds('12:01')},94000.1,95180,94000.1,94400.25,1.5],[${seconds('12:00')},94000,94500.10,94000,94500,2]]`;
    expect(await ask(coinbase, { [advanced]: answer, [exchange]: { body } }, 'BTC-USD')).toEqual({
      result: ok([candle('12:00', '94000', '94500.10', '94500'), candle('12:01', '94000.1', '95180', '94400.25')]),
      targets: [
        expect.stringMatching(/^\/api\/v3/),
        `${exchange}?granularity=60&start=2026-11-20T12%3A00%3A00.000Z&end=2026-11-20T12%3A05%3A10.499Z`,
      ],
    });
  });

  test.each([
    { written: '0.00001234', expected: '0.00001234' },
    { written: '1e-7', expected: '0.0000001' },
    { written: '1.5E-08', expected: '0.000000015' },
    { written: '2.5e+3', expected: '2500' },
    { written: '95180.10000000000000001', expected: '95180.10000000000000001' },
    { written: '0.000000012345678901234567', expected: '0.000000012345678901234567' },
  ])('the number $written of that host keeps every digit', async ({ written, expected }) => {
    const body = `[[${seconds('12:01')},${written},${written},${written},${written},0.1]]`;
    expect((await ask(coinbase, { [advanced]: down, [exchange]: { body } }, 'BTC-USD')).result).toEqual(
      ok([candle('12:01', expected, expected, expected)]),
    );
  });

  test.each(['0', '-1', '1e-99999', '1e999999999', 'null', '"1e999"', '{}'])(
    'the price %s of that host spoils the answer',
    async (written) => {
      const body = `[[${seconds('12:01')},1,${written},1,1,1]]`;
      expect((await ask(coinbase, { [advanced]: down, [exchange]: { body } }, 'BTC-USD')).result).toEqual(
        badResponse(textLike(/^expected a list of candles/)),
      );
    },
  );

  test.each<{ name: string; answer: Answer; expected: Failed }>([
    { name: 'an unknown product', answer: { status: 404, body: { error: 'NOT_FOUND' } }, expected: unknownSymbol },
    { name: 'a wish for rest', answer: { status: 429, body: {} }, expected: rateLimited() },
    { name: 'a blocked country', answer: countryPage, expected: regionBlocked(403) },
  ])('$name is no reason to ask the other host', async ({ answer, expected }) => {
    const { result, targets } = await ask(coinbase, { [advanced]: answer, [exchange]: { body: [] } }, 'BTC-USD');
    expect(result).toEqual(expected);
    expect(targets).toHaveLength(1);
  });

  test.each<[name: string, answer: Answer, expected: Failed]>([
    ['an unknown product', { status: 404, body: { message: 'NotFound' } }, unknownSymbol],
    [
      'too many candles',
      { status: 400, body: { message: 'granularity too small' } },
      badResponse(textLike(/HTTP 400/)),
    ],
  ])('where both hosts fail, the second one tells: %s', async (_name, answer, expected) => {
    expect((await ask(coinbase, { [advanced]: down, [exchange]: answer }, 'BTC-USD')).result).toEqual(expected);
  });
});
