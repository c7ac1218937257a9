import { describe, expect, test } from '@jest/globals';
import { exchange as okx } from '../../../../src/adapters/exchanges/okx/exchange.js';
import type { CandleRequest } from '../../../../src/domain/evidence/candle-plan.js';
import type { MarketKind } from '../../../../src/domain/market.js';
import { hourMs, minuteMs } from '../../../../src/domain/time.js';
import { at } from '../../../support/builders.js';
import {
  type Answer,
  askOnce,
  badResponse,
  type Failed,
  noPrice,
  rateLimited,
  regionBlocked,
  serveExchange,
  textLike,
  ticker,
  tickers,
  unavailable,
  unknownSymbol,
} from '../../../support/exchange-server.js';
import { marketsOf } from '../../../support/markets-of.js';

const list = '/api/v5/market/tickers';
const rates = '/api/v5/public/funding-rate';
const latest = '/api/v5/market/candles';
const history = '/api/v5/market/history-candles';
const now = at('12:00');

const answered = (...data: readonly unknown[]) => ({ body: { code: '0', data, msg: '' } });
const refused = (code: unknown, msg = 'in its words', status = 200) => ({ status, body: { code, data: [], msg } });
const entry = (instId: string, fields: object = {}) => ({
  instType: 'SPOT',
  instId,
  last: '95180.10',
  high24h: '96000',
  low24h: '94000',
  vol24h: '12.5',
  volCcy24h: '1189751.25',
  ts: String(now),
  ...fields,
});

describe('symbols', () => {
  test.each<{ kind: MarketKind; symbol: string; isNamed?: boolean; expected: string | undefined }>([
    { kind: 'spot', symbol: 'BTCUSDT', expected: 'BTC-USDT' },
    { kind: 'spot', symbol: 'BTC-USDT', expected: 'BTC-USDT' },
    { kind: 'spot', symbol: 'ARBUSD', expected: undefined },
    { kind: 'spot', symbol: 'ARBUSD', isNamed: true, expected: 'ARB-USD' },
    { kind: 'perpetual', symbol: 'BTCUSDT', expected: 'BTC-USDT-SWAP' },
    { kind: 'perpetual', symbol: 'BTC-USDT', expected: 'BTC-USDT-SWAP' },
    { kind: 'perpetual', symbol: 'BTCUSDT', isNamed: true, expected: 'BTC-USDT-SWAP' },
    // Another quote is another contract.
    { kind: 'perpetual', symbol: 'BTC-USD', isNamed: true, expected: undefined },
    { kind: 'perpetual', symbol: 'BTCUSDC', expected: undefined },
  ])('$kind $symbol is $expected', ({ kind, symbol, isNamed = false, expected }) => {
    expect(marketsOf(okx, kind).toExchangeSymbol(symbol, isNamed)).toBe(expected);
  });
});

describe('prices', () => {
  test.each([
    { kind: 'spot', symbol: 'BTC-USDT', instType: 'SPOT' },
    { kind: 'perpetual', symbol: 'BTC-USDT-SWAP', instType: 'SWAP' },
  ] as const)('one call for all of $instType gives the last price, the high and the low', async (asked) => {
    const { kind, symbol, instType } = asked;
    const found = await askOnce(okx, { [list]: answered(entry(symbol)) }, [symbol], { kind, now });
    expect(found.result).toEqual(tickers({ [symbol]: ticker('95180.10', '96000', '94000') }));
    expect(found.asked.map(({ target }) => target)).toEqual([`${list}?instType=${instType}`]);
  });

  test.each<{ name: string; fields: object; expected: ReturnType<typeof ticker> }>([
    { name: 'nothing traded for a day', fields: { vol24h: '0' }, expected: noPrice('nothing was traded for a day') },
    {
      name: 'an entry of a day before',
      fields: { ts: String(now - 25 * hourMs) },
      expected: noPrice('nothing was traded since 2026-11-19 11:00 UTC'),
    },
    { name: 'an empty price', fields: { last: '' }, expected: noPrice('expected a plain decimal, got ""') },
    {
      name: 'an entry of an hour ago',
      fields: { ts: String(now - hourMs) },
      expected: ticker('95180.10', '96000', '94000'),
    },
    { name: 'an empty high and low', fields: { high24h: '', low24h: '' }, expected: ticker('95180.10') },
  ])('$name, and the others keep theirs', async ({ fields, expected }) => {
    const body = answered(null, 'x', entry('OLD-USDT', fields), entry('BTC-USDT'));
    const { result } = await askOnce(okx, { [list]: body }, ['OLD-USDT', 'BTC-USDT'], { now });
    expect(result).toEqual(tickers({ 'OLD-USDT': expected, 'BTC-USDT': ticker('95180.10', '96000', '94000') }));
  });

  test.each<{ minutes: number; expected: ReturnType<typeof tickers> | Failed }>([
    { minutes: 9, expected: tickers({ 'BTC-USDT': ticker('95180.10', '96000', '94000') }) },
    { minutes: 11, expected: unavailable('its prices are 11 minutes old') },
  ])('a list whose newest entry is of $minutes minutes ago', async ({ minutes, expected }) => {
    const ts = (age: number) => ({ ts: String(now - age * minuteMs) });
    const body = answered(entry('BTC-USDT', ts(minutes)), entry('ETH-USDT', ts(minutes + 5)));
    expect((await askOnce(okx, { [list]: body }, ['BTC-USDT'], { now })).result).toEqual(expected);
  });
});

