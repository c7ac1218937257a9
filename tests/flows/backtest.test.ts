import { describe, expect, test } from '@jest/globals';
import type { Candle } from '../../src/domain/evidence/candle.js';
import { widerCandles } from '../../src/domain/evidence/wider-candles.js';
import { repeatField } from '../../src/domain/fields/repeat.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import { createExchangeCalls } from '../../src/flows/ask-exchanges.js';
import { backtest } from '../../src/flows/backtest.js';
import { createKnownMinutes, type KnownMinutes } from '../../src/flows/backtest-pages.js';
import type { PriceError, PriceSource } from '../../src/flows/ports/price-source.js';
import { replay } from '../../src/flows/replay.js';
import { pendingAlert } from '../support/builders.js';
import { createChance, generateCandles, toCandle } from '../support/candle-series.js';
import { condition as conditionText } from '../support/conditions.js';
import { candleCallsOf, createFakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

const from = Date.parse('2026-11-01T00:00:00Z');
const days = 4;
const to = from + days * 24 * hourMs + 17 * minuteMs;
const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;
const everyMs = 5 * minuteMs;

const reading = { knownUsers: undefined, channelNames: [], now: from, timeZone: 'UTC' };

const minutes = generateCandles(createChance(11), { count: (to - from) / minuteMs, startAt: from }).map(toCandle);

/** An exchange that has these minutes, and the hours of all of them. */
function exchangeOf(own: readonly Candle[] = minutes, fail?: (call: number) => PriceError | undefined) {
  const hours = own.length === 0 ? [] : widerCandles(minutes, hourMs);
  return createFakeExchange({
    offer: { spansMs: [minuteMs, hourMs], perAnswer: 300, hasEverySpan: true },
    candles: (_, request, call) =>
      fail?.(call) ??
      (request.spanMs === hourMs ? hours : own).filter(({ openAt }) => openAt >= request.from && openAt < request.to),
  });
}

function asks(condition: string, price: string, repeat = '') {
  const again = repeatField.read({ repeat, condition }, reading);
  if (!again.ok) throw new Error(String(again.error));
  const asked = conditionText(`${condition} ${price}`);
  return pendingAlert({ condition: asked, repeat: again.value, armedAt: from, exchange: undefined });
}

function run(
  alert: ReturnType<typeof asks>,
  source: PriceSource,
  more: { known?: KnownMinutes; hasTime?: () => boolean; onProgress?: (done: number, total: number) => void } = {},
) {
  const { known = createKnownMinutes(), hasTime = () => true, onProgress = () => undefined } = more;
  const calls = createExchangeCalls({ now: () => to }, { ...runOf(), hasTime });
  return backtest({ alert, market, source, calls, known, from, to, everyMs, onProgress });
}

describe('the hours first, and minutes where they matter, find the same fires as all the minutes', () => {
  test.each<[condition: string, target: (at: (share: number) => string) => string, repeat: string]>([
    ['above', (at) => at(0.9), ''],
    ['above', (at) => at(0.8), '1h'],
    ['below', (at) => at(0.15), 'back'],
    ['crosses', (at) => at(0.5), 'always'],
    ['crosses up', (at) => at(0.7), 'back 0.5%'],
    ['enters', (at) => `${at(0.3)}..${at(0.35)}`, '1h'],
    ['leaves', (at) => `${at(0.2)}..${at(0.8)}`, 'always'],
    ['outside', (at) => `${at(0.1)}..${at(0.9)}`, '4h'],
    ['rises', () => '1.2% in 30m', '1h'],
    ['moves', () => '2% in 4h', '1h'],
    ['falls from high', () => '2.5%', '1h'],
  ])('%s, %s, repeat "%s"', async (condition, target, repeat) => {
    const prices = minutes.flatMap(({ low, high }) => [Number(low.text), Number(high.text)]);
    const [low, high] = prices.reduce(([a, b], price) => [Math.min(a, price), Math.max(b, price)], [1e9, 0]);
    const alert = asks(
      condition,
      target((share) => (low + (high - low) * share).toFixed(2)),
      repeat,
    );
    const all = replay({ candles: minutes, alerts: [{ row: 0, alert }], market, everyMs, from, to });
    expect(all.fired.length).toBeGreaterThan(0);
    expect(await run(alert, exchangeOf())).toMatchObject({ ok: true, value: { fired: all.fired, incomplete: 0 } });
  });
});

test('what the hours rule out costs no request but theirs', async () => {
  const source = exchangeOf();
  const tested = await run(asks('above', '999999'), source);
  expect(tested).toMatchObject({ ok: true, value: { fired: [], byMinute: 0, hours: days * 24 + 1 } });
  expect(candleCallsOf(source)).toHaveLength(1);
});

test('an alert that fires once is not tested beyond that', async () => {
  const source = exchangeOf();
  const tested = await run(asks('above', '1'), source);
  expect(tested).toMatchObject({ ok: true, value: { fired: [{ firedAt: '2026-11-01T00:05:00.000Z' }] } });
  expect(candleCallsOf(source).length).toBeLessThan(10);
});

test('what was read is known the next time, but for the page under way; progress is told', async () => {
  const [source, known] = [exchangeOf(), createKnownMinutes()];
  const told: string[] = [];
  const onProgress = (done: number, total: number) => told.push(`${done}/${total}`);
  await run(asks('falls from high', '5%', '1h'), source, { known, onProgress });
  expect([told[0], told.at(-1)]).toEqual(['1/1', '21/21']);
  source.asked.length = 0;
  await run(asks('falls from high', '4%', '1h'), source, { known });
  expect(candleCallsOf(source)).toHaveLength(2);
});

test('minutes that fall short of their hour are counted', async () => {
  const source = exchangeOf(minutes.filter(({ openAt }) => openAt >= from + 2 * hourMs || openAt % hourMs < minuteMs));
  const tested = await run(asks('falls from high', '5%', '1h'), source);
  expect(tested).toMatchObject({ ok: true, value: { incomplete: 2 } });
});

/** Which sends through the gate, as the exchanges do. */
const gated: PriceSource = {
  ...exchangeOf(),
  async candles(_symbol, _request, gate) {
    const sent = await gate?.('host', async () => ({ answer: [], host: 'well' }));
    return sent?.ok ? sent : { ok: false, error: { kind: 'unavailable', detail: sent?.error.detail ?? '' } };
  },
};

test.each<[name: string, source: PriceSource, message: string]>([
  [
    'an exchange that fails',
    exchangeOf(minutes, (call) => (call > 2 ? { kind: 'unavailable', detail: 'HTTP 503' } : undefined)),
    'binance: the exchange did not answer: HTTP 503',
  ],
  ['a market without candles', exchangeOf([]), 'binance has no candles of BTCUSDT in that time'],
  ['no more time', gated, 'it took too long, so the test was given up; try again in a minute'],
])('%s is told', async (_, source, message) => {
  const hasTime = () => source !== gated;
  expect(await run(asks('falls from high', '5%'), source, { hasTime })).toEqual({ ok: false, error: message });
});
