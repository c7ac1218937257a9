import { describe, expect, test } from '@jest/globals';
import { exchange as binance } from '../../../../src/adapters/exchanges/binance/exchange.js';
import { planRollingWindows } from '../../../../src/adapters/exchanges/binance/rolling-window.js';
import { hourMs, minuteMs } from '../../../../src/domain/time.js';
import { at } from '../../../support/builders.js';
import { type Answer, serveExchange } from '../../../support/exchange-server.js';

const now = at('12:05:20');
const ago = (...ms: number[]) => new Map(ms.map((each, index) => [`S${index}`, now - each]));
const many = (count: number, ms = 5 * minuteMs) => ago(...Array.from({ length: count }, () => ms));

describe('windows', () => {
  test.each<{ name: string; since: ReadonlyMap<string, number>; sizes: string[] }>([
    { name: 'a minute longer than the time since', since: ago(5 * minuteMs, 5 * minuteMs), sizes: ['6m'] },
    { name: 'in whole minutes, rounded up', since: ago(5 * minuteMs + 1, 20_000), sizes: ['7m'] },
    { name: 'of 59 minutes at most', since: ago(58 * minuteMs, minuteMs), sizes: ['59m'] },
    {
      name: 'then in hours, and those of minutes by themselves',
      since: ago(58 * minuteMs + 1, hourMs, 1, 1),
      sizes: ['2m', '2h'],
    },
    { name: 'then in days', since: ago(22.99 * hourMs, 23.5 * hourMs, 30 * hourMs), sizes: ['2d'] },
    { name: 'none longer than a week', since: ago(168 * hourMs, 168 * hourMs), sizes: [] },
    { name: 'none for a market alone, whose candles cost as much', since: ago(minuteMs, 2 * hourMs), sizes: [] },
    { name: 'none for no market', since: ago(), sizes: [] },
    { name: 'a hundred symbols a call', since: many(250), sizes: ['6m', '6m', '6m'] },
    { name: 'a hundred and one are a hundred', since: many(101), sizes: ['6m'] },
    { name: 'at most 1,200 of the weight that a minute allows', since: many(2_000), sizes: Array(6).fill('6m') },
  ])('$name', ({ since, sizes }) => {
    const calls = planRollingWindows(since, now);
    expect(calls.map(({ windowSize }) => windowSize)).toEqual(sizes);
    expect(Math.max(0, ...calls.map(({ symbols }) => symbols.length))).toBeLessThanOrEqual(100);
    const asked = calls.flatMap(({ symbols }) => symbols);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

const entry = (symbol: string, more: object = {}) => ({
  symbol,
  openPrice: '95000.00000000',
  highPrice: '96000.00000000',
  lowPrice: '94000.00000000',
  lastPrice: '95180.00000000',
  volume: '1.0',
  quoteVolume: '95000.0',
  openTime: at('11:59'),
  closeTime: now,
  firstId: 1,
  lastId: 9,
  count: 9,
  ...more,
});
const since: ReadonlyMap<string, number> = new Map([
  ['BTCUSDT', at('12:00')],
  ['币安人生USDT', at('12:00')],
]);

async function ask(answer: Answer | readonly Answer[], wanted: ReadonlyMap<string, number> = since) {
  const server = await serveExchange(binance, { '/api/v3/ticker': answer });
  try {
    return { result: await server.rangesSince?.(wanted, now), asked: server.asked.map(({ target }) => target) };
  } finally {
    await server.close();
  }
}
const namesIn = async (answer: Parameters<typeof ask>[0], wanted = since) => {
  const { result } = await ask(answer, wanted);
  if (!result?.ok) return result?.error.kind;
  return [...wanted.keys()].filter((symbol) => result.value.get(symbol) !== undefined);
};

test('the list is JSON, encoded, and the answer is short', async () => {
  const { result, asked } = await ask({ body: [entry('BTCUSDT'), entry('币安人生USDT')] });
  const told = [...since.keys()].map((symbol) => result?.ok && result.value.get(symbol));
  expect(told).toMatchObject(Array(2).fill({ low: { text: '94000.00000000' }, high: { text: '96000.00000000' } }));
  const name = encodeURIComponent('币安人生USDT');
  expect(asked).toEqual([`/api/v3/ticker?symbols=%5B%22BTCUSDT%22%2C%22${name}%22%5D&windowSize=7m&type=MINI`]);
});

test.each<{ name: string; more: object; last: string | undefined }>([
  { name: 'its last price, where something was traded', more: {}, last: '95180.00000000' },
  { name: 'none where nothing was', more: { count: 0, firstId: -1, lastId: -1 }, last: undefined },
  { name: 'none where it does not say whether something was', more: { count: undefined }, last: undefined },
  { name: 'none that is no price', more: { lastPrice: '0.00000000' }, last: undefined },
])('a window tells $name', async ({ more, last }) => {
  const { result } = await ask({ body: [entry('BTCUSDT', more), entry('币安人生USDT')] });
  expect(result?.ok && result.value.get('BTCUSDT')?.last?.text).toBe(last);
});

test('of as many markets as are told at once, and since as long ago, one call asks', () => {
  const { markets, ms } = binance.rangesAtOnce ?? { markets: 0, ms: 0 };
  expect(planRollingWindows(many(markets, ms), now).map(({ windowSize }) => windowSize)).toEqual(['59m']);
});

test.each<{ name: string; more: object }>([
  { name: 'begins too late', more: { openTime: at('12:00') + 1 } },
  { name: 'ended a while ago', more: { closeTime: now - minuteMs - 1 } },
  { name: 'does not say when it began', more: { openTime: undefined } },
  { name: 'has no high', more: { highPrice: '' } },
  { name: 'is of zeros, as where nothing was traded', more: { highPrice: '0.00000000', lowPrice: '0.00000000' } },
  { name: 'has its low above its high', more: { lowPrice: '97000' } },
  { name: 'has lost its digits', more: { highPrice: 96000 } },
])('a window that $name tells nothing of its market, and the others tell of theirs', async ({ more }) => {
  expect(await namesIn({ body: [entry('BTCUSDT', more), entry('币安人生USDT')] })).toEqual(['币安人生USDT']);
});

const unknown: Answer = { status: 400, body: { code: -1121, msg: 'Invalid symbol.' } };
const refused: Answer = { status: 429, headers: { 'retry-after': '17' }, body: {} };
const whole: Answer = { body: [...many(200).keys()].map((symbol) => entry(symbol)) };

test('one unknown symbol fails its call, and the other calls tell of theirs', async () => {
  expect(await namesIn(unknown)).toBe('unknown-symbol');
  expect(await namesIn([unknown, whole], many(200))).toHaveLength(200);
});

test('one call that asks for rest is the answer to all', async () => {
  expect(await namesIn([whole, refused], many(200))).toBe('rate-limited');
});
