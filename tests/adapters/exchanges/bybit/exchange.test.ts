import { describe, expect, test } from '@jest/globals';
import { exchange as bybit } from '../../../../src/adapters/exchanges/bybit/exchange.js';
import {
  type Answer,
  askOnce,
  badResponse,
  type Failed,
  firewallPage,
  noPrice,
  rateLimited,
  regionBlocked,
  ticker,
  tickers,
  unavailable,
} from '../../../support/exchange-server.js';

const path = '/v5/market/tickers';

const entry = (
  symbol: string,
  lastPrice: unknown,
  highPrice24h: unknown = '96000',
  lowPrice24h: unknown = '94000',
) => ({
  symbol,
  bid1Price: '95179.9',
  ask1Price: '95180.1',
  lastPrice,
  prevPrice24h: '94500',
  highPrice24h,
  lowPrice24h,
  usdIndexPrice: '',
});

const answered = (list: unknown) => ({
  retCode: 0,
  retMsg: 'OK',
  result: { category: 'spot', list },
  time: 1763647200000,
});
const refused = (retCode: number, retMsg: string) => ({
  retCode,
  retMsg,
  result: {},
  retExtInfo: {},
  time: 1763647200000,
});

test('one call without a symbol and without a body gives the last price, the high and the low', async () => {
  const { result, asked } = await askOnce(bybit, { [path]: { body: answered([entry('BTCUSDT', '95180.10')]) } }, [
    'BTCUSDT',
  ]);
  expect(result).toEqual(tickers({ BTCUSDT: ticker('95180.10', '96000', '94000') }));
  expect(asked.map(({ method, target, body }) => ({ method, target, body }))).toEqual([
    { method: 'GET', target: `${path}?category=spot`, body: '' },
  ]);
  expect([asked[0]?.headers.get('content-length'), asked[0]?.headers.get('transfer-encoding')]).toEqual([null, null]);
});

describe('each symbol has its own answer', () => {
  test.each<{ name: string; list: unknown[]; expected: ReturnType<typeof ticker> }>([
    {
      name: 'the last price of what was not traded for a day is no price',
      list: [{ ...entry('MÜNZEUSDT', '0.13'), volume24h: '0.00' }],
      expected: noPrice('nothing was traded for a day'),
    },
    {
      name: 'a volume that cannot be read says nothing',
      list: [{ ...entry('MÜNZEUSDT', '0.13'), volume24h: '' }],
      expected: ticker('0.13', '96000', '94000'),
    },
    { name: 'an empty high or low is left out', list: [entry('MÜNZEUSDT', '0.13', '', '')], expected: ticker('0.13') },
  ])('$name, and the others keep theirs', async ({ list, expected }) => {
    const body = answered([null, 'x', ...list, entry('BTCUSDT', '95180.10')]);
    const { result } = await askOnce(bybit, { [path]: { body } }, ['BTCUSDT', 'MÜNZEUSDT']);
    expect(result).toEqual(tickers({ BTCUSDT: ticker('95180.10', '96000', '94000'), MÜNZEUSDT: expected }));
  });
});

describe('the code decides, whatever the status', () => {
  test.each<[name: string, answer: Answer, expected: Failed]>([
    [
      '10001, which is about no symbol where none was named',
      { body: refused(10001, 'Not supported symbols') },
      badResponse('expected a list of tickers, got retCode 10001'),
    ],
    ['10006', { body: refused(10006, 'Too many visits!') }, rateLimited()],
    [
      '10018',
      { status: 429, headers: { 'retry-after': '5' }, body: refused(10018, 'Exceeded the IP Rate Limit') },
      rateLimited(5),
    ],
    ['10009', { body: refused(10009, 'IP banned') }, regionBlocked(200)],
    [
      '10024',
      { status: 403, body: refused(10024, 'Not available due to regulatory restrictions') },
      regionBlocked(403),
    ],
    ['10000', { body: refused(10000, 'Server Timeout') }, unavailable('retCode 10000')],
    ['10016', { status: 500, body: refused(10016, 'Internal server error') }, unavailable('retCode 10016')],
    [
      'any other',
      { body: refused(10032, 'Demo trading are not supported.') },
      badResponse('expected tickers, got retCode 10032 "Demo trading are not supported." with HTTP 200'),
    ],
  ])('%s', async (_name, answer, expected) => {
    const { result } = await askOnce(bybit, { [path]: answer }, ['BTCUSDT']);
    expect(result).toEqual(expected);
  });

  test('0 is success even with an error status', async () => {
    const answer = { status: 400, body: answered([entry('BTCUSDT', '95180.10')]) };
    const { result } = await askOnce(bybit, { [path]: answer }, ['BTCUSDT']);
    expect(result).toEqual(tickers({ BTCUSDT: ticker('95180.10', '96000', '94000') }));
  });
});

describe('without a code the status and the text decide', () => {
  test.each<[name: string, answer: Answer, expected: Failed]>([
    [
      'a 403 for too many requests asks for ten minutes',
      { status: 403, headers: { 'content-type': 'text/plain' }, body: '403, access too frequent' },
      rateLimited(600),
    ],
    [
      'the same as an HTML page',
      { status: 403, body: '<html><body>Access too frequent</body></html>' },
      rateLimited(600),
    ],
    ['any other page with 403', firewallPage, regionBlocked(403)],
    ['a 403 without a page', { status: 403, body: '' }, unavailable('HTTP 403')],
    [
      '404',
      { status: 404, body: '404 page not found' },
      badResponse('expected tickers, got 18 characters that are no JSON with HTTP 404'),
    ],
    [
      'a code as text',
      { body: { retCode: '0', result: { list: [entry('BTCUSDT', '1')] } } },
      badResponse('expected tickers, got JSON of another shape with HTTP 200'),
    ],
    [
      'success without a list',
      { body: { retCode: 0, retMsg: 'OK', result: {} } },
      badResponse('expected a list of tickers, got JSON of another shape with HTTP 200'),
    ],
    [
      'success with an empty list',
      { body: answered([]) },
      badResponse('expected a list of tickers, got JSON of another shape with HTTP 200'),
    ],
  ])('%s', async (_name, answer, expected) => {
    const { result, asked } = await askOnce(bybit, { [path]: answer }, ['BTCUSDT']);
    expect(result).toEqual(expected);
    expect(asked).toHaveLength(1);
  });
});
