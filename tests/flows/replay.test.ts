import { expect, test } from '@jest/globals';
import { Big } from 'big.js';
import type { Condition } from '../../src/domain/conditions/registry.js';
import type { Repeat } from '../../src/domain/fields/repeat.js';
import { minuteMs } from '../../src/domain/time.js';
import { type ReplayedAlert, type ReplaySettings, replay } from '../../src/flows/replay.js';
import { above, at, below, pendingAlert } from '../support/builders.js';
import { createChance, generateCandles, toCandle } from '../support/candle-series.js';
import { condition } from '../support/conditions.js';

const market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' } as const;

/** Rises to 105 at 12:07 and is back at 100 by 12:10, falls to 95 at 12:12 and is back by 12:15. */
const candles = [
  ['12:00', '100', '101', '99.5', '100'],
  ['12:06', '100', '102', '100', '101.5'],
  ['12:07', '101.5', '105.00', '101', '103'],
  ['12:08', '103', '104', '99.9', '100'],
  ['12:09', '100', '100', '100', '100'],
  ['12:12', '100', '100', '95', '99'],
  ['12:13', '99', '100', '99', '100'],
  ['12:17', '100', '100', '100', '100'],
].map(([time = '', open = '', high = '', low = '', close = '']) =>
  toCandle({ openAt: at(time), open, high, low, close }),
);

const alert = (row: number, condition: Condition, armedAt = at('12:00')): ReplayedAlert => ({
  row,
  alert: pendingAlert({ id: `row-${row}`, condition, armedAt }),
});

const run = (alerts: readonly ReplayedAlert[], settings: Partial<ReplaySettings> = {}) =>
  replay({ candles, alerts, market, everyMs: 5 * minuteMs, from: at('12:00'), to: at('12:20'), ...settings });

const times = ({ fired }: ReturnType<typeof replay>) =>
  fired.map(({ row, touchedAt, firedAt, price }) => [row, touchedAt.slice(11, 19), firedAt.slice(11, 19), price]);

test('a touch between two checks fires at the next one, and says when and how far the price went', () => {
  expect(run([alert(2, above('101.9')), alert(3, below('98'))])).toEqual({
    checks: 4,
    fired: [
      {
        row: 2,
        alertId: 'row-2',
        symbol: 'BTCUSDT',
        condition: 'above',
        targetPrice: '101.9',
        touchedAt: '2026-11-20T12:06:00.000Z',
        firedAt: '2026-11-20T12:10:00.000Z',
        price: '105.00',
      },
      {
        row: 3,
        alertId: 'row-3',
        symbol: 'BTCUSDT',
        condition: 'below',
        targetPrice: '98',
        touchedAt: '2026-11-20T12:12:00.000Z',
        firedAt: '2026-11-20T12:15:00.000Z',
        price: '95',
      },
    ],
    silent: 0,
  });
});

test('last prices alone do not see it', () => {
  expect(run([alert(2, above('101.9')), alert(3, below('98'))], { isLastPriceOnly: true })).toEqual({
    checks: 4,
    fired: [],
    silent: 2,
  });
});

test('a target that is not reached stays silent', () => {
  expect(run([alert(2, above('105.01')), alert(3, below('94.99'))])).toEqual({ checks: 4, fired: [], silent: 2 });
});

test('an alert that is true when it is armed fires at the first check, on the last price', () => {
  expect(times(run([alert(2, above('100'), at('12:00:30'))]))).toEqual([[2, '12:05:00', '12:05:00', '100']]);
});

test('a candle that began before the alert was armed is no evidence for it', () => {
  expect(
    times(run([alert(2, above('104.5'), at('12:07:00.001')), alert(3, above('103.5'), at('12:07:00.001'))])),
  ).toEqual([[3, '12:08:00', '12:10:00', '104']]);
});

test('an alert that is armed later is silent until then', () => {
  expect(times(run([alert(2, below('100'), at('12:11'))]))).toEqual([[2, '12:12:00', '12:15:00', '95']]);
});

test('the first check looks back to where its alerts were armed', () => {
  const alerts = [alert(2, above('104.5'), at('12:00')), alert(3, above('104.5'), at('12:08'))];
  expect(times(run(alerts, { from: at('12:17') }))).toEqual([[2, '12:07:00', '12:17:00', '105.00']]);
});