describe('the code decides, whatever the status', () => {
  test.each<[name: string, answer: Answer, expected: Failed]>([
    ['50011 with 200', refused('50011', 'Too Many Requests'), rateLimited()],
    [
      '50011 with 429',
      { ...refused('50011', 'Too Many Requests', 429), headers: { 'retry-after': '2' } },
      rateLimited(2),
    ],
    ['50011 as a number', refused(50011, 'Requests too frequent.', 429), rateLimited()],
    ['50001', refused('50001', 'Service temporarily unavailable', 503), unavailable('code 50001')],
    ['50013', refused('50013', 'System is busy'), unavailable('code 50013')],
    ['50026', refused('50026', 'System error', 500), unavailable('code 50026')],
    ['another with 502', refused('1', 'Operation failed', 502), unavailable('HTTP 502')],
    ['51001 that names no symbol', refused('51001'), badResponse('expected a list of tickers, got code 51001')],
    [
      'a place that is not served',
      refused(
        '58011',
        'Due to local laws and regulations, our services are unavailable to unverified users in Utopia.',
      ),
      regionBlocked(200),
    ],
    [
      'any other',
      refused('51000', 'Parameter instType error'),
      badResponse('expected a list of tickers, got code 51000 "Parameter instType error" with HTTP 200'),
    ],
    [
      'none',
      { body: { data: [entry('BTC-USDT')] } },
      badResponse('expected a list of tickers, got JSON of another shape with HTTP 200'),
    ],
    [
      'success without a list',
      { body: { code: '0', msg: '', data: {} } },
      badResponse('expected a list of tickers, got JSON of another shape with HTTP 200'),
    ],
    [
      'success with an empty list',
      answered(),
      badResponse('expected a list of tickers, got JSON of another shape with HTTP 200'),
    ],
  ])('%s', async (_name, answer, expected) => {
    const { result, asked } = await askOnce(okx, { [list]: answer }, ['BTC-USDT'], { now });
    expect(result).toEqual(expected);
    expect(asked).toHaveLength(1);
  });
});

