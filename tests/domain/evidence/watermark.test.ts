import { describe, expect, test } from '@jest/globals';
import { verdictByDay } from '../../../src/domain/evidence/needed-candles.js';
import {
  noWatermarks,
  ruledOutRecord,
  seenBefore,
  type Watermarks,
  watermarkOf,
  windowStart,
} from '../../../src/domain/evidence/watermark.js';
import { exchangeNames, spotMarket } from '../../../src/domain/market.js';
import { price } from '../../../src/domain/price.js';
import { minuteMs } from '../../../src/domain/time.js';
import { at, pendingAlert } from '../../support/builders.js';
import { condition } from '../../support/conditions.js';
import { listIn, rowsIn } from '../../support/text-table.js';

const btc = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;

describe('a market', () => {
  const checked = { all: at('12:05'), openSince: { 'binance:BTCUSDT': at('11:00') } };

  test('whose window is open was checked through to its opening', () => {
    expect(watermarkOf(checked, btc)).toBe(at('11:00'));
  });

  test('that is no exception was checked through like all', () => {
    expect(watermarkOf(checked, { exchange: 'bybit', kind: 'spot', symbol: 'BTCUSDT' })).toBe(at('12:05'));
  });

  test.each<{ name: string; ruledOut: Watermarks['ruledOut']; through: string }>([
    { name: 'that a range ruled out opens ten minutes before its last check', ruledOut: ['bybit:A'], through: '11:56' },
    { name: 'that was not ruled out where others were', ruledOut: ['bybit:B'], through: '12:05' },
    { name: 'where very many were', ruledOut: 'all', through: '11:56' },
  ])('$name', ({ ruledOut, through }) => {
    expect(watermarkOf({ ...checked, ruledOut }, spotMarket('bybit', 'A'))).toBe(at(through));
    expect(watermarkOf({ ...checked, ruledOut }, btc)).toBe(at('11:00'));
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

describe('candles', () => {
  const now = at('12:05');
  const known = (text = '') => (text === '-' ? undefined : price(text));

  /** When the alert was armed, the last price, the day's low and high, the window in minutes, the smallest span in s. */
  test.each(
    rowsIn(`
      are needed where the day reached the target | above 95000 | 12:00 | 94000 | 93000 95500 | 5 | 60 | open
      are needed where the day just touched the target | above 95000 | 12:00 | 94000 | 93000 95000.0 | 5 | 60 | open
      are not where the day stayed short of it | above 95000 | 12:00 | 94000 | 93000 94999.99 | 5 | 60 | ruled-out
      are needed where the day fell to a target below | below 93000 | 12:00 | 94000 | 93000 99000 | 5 | 60 | open
      are not where the day stayed over a target below | below 93000 | 12:00 | 94000 | 93000.01 99000 | 5 | 60 | ruled-out
      are needed where the exchange tells nothing of the day | above 95000 | 12:00 | 94000 | - - | 5 | 60 | open
      are needed where it tells only the other extreme | above 95000 | 12:00 | 94000 | 93000 - | 5 | 60 | open
      are needed to tell since when the last price is a touch | above 95000 | 12:00 | 95000 | 93000 94000 | 5 | 60 | candles
      are needed where the window is longer than the day | above 95000 | 12:00 | 94000 | 93000 94000 | 1439 | 60 | open
      are not where the day covers the window, and some moments more
        above 95000 | 12:00 | 94000 | 93000 94000 | 1438 | 60 | ruled-out
      are not where none began since the alert was armed | above 95000 | 12:05:00.500 | 95000 | - - | 5 | 60 | no-candle-yet
      are needed where a second began since the alert was armed | above 95000 | 12:04:59.500 | 94000 | - - | 5 | 1 | open
      are needed to begin with, where the check that armed it saw none | crosses 95000 | 12:03:59 | 94000 | 93000 94000 | 2 | 60 | candles
      are not by the check that armed it | crosses 95000 | 12:04:01 | 94000 | 93000 94000 | 2 | 60 | ruled-out
      are not where only a second began since then, and the exchange has minutes alone
        above 95000 | 12:05:00.100 | 94000 | - - | 5 | 60 | no-candle-yet
    `),
  )('%s', (_, asked, armed, last, day, minutes, seconds, verdict) => {
    const alert = pendingAlert({ condition: condition(asked), armedAt: at(armed) });
    const [low24h, high24h] = day.split(' ').map(known);
    const from = now - Number(minutes) * minuteMs;
    const facts = { last: price(last), day: { high24h, low24h }, from, now, smallestSpanMs: Number(seconds) * 1_000 };
    expect(verdictByDay(alert, facts)).toBe(verdict);
  });
});

test('the record of what was ruled out stays small', () => {
  const names = Array.from({ length: 51 }, (_, index) => `binance:S${index}`);
  expect([names.slice(0, 50), names, []].map(ruledOutRecord)).toEqual([names.slice(0, 50), 'all', undefined]);
});

describe('what was seen before follows from the checkpoint', () => {
  const way = { markets: exchangeNames.slice(0, 3).map((exchange) => spotMarket(exchange, 'MNTUSDT')) };
  const known = (facts: Partial<Watermarks> = {}): Watermarks => ({
    all: at('12:04'),
    openSince: {},
    neverSeen: [],
    ...facts,
  });

  test.each<[name: string, before: Watermarks, armedAt: string, seen: string]>([
    ['the first market on the way', known(), '12:00', 'binance'],
    ['the next one where the first was never seen', known({ neverSeen: ['binance:MNTUSDT'] }), '12:00', 'bybit'],
    [
      'both where the first was left open and the next stood in',
      known({ openSince: { 'binance:MNTUSDT': at('11:00') } }),
      '12:00',
      'binance, bybit',
    ],
    ['an alert armed in the last check itself was looked at', known(), '12:05', 'binance'],
    ['one armed after it was not', known(), '12:05:00.001', ''],
    ['nothing at the first run', noWatermarks, '12:00', ''],
    ['nothing where a checkpoint does not tell', known({ neverSeen: undefined }), '12:00', ''],
  ])('%s', (_, before, armedAt, seen) => {
    const markets = listIn(seen).map((exchange) => `${exchange}:MNTUSDT`);
    expect([...seenBefore([{ ...way, armedAt: at(armedAt) }], before)]).toEqual(markets);
  });
});
