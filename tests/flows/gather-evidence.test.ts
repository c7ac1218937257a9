import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import type { PriceEvidence } from '../../src/domain/evaluation.js';
import { noWatermarks, type Watermarks } from '../../src/domain/evidence/watermark.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import { gatherEvidence } from '../../src/flows/gather-evidence.js';
import type { PriceError, Ticker } from '../../src/flows/ports/price-source.js';
import { at, pendingAlert } from '../support/builders.js';
import { createFakeExchange, type FakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

const unavailable: PriceError = { kind: 'unavailable', detail: 'HTTP 503' };
const noPrice: PriceError = { kind: 'no-price', detail: 'trading is disabled' };
/** Without the day's extremes every market is asked for candles. */
const ticker: Ticker = { last: price('94000'), high24h: undefined, low24h: undefined };
const through = (time: string, openSince: Record<string, string> = {}): Watermarks => ({
  all: at(time),
  openSince: Object.fromEntries(Object.entries(openSince).map(([market, since]) => [market, at(since)])),
});

const now = at('12:05:20');
const blank = pendingAlert({ exchange: undefined, armedAt: at('08:00') });

async function gather(
  sources: readonly FakeExchange[],
  before: Watermarks,
  alerts: readonly Alert[] = [blank],
  run = runOf(),
) {
  const told = new Map<string, PriceEvidence>();
  const known = { before, history: createCandleHistory() };
  const gathered = await gatherEvidence({ exchanges: sources, now: () => now }, alerts, known, run, (all, evidence) => {
    for (const { id } of all) told.set(id, evidence);
    return [];
  });
  return { ...gathered, evidenceFor: ({ id }: Alert) => told.get(id) };
}

const binance = (tickers: ScriptedTickers, candles?: PriceError) =>
  createFakeExchange({ name: 'binance', tickers, ...(candles && { candles: () => candles }) });
const bybit = (tickers: ScriptedTickers, candles?: PriceError) =>
  createFakeExchange({ name: 'bybit', tickers, ...(candles && { candles: () => candles }) });
type ScriptedTickers = Parameters<typeof createFakeExchange>[0]['tickers'];

const allButAMinute = at('12:04:20');

describe('all markets were checked through to a minute before the prices were asked for', () => {
  test('where every one was seen', async () => {
    const gathered = await gather([binance({ BTCUSDT: ticker })], through('12:00'));
    expect(gathered.watermarksAfter([])).toEqual({ all: allButAMinute, openSince: {}, neverSeen: [] });
    expect(gathered).toMatchObject({ checked: 1, failed: [], left: 0, isEveryExchangeDown: false });
  });

  test('where no alert is armed', async () => {
    const gathered = await gather([binance({})], noWatermarks, []);
    expect(gathered.watermarksAfter([])).toEqual({ all: allButAMinute, openSince: {}, neverSeen: [] });
    expect(gathered.isEveryExchangeDown).toBe(false);
  });

  test('so the next window reads the moments that were not in the answers yet', async () => {
    const source = binance({ BTCUSDT: ticker });
    await gather([source], { all: allButAMinute, openSince: {} });
    expect(source.asked[1]?.[1]).toEqual({ from: at('12:04'), to: now, spanMs: minuteMs });
  });
});

describe('the window of a market stays open', () => {
  test('while its exchange is down, from where it was, whatever another exchange says', async () => {
    const sources = [binance(unavailable), bybit({ BTCUSDT: ticker })];
    const first = await gather(sources, { ...through('12:00'), neverSeen: [] });
    expect(first.evidenceFor(blank)).toMatchObject({ market: { exchange: 'bybit' } });
    expect(first.watermarksAfter([])).toEqual({
      all: allButAMinute,
      openSince: { 'binance:BTCUSDT': at('12:00') },
      neverSeen: [],
    });
    const later = await gather(sources, through('12:00', { 'binance:BTCUSDT': '09:10' }));
    expect(later.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('09:10') });
  });

  test('and the exchange in its place is asked for no more than since the last run', async () => {
    const other = bybit({ BTCUSDT: ticker });
    await gather([binance(unavailable), other], through('12:00', { 'binance:BTCUSDT': '09:10' }));
    expect(other.asked[1]?.[1]).toMatchObject({ from: at('12:00') });
  });

  test('on every exchange where all are down', async () => {
    const gathered = await gather(
      [binance(unavailable), bybit(unavailable)],
      through('12:00', { 'bybit:BTCUSDT': '11:00' }),
    );
    expect(gathered.isEveryExchangeDown).toBe(true);
    expect(gathered.evidenceFor(blank)).toBeUndefined();
    expect(gathered.watermarksAfter([]).openSince).toEqual({
      'binance:BTCUSDT': at('12:00'),
      'bybit:BTCUSDT': at('11:00'),
    });
  });

  test('while it has no price', async () => {
    const gathered = await gather([binance({ BTCUSDT: noPrice })], through('12:00'));
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
  });

  test('where its candles fail', async () => {
    const gathered = await gather([binance({ BTCUSDT: ticker }, unavailable)], through('12:00'));
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
    expect(gathered.failed).toEqual([
      { exchange: 'binance', symbol: 'BTCUSDT', reason: 'no candles: the exchange did not answer: HTTP 503' },
    ]);
  });

  test('where a touch could not be put on record', async () => {
    const gathered = await gather([binance({ BTCUSDT: ticker })], through('12:00'));
    expect(gathered.watermarksAfter([blank]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
  });

  test('where there was no time', async () => {
    const gathered = await gather(
      [binance({ BTCUSDT: ticker })],
      through('12:00'),
      [blank],
      runOf({ hasTime: () => false }),
    );
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
    expect(gathered.left).toBe(1);
  });

  test('no earlier than for the alert that was armed first', async () => {
    const gathered = await gather([binance(unavailable)], noWatermarks);
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('08:00') });
  });

  test('on its own exchange while another one, which may list the symbol too, is down', async () => {
    const before = through('12:00', { 'bybit:BTCUSDT': '11:00' });
    const failing = await gather([binance(unavailable), bybit({ BTCUSDT: ticker }, unavailable)], before);
    expect(failing.watermarksAfter([]).openSince).toEqual({
      'binance:BTCUSDT': at('12:00'),
      'bybit:BTCUSDT': at('11:00'),
    });
    const other = bybit({ BTCUSDT: ticker });
    const seen = await gather([binance({}), other], failing.watermarksAfter([]));
    expect(other.asked[1]?.[1]).toMatchObject({ from: at('11:00') });
    expect(seen.watermarksAfter([]).openSince).toEqual({});
  });
});

