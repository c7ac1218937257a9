import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import type { PriceEvidence } from '../../src/domain/evaluation.js';
import { settlingMs, type Watermarks } from '../../src/domain/evidence/watermark.js';
import type { Market } from '../../src/domain/market.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { createExchangeCalls } from '../../src/flows/ask-exchanges.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import { gatherCandles } from '../../src/flows/gather-candles.js';
import type { PriceQuote } from '../../src/flows/gather-quotes.js';
import type { PriceError } from '../../src/flows/ports/price-source.js';
import { priceRequestKey, priceRequestsOf } from '../../src/flows/price-requests.js';
import { above, at, candle, pendingAlert } from '../support/builders.js';
import { createFakeExchange, type FakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

const btc: Market = { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' };
const now = at('12:05:20');
const through = (time: string): Watermarks => ({ all: at(time), openSince: {} });
const unavailable: PriceError = { kind: 'unavailable', detail: 'HTTP 503' };
const untroubled = { failed: [], left: 0 };
const noCandles = [
  { exchange: 'binance', symbol: 'BTCUSDT', reason: 'no candles: the exchange did not answer: HTTP 503' },
];

const candleTo = (high: string, time: string, spanMs = minuteMs) => candle(`${time} 90000 ${high} 90000 90000`, spanMs);

type Script = Parameters<typeof createFakeExchange>[0];
const binance = (candles?: Script['candles'], offer?: Script['offer']) =>
  createFakeExchange({ ...(candles && { candles }), ...(offer && { offer }) });

/** Two hours of minutes an answer. */
const byPages = { spansMs: [minuteMs], perAnswer: 120 };
const bySecond = { spansMs: [1_000, minuteMs], perAnswer: 60 };

/** The day reached 96000, and now the price is lower. */
function quotesOf(alerts: readonly Alert[], market = btc): PriceQuote[] {
  const ticker = { last: price('94000'), high24h: price('96000'), low24h: price('93500') };
  return priceRequestsOf(alerts).map((priceRequest) => ({ priceRequest, market, ticker, at: now }));
}

async function gather(
  source: FakeExchange,
  quotes: readonly PriceQuote[],
  checked: Watermarks = through('12:00'),
  run = runOf(),
) {
  const calls = createExchangeCalls({ now: () => now }, run);
  const told = new Map<string, PriceEvidence>();
  const found = await gatherCandles({
    ...{ exchanges: [source], quotes, checked, calls, run, history: createCandleHistory() },
    settledTo: now - settlingMs,
    tell: (alerts, evidence) => {
      for (const alert of alerts) told.set(priceRequestKey(alert), evidence);
      return [];
    },
  });
  const time = (instant = 0) => new Date(instant).toISOString().slice(11, 19);
  return {
    candles: Object.fromEntries(
      [...told].map(([key, { candles }]) => [
        key,
        candles.map(({ openAt, spanMs }) => `${time(openAt)}/${spanMs / 1_000}`),
      ]),
    ),
    windows: found.markets.map(({ market, openedAt, seenTo, priceRequests }) => ({
      market,
      priceRequests: priceRequests.map(({ key }) => key),
      openedAt: time(openedAt),
      seenTo: seenTo === undefined ? 'now' : time(seenTo),
    })),
    failed: found.failed,
    left: found.left,
    asked: source.asked.map(([asked, request]) => [asked, time(request?.from), time(request?.to)].join(' ')),
  };
}

test('a market that the day’s extremes rule out is asked for no candles, and was seen through to now', async () => {
  const source = binance();
  const quotes = quotesOf([pendingAlert({ condition: above('96000.01'), armedAt: at('11:00') })]);
  expect(await gather(source, quotes)).toEqual({
    candles: { 'binance:BTCUSDT': [] },
    windows: [{ market: btc, priceRequests: ['binance:BTCUSDT'], openedAt: '12:00:00', seenTo: 'now' }],
    ...untroubled,
    asked: [],
  });
});

test('else its candles since it was checked are asked for, with one request', async () => {
  const source = binance(() => [candleTo('95500', '12:01'), candleTo('95400', '12:02')]);
  const alerts = [pendingAlert({ armedAt: at('11:00') }), pendingAlert({ id: 'other', armedAt: at('11:30') })];
  expect(await gather(source, quotesOf(alerts), through('12:00:10'))).toEqual({
    candles: { 'binance:BTCUSDT': ['12:01:00/60', '12:02:00/60'] },
    windows: [{ market: btc, priceRequests: ['binance:BTCUSDT'], openedAt: '12:00:10', seenTo: 'now' }],
    ...untroubled,
    asked: ['candles BTCUSDT 12:00:00 12:05:20'],
  });
});

test('rows that name the exchange and rows that leave it blank are one market, asked once', async () => {
  const source = binance(() => [candleTo('95500', '12:03')]);
  const alerts = [
    pendingAlert({ exchange: undefined, armedAt: at('12:02') }),
    pendingAlert({ exchange: 'binance', armedAt: at('12:01') }),
  ];
  expect(await gather(source, quotesOf(alerts), through('12:00'))).toEqual({
    candles: { ':BTCUSDT': ['12:03:00/60'], 'binance:BTCUSDT': ['12:03:00/60'] },
    windows: [{ market: btc, priceRequests: [':BTCUSDT', 'binance:BTCUSDT'], openedAt: '12:01:00', seenTo: 'now' }],
    ...untroubled,
    asked: ['candles BTCUSDT 12:01:00 12:05:20'],
  });
});

test('only the alerts that candles could prove decide what is asked', async () => {
  const source = binance(() => []);
  const alerts = [
    pendingAlert({ id: 'out-of-reach', condition: above('99000'), armedAt: at('11:00') }),
    pendingAlert({ id: 'just-armed', armedAt: at('12:05:20.001') }),
    pendingAlert({ id: 'in-reach', armedAt: at('12:03:00') }),
  ];
  expect(await gather(source, quotesOf(alerts), through('11:30'))).toMatchObject({
    windows: [{ openedAt: '11:30:00', seenTo: 'now' }],
    asked: ['candles BTCUSDT 12:03:00 12:05:20'],
  });
});

test('a window that an outage left open begins where it was left', async () => {
  const source = binance(() => []);
  const checked = { all: at('12:00'), openSince: { 'binance:BTCUSDT': at('09:00:30') } };
  expect((await gather(source, quotesOf([pendingAlert({ armedAt: at('08:00') })]), checked)).asked).toEqual([
    'candles BTCUSDT 09:00:00 12:05:20',
  ]);
});

describe('where candles fail', () => {
  test('the last price is evidence all the same, and the window stays open', async () => {
    const source = binance(() => unavailable);
    expect(await gather(source, quotesOf([pendingAlert({ armedAt: at('11:00') })]))).toEqual({
      candles: { 'binance:BTCUSDT': [] },
      windows: [{ market: btc, priceRequests: ['binance:BTCUSDT'], openedAt: '12:00:00', seenTo: '12:00:00' }],
      failed: noCandles,
      left: 0,
      asked: ['candles BTCUSDT 12:00:00 12:05:20'],
    });
  });

  test('the pages before are evidence, and are not read again', async () => {
    const source = binance(
      (_symbol, { from }, call) => (call === 2 ? unavailable : [{ ...candleTo('94500', '00:00'), openAt: from }]),
      byPages,
    );
    const alerts = [pendingAlert({ armedAt: at('03:00') })];
    expect(await gather(source, quotesOf(alerts), through('06:00:30'))).toEqual({
      candles: { 'binance:BTCUSDT': ['06:00:00/60', '08:00:00/60'] },
      windows: [{ market: btc, priceRequests: ['binance:BTCUSDT'], openedAt: '06:00:30', seenTo: '10:00:00' }],
      failed: noCandles,
      left: 0,
      asked: [
        'candles BTCUSDT 06:00:00 08:00:00',
        'candles BTCUSDT 08:00:00 10:00:00',
        'candles BTCUSDT 10:00:00 12:00:00',
      ],
    });
  });

  test('where time is over the rest is left to the next run', async () => {
    let checks = 0;
    const source = binance((_symbol, { from }) => [{ ...candleTo('94500', '00:00'), openAt: from }], byPages);
    const hasTime = () => {
      checks += 1;
      return checks <= 2;
    };
    const alerts = [pendingAlert({ armedAt: at('03:00') })];
    expect(await gather(source, quotesOf(alerts), through('06:00'), runOf({ hasTime }))).toMatchObject({
      candles: { 'binance:BTCUSDT': ['06:00:00/60', '08:00:00/60'] },
      windows: [{ openedAt: '06:00:00', seenTo: '10:00:00' }],
      failed: [],
      left: 1,
    });
  });

  test.each([
    { what: 'the seconds of an arming', failing: 1, asked: 2 },
    { what: 'the minutes after them', failing: 2, asked: 3 },
  ])('$what count as unread from the window’s beginning', async ({ failing, asked }) => {
    const source = binance(
      (_symbol, _request, call) => (call === failing ? unavailable : [candleTo('94500', '12:01:31', 1_000)]),
      bySecond,
    );
    const alerts = ['11:00', '12:01:30.500', '12:03:10'].map((time) => pendingAlert({ id: time, armedAt: at(time) }));
    const requests = [
      'candles BTCUSDT 12:01:00 12:02:00',
      'candles BTCUSDT 12:03:00 12:04:00',
      'candles BTCUSDT 12:00:00 12:05:20',
    ];
    expect(await gather(source, quotesOf(alerts), through('12:00:10'))).toMatchObject({
      windows: [{ openedAt: '12:00:10', seenTo: '12:00:10' }],
      asked: requests.slice(0, asked),
    });
  });
});

test('seconds and minutes come in order of their beginning', async () => {
  const source = binance(
    (_symbol, { spanMs }) =>
      spanMs === minuteMs
        ? [candleTo('94500', '12:01'), candleTo('94500', '12:02'), candleTo('94500', '12:03')]
        : [candleTo('94500', '12:02:00', 1_000), candleTo('94500', '12:02:31', 1_000)],
    bySecond,
  );
  const alerts = [pendingAlert({ armedAt: at('11:00') }), pendingAlert({ id: 'later', armedAt: at('12:02:30.500') })];
  expect((await gather(source, quotesOf(alerts), through('12:00:10'))).candles).toEqual({
    'binance:BTCUSDT': ['12:01:00/60', '12:02:00/1', '12:02:00/60', '12:02:31/1', '12:03:00/60'],
  });
});
