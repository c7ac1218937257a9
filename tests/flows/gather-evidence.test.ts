import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import type { PriceEvidence } from '../../src/domain/evaluation.js';
import { noWatermarks, type Watermarks } from '../../src/domain/evidence/watermark.js';
import type { ExchangeName } from '../../src/domain/market.js';
import { price } from '../../src/domain/price.js';
import { minuteMs } from '../../src/domain/time.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import type { TellEvidence } from '../../src/flows/gather-candles.js';
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
  const tell: TellEvidence = (all, evidence) => {
    for (const { id } of all) told.set(id, evidence);
    return [];
  };
  const ports = { exchanges: sources, now: () => now };
  const gathered = await gatherEvidence(ports, alerts, known, run, tell, () => undefined);
  return { ...gathered, evidenceFor: ({ id }: Alert) => told.get(id) };
}

type Script = Parameters<typeof createFakeExchange>[0];
const exchangeOf = (name: ExchangeName) => (tickers: Script['tickers'], candles?: PriceError) =>
  createFakeExchange({ name, tickers, ...(candles && { candles: () => candles }) });
const [binance, bybit] = [exchangeOf('binance'), exchangeOf('bybit')];
const listed = { BTCUSDT: ticker };

/** The windows that are open after a check, each with the time since when. */
async function openAfter(...given: Parameters<typeof gather>): Promise<Readonly<Record<string, number>>> {
  return (await gather(...given)).watermarksAfter([]).openSince;
}
const noTime = runOf({ hasTime: () => false });

const allButAMinute = at('12:04:20');

describe('all markets were checked through to a minute before the prices were asked for', () => {
  test('where every one was seen', async () => {
    const gathered = await gather([binance(listed)], through('12:00'));
    expect(gathered.watermarksAfter([])).toEqual({ all: allButAMinute, openSince: {}, neverSeen: [] });
    expect(gathered).toMatchObject({ checked: 1, failed: [], left: 0, isEveryExchangeDown: false });
  });

  test('where no alert is armed', async () => {
    const gathered = await gather([binance({})], noWatermarks, []);
    expect(gathered.watermarksAfter([])).toEqual({ all: allButAMinute, openSince: {}, neverSeen: [] });
    expect(gathered.isEveryExchangeDown).toBe(false);
  });

  test('so the next window reads the moments that were not in the answers yet', async () => {
    const source = binance(listed);
    await gather([source], { all: allButAMinute, openSince: {} });
    expect(source.asked[1]?.[1]).toEqual({ from: at('12:04'), to: now, spanMs: minuteMs });
  });
});

describe('the window of a market stays open', () => {
  test('while its exchange is down, from where it was, whatever another exchange says', async () => {
    const sources = [binance(unavailable), bybit(listed)];
    const first = await gather(sources, { ...through('12:00'), neverSeen: [] });
    expect(first.evidenceFor(blank)).toMatchObject({ market: { exchange: 'bybit' } });
    expect(first.watermarksAfter([])).toEqual({
      all: allButAMinute,
      openSince: { 'binance:BTCUSDT': at('12:00') },
      neverSeen: [],
    });
    expect(await openAfter(sources, through('12:00', { 'binance:BTCUSDT': '09:10' }))).toEqual({
      'binance:BTCUSDT': at('09:10'),
    });
  });

  test('and the exchange in its place is asked for no more than since the last run', async () => {
    const other = bybit(listed);
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
    expect(await openAfter([binance({ BTCUSDT: noPrice })], through('12:00'))).toEqual({
      'binance:BTCUSDT': at('12:00'),
    });
  });

  test('where its candles fail', async () => {
    const gathered = await gather([binance(listed, unavailable)], through('12:00'));
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
    expect(gathered.failed).toEqual([
      { exchange: 'binance', symbol: 'BTCUSDT', reason: 'no candles: the exchange did not answer: HTTP 503' },
    ]);
  });

  test('where a touch could not be put on record', async () => {
    const gathered = await gather([binance(listed)], through('12:00'));
    expect(gathered.watermarksAfter([blank]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
  });

  test('where there was no time', async () => {
    const gathered = await gather([binance(listed)], through('12:00'), [blank], noTime);
    expect(gathered.watermarksAfter([]).openSince).toEqual({ 'binance:BTCUSDT': at('12:00') });
    expect(gathered.left).toBe(1);
  });

  test('no earlier than for the alert that was armed first', async () => {
    expect(await openAfter([binance(unavailable)], noWatermarks)).toEqual({ 'binance:BTCUSDT': at('08:00') });
  });

  test('on its own exchange while another one, which may list the symbol too, is down', async () => {
    const before = through('12:00', { 'bybit:BTCUSDT': '11:00' });
    const failing = await gather([binance(unavailable), bybit(listed, unavailable)], before);
    expect(failing.watermarksAfter([]).openSince).toEqual({
      'binance:BTCUSDT': at('12:00'),
      'bybit:BTCUSDT': at('11:00'),
    });
    const other = bybit(listed);
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
    const gathered = await gather([binance({}), bybit(listed)], known([]));
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
    expect(await openAfter([binance({})], known([], { 'binance:BTCUSDT': '09:10' }))).toEqual({
      'binance:BTCUSDT': at('09:10'),
    });
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
    const hurried = await gather([binance({})], before, [blank], noTime);
    expect(hurried.watermarksAfter([]).neverSeen).toEqual(['binance:BTCUSDT']);
  });

  test('is no longer "never seen" once it is listed, with or without a price', async () => {
    for (const tickers of [listed, { BTCUSDT: noPrice }]) {
      const gathered = await gather([binance(tickers)], known(['binance:BTCUSDT']));
      expect(gathered.watermarksAfter([]).neverSeen).toEqual([]);
    }
  });
});

describe('a window is forgotten', () => {
  test('once the market was seen, and with it those of the exchanges that stood in', async () => {
    const before = through('12:00', { 'binance:BTCUSDT': '09:10', 'bybit:BTCUSDT': '10:00' });
    const source = binance(listed);
    const gathered = await gather([source, bybit(listed)], before);
    expect(source.asked[1]?.[1]).toMatchObject({ from: at('09:10') });
    expect(gathered.watermarksAfter([]).openSince).toEqual({});
  });

  test('where no exchange lists the symbol', async () => {
    expect(await openAfter([binance({}), bybit({})], through('12:00', { 'binance:BTCUSDT': '09:10' }))).toEqual({});
  });
});