describe('a market that is not in the list', () => {
  const known = (neverSeen: readonly string[], openSince: Record<string, string> = {}): Watermarks => ({
    ...through('12:00', openSince),
    neverSeen,
  });

  test('keeps its window where it was listed at the last check, and is not called "not listed"', async () => {
    const gathered = await gather([binance({}), bybit({ BTCUSDT: ticker })], known([]));
    expect(gathered.watermarksAfter([])).toMatchObject({
      openSince: { 'binance:BTCUSDT': at('12:00') },
      neverSeen: [],
    });
    expect(gathered.failed).toEqual([
      {
        exchange: 'binance',
        symbol: 'BTCUSDT',
        reason: expect.stringMatching(/^listed at an earlier check, and missing now/),
      },
    ]);
  });

  test('keeps it for as long as it is missing', async () => {
    const gathered = await gather([binance({})], known([], { 'binance:BTCUSDT': '09:10' }));
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('09:10') });
  });

  test.each<{ name: string; before: Watermarks; alerts: readonly Alert[] }>([
    { name: 'that no check ever saw', before: known(['binance:BTCUSDT', 'bybit:BTCUSDT']), alerts: [blank] },
    {
      name: 'that only newer alerts ask for',
      before: known([]),
      alerts: [pendingAlert({ armedAt: at('12:01:00.001') })],
    },
    { name: 'of which an older checkpoint says nothing', before: through('12:00'), alerts: [blank] },
  ])('has none where it is one $name', async ({ before, alerts }) => {
    const gathered = await gather([binance({}), bybit({})], before, alerts);
    expect(gathered.watermarksAfter([])).toEqual({
      all: allButAMinute,
      openSince: {},
      neverSeen: ['binance:BTCUSDT', 'bybit:BTCUSDT'],
    });
    expect(gathered.failed).toMatchObject([{ reason: 'the exchange does not list this symbol' }]);
  });

  test('stays "never seen" while its exchange is down or there is no time', async () => {
    const before = known(['binance:BTCUSDT']);
    const down = await gather([binance(unavailable)], before);
    expect(down.watermarksAfter([]).neverSeen).toEqual(['binance:BTCUSDT']);
    const hurried = await gather([binance({})], before, [blank], runOf({ hasTime: () => false }));
    expect(hurried.watermarksAfter([]).neverSeen).toEqual(['binance:BTCUSDT']);
  });

  test('is no longer "never seen" once it is listed, with or without a price', async () => {
    for (const tickers of [{ BTCUSDT: ticker }, { BTCUSDT: noPrice }]) {
      const gathered = await gather([binance(tickers)], known(['binance:BTCUSDT']));
      expect(gathered.watermarksAfter([]).neverSeen).toEqual([]);
    }
  });
});

describe('a window is forgotten', () => {
  test('once the market was seen, and with it those of the exchanges that stood in', async () => {
    const before = through('12:00', { 'binance:BTCUSDT': '09:10', 'bybit:BTCUSDT': '10:00' });
    const source = binance({ BTCUSDT: ticker });
    const gathered = await gather([source, bybit({ BTCUSDT: ticker })], before);
    expect(source.asked[1]?.[1]).toMatchObject({ from: at('09:10') });
    expect(gathered.watermarksAfter([]).openSince).toEqual({});
  });

  test('where no exchange lists the symbol', async () => {
    const gathered = await gather([binance({}), bybit({})], through('12:00', { 'binance:BTCUSDT': '09:10' }));
    expect(gathered.watermarksAfter([]).openSince).toEqual({});
  });
});