describe('funding', () => {
  const rate = (fields: object) => ({
    instId: 'BTC-USDT-SWAP',
    instType: 'SWAP',
    fundingRate: '0.0001',
    fundingTime: String(at('16:00')),
    nextFundingTime: String(at('20:00')),
    ...fields,
  });
  const shown = async (...entries: readonly object[]) => {
    const server = await serveExchange(okx, { [rates]: answered(...entries) }, { kind: 'perpetual' });
    const result = await server.funding?.('all', now);
    await server.close();
    const found = [...(result?.ok ? result.value : [])];
    return {
      targets: server.asked.map(({ target }) => target),
      rates: found.map(([symbol, each]) => [
        symbol,
        each.ok && each.value.rate.text,
        each.ok && each.value.intervalHours,
      ]),
    };
  };

  test('one call for all, without contracts with an end and those settled in a coin', async () => {
    const xPerp = rate({ instId: 'BTC-USD_UM_XPERP-310404', instType: 'FUTURES' });
    const dated = rate({ instId: 'ETH-USDT-SWAP', instType: 'FUTURES' });
    const found = await shown(rate({}), rate({ instId: 'BTC-USD-SWAP' }), xPerp, dated);
    expect(found).toEqual({ targets: [`${rates}?instId=ANY`], rates: [['BTC-USDT-SWAP', '0.0001', 4]] });
  });

  test.each<{ name: string; fields: object; expected: unknown[] }>([
    { name: 'zero is a rate', fields: { fundingRate: '0' }, expected: [['BTC-USDT-SWAP', '0', 4]] },
    { name: 'empty is none', fields: { fundingRate: '' }, expected: [] },
    { name: 'without its settlement there is none', fields: { fundingTime: '' }, expected: [] },
    { name: 'without the settlement after it there is no interval', fields: { nextFundingTime: '' }, expected: [] },
    { name: 'nor where both are one', fields: { nextFundingTime: String(at('16:00')) }, expected: [] },
  ])('$name', async ({ fields, expected }) => {
    expect((await shown(rate(fields), rate({ instId: 'ETH-USDT-SWAP' }))).rates).toEqual([
      ...expected,
      ['ETH-USDT-SWAP', '0.0001', 4],
    ]);
  });
});

describe('candles', () => {
  const request: CandleRequest = { from: at('12:00'), to: at('12:04'), spanMs: minuteMs };
  const candle = (time: string, high = '2', confirm = '1') => [
    String(at(time)),
    '1',
    high,
    '1',
    '2',
    '5',
    '5',
    '10',
    confirm,
  ];
  const ask = async (answers: Record<string, Answer | readonly Answer[]>, spanMs = minuteMs) => {
    const server = await serveExchange(okx, answers);
    const result = await server.candles('BTC-USDT', { ...request, spanMs });
    await server.close();
    const seen = server.asked.map(({ target }) => new URL(target, 'http://127.0.0.1'));
    return {
      result: result.ok ? result.value.map(({ openAt, high }) => [openAt, high.text]) : result,
      asked: seen.map(({ pathname, searchParams }) => [pathname, searchParams.get('after')]),
      first: seen[0]?.search,
    };
  };
  const times = (...given: readonly string[]) => given.map((time) => [at(time), '2']);
  const whole = answered(candle('12:03', '3', '0'), ...['12:02', '12:01', '12:00'].map((time) => candle(time)));

  test('newest first becomes oldest first, the one under way among them', async () => {
    const { result, first, asked } = await ask({ [latest]: whole });
    expect(result).toEqual([...times('12:00', '12:01', '12:02'), [at('12:03'), '3']]);
    expect(asked).toHaveLength(1);
    const bounds = `before=${request.from - 1}&after=${request.to}`;
    expect(first).toBe(`?instId=BTC-USDT&bar=1m&${bounds}&limit=300`);
  });

  test('hours are written with a capital', async () => {
    expect((await ask({ [latest]: whole }, hourMs)).first).toContain('&bar=1H&');
  });

  test('what the latest do not reach is asked of the history, until it has no more', async () => {
    const older = [answered(candle('12:01')), answered(candle('12:00'))];
    expect(await ask({ [latest]: answered(candle('12:03'), candle('12:02')), [history]: older })).toMatchObject({
      result: times('12:00', '12:01', '12:02', '12:03'),
      asked: [
        [latest, String(request.to)],
        [history, String(at('12:02'))],
        [history, String(at('12:01'))],
      ],
    });
    const none = { [latest]: answered(), [history]: answered() };
    expect(await ask(none)).toMatchObject({
      result: [],
      asked: [
        [latest, String(request.to)],
        [history, String(request.to)],
      ],
    });
  });

  test.each<[name: string, answers: Record<string, Answer>, expected: Failed]>([
    ['an unknown symbol', { [latest]: refused('51001') }, unknownSymbol],
    ['too many requests', { [latest]: refused('50011') }, rateLimited()],
    [
      'a history that fails',
      { [latest]: answered(candle('12:02')), [history]: refused('50013') },
      unavailable('code 50013'),
    ],
    [
      'a candle that cannot be read',
      { [latest]: answered(candle('12:01', ''), candle('12:00')) },
      badResponse(textLike(/^expected a list of candles, got JSON of another shape/)),
    ],
  ])('%s leaves nothing that could pass for the whole', async (_name, answers, expected) => {
    expect((await ask(answers)).result).toEqual(expected);
  });
});
