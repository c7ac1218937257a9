import { describe, expect, test } from '@jest/globals';
import type { Condition } from '../../../src/domain/conditions/registry.js';
import { type DayRange, verdictByDay } from '../../../src/domain/evidence/needed-candles.js';
import {
  noWatermarks,
  seenBefore,
  type Watermarks,
  watermarkOf,
  windowStart,
} from '../../../src/domain/evidence/watermark.js';
import { exchangeNames, type Market, spotMarket } from '../../../src/domain/market.js';
import { price } from '../../../src/domain/price.js';
import { above, at, below, pendingAlert } from '../../support/builders.js';

const btc = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;

describe('a market', () => {
  const checked = { all: at('12:05'), openSince: { 'binance:BTCUSDT': at('11:00') } };

  test('whose window is open was checked through to its opening', () => {
    expect(watermarkOf(checked, btc)).toBe(at('11:00'));
  });

  test('that is no exception was checked through like all', () => {
    expect(watermarkOf(checked, { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' })).toBe(at('12:05'));
  });

  test('before the first run was never checked', () => {
    expect(watermarkOf(noWatermarks, btc)).toBe(0);
  });
});

describe('a window', () => {
  const armed = (time: string) => pendingAlert({ armedAt: at(time) });

  test.each([
    { name: 'opens where the market was checked last', alerts: ['11:00', '11:30'], through: '12:00', start: '12:00' },
    { name: 'opens no earlier than its alert was armed', alerts: ['12:03'], through: '12:00', start: '12:03' },
    { name: 'opens for the alert that was armed first', alerts: ['12:04', '12:03'], through: '12:00', start: '12:03' },
    { name: 'is as old as its oldest alert needs', alerts: ['12:04', '11:00'], through: '12:00', start: '12:00' },
  ])('$name', ({ alerts, through, start }) => {
    expect(windowStart(alerts.map(armed), at(through))).toBe(at(start));
  });
});

const noDay = { high24h: undefined, low24h: undefined };
const day = (low: string, high: string) => ({ high24h: price(high), low24h: price(low) });
const dayMs = 24 * 60 * 60_000;

describe('candles', () => {
  test.each<{
    name: string;
    condition?: Condition;
    armed?: string;
    last?: string;
    day?: DayRange;
    from?: number;
    smallestSpanMs?: number;
    isNeeded: boolean;
  }>([
    { name: 'are needed where the day reached the target', day: day('93000', '95500'), isNeeded: true },
    { name: 'are needed where the day just touched the target', day: day('93000', '95000.0'), isNeeded: true },
    { name: 'are not where the day stayed short of it', day: day('93000', '94999.99'), isNeeded: false },
    {
      name: 'are needed where the day fell to a target below',
      condition: below('93000'),
      day: day('93000', '99000'),
      isNeeded: true,
    },
    {
      name: 'are not where the day stayed over a target below',
      condition: below('93000'),
      day: day('93000.01', '99000'),
      isNeeded: false,
    },
    { name: 'are needed where the exchange tells nothing of the day', day: noDay, isNeeded: true },
    {
      name: 'are needed where it tells only the other extreme',
      day: { high24h: undefined, low24h: price('93000') },
      isNeeded: true,
    },
    {
      name: 'are needed to tell since when the last price is a touch',
      last: '95000',
      day: day('93000', '94000'),
      isNeeded: true,
    },
    {
      name: 'are needed where the window is longer than the day',
      from: at('12:05') - dayMs + 60_000,
      day: day('93000', '94000'),
      isNeeded: true,
    },
    {
      name: 'are not where the day covers the window, and some moments more',
      from: at('12:05') - dayMs + 120_000,
      day: day('93000', '94000'),
      isNeeded: false,
    },
    {
      name: 'are not where none began since the alert was armed',
      armed: '12:05:00.500',
      last: '95000',
      isNeeded: false,
    },
    {
      name: 'are needed where a second began since the alert was armed',
      armed: '12:04:59.500',
      smallestSpanMs: 1_000,
      isNeeded: true,
    },
    {
      name: 'are not where only a second began since then, and the exchange has minutes alone',
      armed: '12:05:00.100',
      smallestSpanMs: 60_000,
      isNeeded: false,
    },
  ])('$name', ({ condition = above('95000'), armed = '12:00', last = '94000', isNeeded, ...known }) => {
    const { day: extremes = noDay, from = at('12:00'), smallestSpanMs = 60_000 } = known;
    const alert = pendingAlert({ condition, armedAt: at(armed) });
    const now = at('12:05');
    const verdict = verdictByDay(alert, { last: price(last), day: extremes, from, now, smallestSpanMs });
    expect(['open', 'candles'].includes(verdict)).toBe(isNeeded);
  });
});

describe('what was seen before follows from the checkpoint', () => {
  const [binance, bybit, coinbase] = exchangeNames.map((exchange): Market => spotMarket(exchange, 'MNTUSDT')) as [
    Market,
    Market,
    Market,
  ];
  const way = { armedAt: at('12:00'), markets: [binance, bybit, coinbase] };
  const known = (facts: Partial<Watermarks> = {}): Watermarks => ({
    all: at('12:04'),
    openSince: {},
    neverSeen: [],
    ...facts,
  });

  test.each<{ name: string; before: Watermarks; armedAt?: string; seen: string[] }>([
    { name: 'the first market on the way', before: known(), seen: ['binance:MNTUSDT'] },
    {
      name: 'the next one where the first was never seen',
      before: known({ neverSeen: ['binance:MNTUSDT'] }),
      seen: ['bybit:MNTUSDT'],
    },
    {
      name: 'both where the first was left open and the next stood in',
      before: known({ openSince: { 'binance:MNTUSDT': at('11:00') } }),
      seen: ['binance:MNTUSDT', 'bybit:MNTUSDT'],
    },
    {
      name: 'an alert armed in the last check itself was looked at',
      before: known(),
      armedAt: '12:05',
      seen: ['binance:MNTUSDT'],
    },
    { name: 'one armed after it was not', before: known(), armedAt: '12:05:00.001', seen: [] },
    { name: 'nothing at the first run', before: noWatermarks, seen: [] },
    { name: 'nothing where a checkpoint does not tell', before: known({ neverSeen: undefined }), seen: [] },
  ])('$name', ({ before, armedAt = '12:00', seen }) => {
    expect([...seenBefore([{ ...way, armedAt: at(armedAt) }], before)]).toEqual(seen);
  });
});