test('what comes after the last check is not seen', () => {
  expect(run([alert(2, below('98'))], { to: at('12:14') })).toEqual({ checks: 2, fired: [], silent: 1 });
});

test('before the first candle has ended there is nothing to check', () => {
  expect(run([alert(2, above('1'))], { from: at('11:30'), to: at('12:00:59') })).toEqual({
    checks: 0,
    fired: [],
    silent: 1,
  });
});

test('a check off the minute sees the candles that have ended by then', () => {
  const settings = { from: at('12:07:30'), everyMs: 60 * minuteMs, to: at('12:30') };
  expect(times(run([alert(2, above('101.9'))], settings))).toEqual([[2, '12:06:00', '12:07:30', '102']]);
});

test('alerts that fire at the same check come by their rows', () => {
  const alerts = [alert(5, above('104')), alert(2, below('99.9')), alert(4, above('101.9')), alert(3, above('103'))];
  expect(times(run(alerts)).map(([row]) => row)).toEqual([2, 3, 4, 5]);
});

test('equal targets in other digits, and targets a float cannot tell apart, are judged as decimals', () => {
  const alerts = [
    alert(2, above('105.0')),
    alert(3, above('105.00000000000000000001')),
    alert(4, below('95.0')),
    alert(5, below('94.99999999999999999999')),
  ];
  const replayed = run(alerts);
  expect(replayed.fired.map(({ row }) => row)).toEqual([2, 4]);
  expect(replayed.silent).toBe(2);
});

test('every kind is replayed, with what it remembers from check to check', () => {
  const alerts = [
    alert(2, condition('falls from high 4%')),
    alert(3, condition('crosses up 104')),
    alert(4, condition('rises 5% in 10m')),
    alert(5, condition('inside 94..96')),
    alert(6, condition('falls from high 10%')),
  ];
  const replayed = run(alerts);
  expect(times(replayed)).toEqual(
    [
      [3, '12:07:00', '12:10:00', '105.00'],
      [4, '12:07:00', '12:10:00', '105.00'],
      [2, '12:08:00', '12:10:00', '99.9'],
      [5, '12:12:00', '12:15:00', '95'],
    ].sort((a, b) => String(a[2]).localeCompare(String(b[2])) || Number(a[0]) - Number(b[0])),
  );
  expect(replayed.silent).toBe(1);
});

const repeating = (row: number, condition: Condition, repeat: Repeat): ReplayedAlert => ({
  row,
  alert: pendingAlert({ condition, repeat, armedAt: at('12:00') }),
});

test('an alert that is armed again fires again, one line a fire', () => {
  const repeat = { text: 'always', afterMs: 0, back: undefined };
  const replayed = run([repeating(2, above('102'), repeat)], { everyMs: minuteMs });
  expect(times(replayed).map(([, touched]) => touched)).toEqual(['12:06:00', '12:07:00', '12:08:00']);
  expect(replayed.silent).toBe(0);
});

test('a duration keeps the alert from firing, and back waits for the other side', () => {
  const hourly = repeating(2, above('102'), { text: '1h', afterMs: 60 * minuteMs, back: undefined });
  const back = repeating(3, above('100'), { text: 'back', afterMs: 0, back: { share: new Big(0) } });
  const replayed = run([hourly, back], { everyMs: minuteMs });
  expect(times(replayed).map(([row, touched]) => [row, touched])).toEqual([
    [3, '12:00:00'],
    [2, '12:06:00'],
    [3, '12:09:00'],
    [3, '12:13:00'],
  ]);
});

test('thousands of alerts over a month cost seconds, since what a wide range rules out is not looked at', () => {
  const series = generateCandles(createChance(7), { count: 30_240, startAt: at('12:00') }).map(toCandle);
  const looked: number[] = [];
  const counted = series.map((candle) => ({
    ...candle,
    get high() {
      looked.push(1);
      return candle.high;
    },
  }));
  const alerts = Array.from({ length: 2_000 }, (_, row) => alert(row, above(String(50_000_000 + row))));
  const settings = {
    candles: counted,
    alerts,
    market,
    everyMs: minuteMs,
    from: at('12:00'),
    to: at('12:00') + 30_240 * minuteMs,
  };
  expect(replay(settings)).toMatchObject({ checks: 30_240, fired: [], silent: 2_000 });
  expect(looked.length).toBeLessThan(10 * series.length);
});
