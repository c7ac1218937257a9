import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import { readMemory } from '../../src/domain/conditions/judge.js';
import type { PriceEvidence } from '../../src/domain/evaluation.js';
import type { Candle } from '../../src/domain/evidence/candle.js';
import type { Watermarks } from '../../src/domain/evidence/watermark.js';
import { price } from '../../src/domain/price.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import { minuteMs } from '../../src/domain/time.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import { gatherEvidence } from '../../src/flows/gather-evidence.js';
import type { PriceError, PriceRanges, PriceSource, Ticker } from '../../src/flows/ports/price-source.js';
import { above, at, pendingAlert } from '../support/builders.js';
import { condition } from '../support/conditions.js';
import { createFakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

const short = (instant: number) => new Date(instant).toISOString().slice(11, 19);
const rangesOf = (told: Readonly<Record<string, readonly [low: string, high: string]>>): PriceRanges =>
  new Map(Object.entries(told).map(([symbol, [low, high]]) => [symbol, { low: price(low), high: price(high) }]));
const refused: PriceError = { kind: 'bad-response', issues: ['refused, says the test'] };

interface Scene {
  readonly alerts: readonly Alert[];
  readonly last?: string;
  /** Of the day, with the last price; else the source is asked for it. */
  readonly day?: readonly [low: string, high: string];
  readonly ofDay?: Result<PriceRanges, PriceError>;
  readonly since?: Result<PriceRanges, PriceError>;
  readonly before?: Watermarks;
  readonly at?: number;
  readonly requestsPerSecond?: number;
}

const lastCheck: Watermarks = { all: at('12:00'), openSince: {}, ruledOut: 'all' };

/** What was asked for beside the prices, what each alert was told, and where the next windows open. */
async function gather(
  { alerts, last = '94000', day, ofDay, since, before = lastCheck, at: now = at('12:05:20'), requestsPerSecond }: Scene,
  history = createCandleHistory(),
) {
  const asked: string[] = [];
  const [low24h, high24h] = (day ?? []).map(price);
  const ticker: Ticker = { last: price(last), high24h, low24h };
  const candle: Candle = {
    openAt: now - (now % minuteMs) - minuteMs,
    spanMs: minuteMs,
    open: ticker.last,
    high: ticker.last,
    low: ticker.last,
    close: ticker.last,
  };
  const ranges = (): Pick<PriceSource, 'dayRanges' | 'rangesSince'> => ({
    ...(ofDay && {
      dayRanges: async () => {
        asked.push('day');
        return ofDay;
      },
    }),
    ...(since && {
      rangesSince: async (wanted) => {
        asked.push(...[...wanted].map(([symbol, from]) => `since ${symbol} ${short(from)}`));
        return since;
      },
    }),
  });
  const source = createFakeExchange({
    tickers: () => ticker,
    ranges,
    requestsPerSecond,
    candles: (symbol, { from }) => {
      asked.push(`candles ${symbol} ${short(from)}`);
      return [{ ...candle, openAt: Math.max(from, candle.openAt) }];
    },
  });
  const told = new Map<string, PriceEvidence>();
  const known = { before, history };
  const gathered = await gatherEvidence(
    { exchanges: [source], now: () => now },
    alerts,
    known,
    runOf(),
    (all, evidence) => {
      for (const { id } of all) told.set(id, evidence);
      return [];
    },
    () => undefined,
  );
  return {
    asked,
    told: Object.fromEntries(
      [...told].map(([id, { candles, keepTo }]) => [id, `${candles.length} to ${short(keepTo)}`]),
    ),
    ruledOut: gathered.watermarksAfter([]).ruledOut,
    failures: gathered.rangeFailures.map(({ error }) => error.kind),
    failed: gathered.failed.map(({ reason }) => reason),
  };
}

const of = (symbol: string, target: string, more: Partial<Alert> = {}): Alert =>
  pendingAlert({ id: symbol, symbol, condition: above(target), armedAt: at('08:00'), ...more } as Parameters<
    typeof pendingAlert
  >[0]);
const [a, b] = [of('A', '95000'), of('B', '95000')];
const wide = ['93000', '96000'] as const;

describe('prices of very many markets that fire at once', () => {
  const candleCalls = (asked: readonly string[]) => asked.filter((each) => each.startsWith('candles')).length;
  const many = (count: number, more: (symbol: string) => Partial<Alert> = () => ({})) =>
    Array.from({ length: count }, (_, index) => of(`S${index}`, '95000', more(`S${index}`)));

  test.each<{ requestsPerSecond?: number; asked: number }>([
    { requestsPerSecond: 10, asked: 20 },
    { requestsPerSecond: 60, asked: 100 },
    { asked: 100 },
  ])(
    'of $asked is asked since when, at $requestsPerSecond requests a second; the others are told by the price now',
    async ({ asked: most, ...pace }) => {
      const { asked, told, failed } = await gather({ alerts: many(120), last: '95000', ...pace });
      expect(candleCalls(asked)).toBe(most);
      expect(Object.values(told).toSorted()).toEqual([
        ...Array<string>(120 - most).fill('0 to 12:04:20'),
        ...Array<string>(most).fill('1 to 12:04:20'),
      ]);
      expect(failed).toEqual([]);
    },
  );

  test('what is measured, and what the price alone does not prove, is asked for, however many there are', async () => {
    const trail = condition('falls from high 1%');
    const judged = readMemory(trail, { asOf: at('12:04'), facts: { price: '98000', at: at('12:02') } });
    const falling = (symbol: string) => ({
      condition: trail,
      memory: { market: { exchange: 'binance', kind: 'spot', symbol } as const, judged },
    });
    for (const more of [falling, () => ({ condition: condition('moves 1% in 1h') })]) {
      const { asked } = await gather({ alerts: many(21, more), last: '95000', requestsPerSecond: 10 });
      expect(candleCalls(asked)).toBe(21);
    }
  });

  test('another alert of such a market is ruled out, or asked for, as ever', async () => {
    const fired = many(21);
    const beyond = of('beyond', '96000', { symbol: 'S20' });
    const ofDay = (high: string) => ok(rangesOf({ S20: ['93000', high] }));
    const scene = { alerts: [...fired, beyond], last: '95000', requestsPerSecond: 10 };
    const ruledOut = await gather({ ...scene, ofDay: ofDay('95500') });
    expect(candleCalls(ruledOut.asked)).toBe(20);
    expect(ruledOut.told).toMatchObject({ S20: '0 to 12:04:20', beyond: '0 to 11:55:20' });
    const open = await gather({ ...scene, ofDay: ofDay('96500') });
    expect(candleCalls(open.asked)).toBe(21);
    expect(open.told).toMatchObject({ S20: '0 to 12:04:20', beyond: '1 to 12:04:20' });
  });
});

describe('a day’s range from a call beside the prices', () => {
  test('rules out without a candle, and nothing of the last ten minutes is remembered', async () => {
    expect(
      await gather({ alerts: [a, b], ofDay: ok(rangesOf({ A: ['93000', '94500'], B: ['93000', '94999'] })) }),
    ).toEqual({
      asked: ['day'],
      told: { A: '0 to 11:55:20', B: '0 to 11:55:20' },
      ruledOut: ['binance:A', 'binance:B'],
      failures: [],
      failed: [],
    });
  });

  test.each<{ name: string; ofDay: Result<PriceRanges, PriceError>; asked: string[]; ruledOut?: string[] }>([
    { name: 'is refused', ofDay: err(refused), asked: ['candles A 11:51:00', 'candles B 11:51:00'] },
    { name: 'is empty', ofDay: ok(rangesOf({})), asked: ['candles A 11:51:00', 'candles B 11:51:00'] },
    {
      name: 'lacks a market',
      ofDay: ok(rangesOf({ B: ['93000', '94500'] })),
      asked: ['candles A 11:51:00'],
      ruledOut: ['binance:B'],
    },
    {
      name: 'reaches the target',
      ofDay: ok(rangesOf({ A: ['93000', '94500'], B: ['93000', '95000'] })),
      asked: ['candles B 11:51:00'],
      ruledOut: ['binance:A'],
    },
  ])('$name: candles are asked for as if there were no such call', async ({ ofDay, asked, ruledOut }) => {
    const gathered = await gather({ alerts: [a, b], ofDay });
    expect(gathered.asked).toEqual(['day', ...asked]);
    expect(gathered.ruledOut).toEqual(ruledOut);
    expect(gathered.failures).toEqual(ofDay.ok ? [] : ['bad-response']);
    expect(gathered.failed).toEqual([]);
  });

  test('says nothing of a window that is longer than the day', async () => {
    const before = { all: at('12:00') - 25 * 60 * minuteMs, openSince: {} };
    const old = of('A', '95000', { armedAt: before.all });
    const { asked } = await gather({ alerts: [old], before, ofDay: ok(rangesOf({ A: ['93000', '94500'] })) });
    expect(asked[1]).toBe('candles A 11:00:00');
  });

  test('is not waited for where the last price is a touch', async () => {
    const { asked } = await gather({ alerts: [a], last: '95000', ofDay: ok(rangesOf({ A: wide })) });
    expect(asked).toEqual(['day', 'candles A 11:51:00']);
  });
});

describe('the range since the last check', () => {
  const since = ok(rangesOf({ A: ['93900', '94100'], B: ['93900', '95000'] }));

  test('is asked for the markets that the day leaves, all together, with the ten minutes before', async () => {
    const c = of('C', '96001');
    const gathered = await gather({ alerts: [a, b, c], day: wide, since });
    expect(gathered.asked).toEqual(['since A 11:51:00', 'since B 11:51:00', 'candles B 11:51:00']);
    expect(gathered.told).toEqual({ A: '0 to 11:55:20', B: '1 to 12:04:20', C: '0 to 11:55:20' });
    expect(gathered.ruledOut).toEqual(['binance:C', 'binance:A']);
  });

  test('reaches back to where the oldest alert of a market looks back to', async () => {
    const look = of('A', '1', { id: 'look', condition: condition('rises 1% in 1h') });
    const fresh = of('A', '95000', { id: 'fresh', armedAt: at('12:03') });
    const { asked, told } = await gather({ alerts: [look, fresh], day: wide, since });
    expect(asked).toEqual(['since A 10:51:00']);
    expect(Object.keys(told)).toHaveLength(2);
  });

  test('of a market that is asked for candles anyway is not asked for', async () => {
    const touched = of('A', '94000', { id: 'touched', armedAt: at('12:03') });
    const gathered = await gather({ alerts: [a, touched], day: wide, since });
    expect(gathered.asked).toEqual(['candles A 11:51:00']);
    expect(gathered.ruledOut).toBeUndefined();
  });

  test('an alert that a range ruled out is told of no candles that begin after its window', async () => {
    const far = of('A', '96001', { id: 'far' });
    const touched = of('A', '94000', { id: 'touched', armedAt: at('12:03') });
    const gathered = await gather({ alerts: [far, touched], day: wide, since });
    expect(gathered.asked).toEqual(['candles A 12:03:00']);
    expect(gathered.told).toEqual({ far: '0 to 11:55:20', touched: '1 to 12:04:20' });
    expect(gathered.ruledOut).toEqual(['binance:A']);
  });

  test.each<{ error: PriceError; asked: string[]; failed: number }>([
    { error: refused, asked: ['candles A 11:51:00', 'candles B 11:51:00'], failed: 0 },
    {
      error: { kind: 'unavailable', detail: 'HTTP 503' },
      asked: ['candles A 11:51:00', 'candles B 11:51:00'],
      failed: 0,
    },
    { error: { kind: 'rate-limited', retryAfterSeconds: 17 }, asked: [], failed: 2 },
    { error: { kind: 'region-blocked', status: 451 }, asked: [], failed: 2 },
  ])('$error.kind: candles in its place, unless asking on would make it worse', async ({ error, asked, failed }) => {
    const gathered = await gather({ alerts: [a, b], day: wide, since: err(error) });
    expect(gathered.asked.slice(2)).toEqual(asked);
    expect(gathered.failed).toHaveLength(failed);
    expect(gathered.failures).toEqual([error.kind]);
  });
});

describe('a look-back of a whole day', () => {
  const look = of('A', '1', { condition: condition('rises 5% in 24h'), armedAt: at('08:00') });
  const calm = ['93000', '94500'] as const;
  const checks = [0, 5, 10, 15, 20].map((minutes) => at('12:05:20') + minutes * minuteMs);
  const every = async (scene: (check: number, index: number) => Partial<Scene>): Promise<number[]> => {
    const history = createCandleHistory();
    const asked: number[] = [];
    for (const [index, check] of checks.entries()) {
      const before = { ...lastCheck, all: check - 6 * minuteMs };
      const gathered = await gather({ alerts: [look], before, at: check, ...scene(check, index) }, history);
      asked.push(gathered.asked.filter((each) => !each.startsWith('day')).length);
    }
    return asked;
  };

  test('is ruled out by the day’s range and the minutes before it, and later by what is known then', async () => {
    expect(await every(() => ({ day: calm }))).toEqual([1, 0, 0, 0, 0]);
    expect(await every(() => ({ ofDay: ok(rangesOf({ A: calm })) }))).toEqual([1, 0, 0, 0, 0]);
    const { asked } = await gather({ alerts: [look], day: calm });
    expect(asked).toEqual(['candles A 11:51:00']);
  });

  test('is ruled out by the day’s range and an earlier range since an instant', async () => {
    expect(await every(() => ({ day: calm, since: ok(rangesOf({ A: calm })) }))).toEqual([1, 0, 0, 0, 0]);
  });

  test('is asked for again where the ranges together allow it, and read where the day’s alone does', async () => {
    const later = (low: string) => (_: number, index: number) => ({
      day: index < 3 ? calm : ([low, '93000'] as const),
      last: '93000',
    });
    expect(await every(later('92000'))).toEqual([1, 0, 0, 0, 0]);
    expect(await every(later('89500'))).toEqual([1, 0, 0, 1, 1]);
    expect(await every(later('88000'))).toEqual([1, 0, 0, 2, 1]);
  });
});
