import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../src/domain/alert.js';
import type { Watermarks } from '../../src/domain/evidence/watermark.js';
import { price } from '../../src/domain/price.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import { hourMs } from '../../src/domain/time.js';
import { createCandleHistory } from '../../src/flows/candle-history.js';
import { gatherEvidence } from '../../src/flows/gather-evidence.js';
import type { PriceError, RecentRange, RecentRanges } from '../../src/flows/ports/price-source.js';
import { above, at, pendingAlert } from '../support/builders.js';
import { condition } from '../support/conditions.js';
import { createFakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

const now = at('12:05:20');
const lastCheck: Watermarks = { all: at('12:00'), openSince: {}, neverSeen: [], ruledOut: 'all' };
const of = (symbol: string, more: Partial<Alert> = {}): Alert =>
  pendingAlert({ id: symbol, symbol, condition: above('95000'), armedAt: at('08:00'), ...more } as Parameters<
    typeof pendingAlert
  >[0]);
const alerts = [of('A'), of('B')];

const range = (high: string, last: string | undefined = '94000'): RecentRange => ({
  ...{ low: price('93000'), high: price(high) },
  last: last === undefined ? undefined : price(last),
});
const told = (...[a, b]: readonly RecentRange[]): Result<RecentRanges, PriceError> =>
  ok(new Map(Object.entries({ A: a, B: b }).flatMap(([symbol, each]) => (each ? [[symbol, each] as const] : []))));
const quiet = told(range('94500'), range('94999'));

interface Scene {
  readonly alerts?: readonly Alert[];
  readonly before?: Watermarks;
  /** The answers, one after another; the last one stays. */
  readonly recent?: readonly Result<RecentRanges, PriceError>[];
  /** At the last check. */
  readonly dayFellShort?: boolean;
  readonly day?: readonly [low: string, high: string];
}

async function gather(scene: Scene) {
  const { recent = [quiet], dayFellShort = true, day: [low, high] = ['93000', '96000'] } = scene;
  const answers = [...recent];
  const source = createFakeExchange({
    tickers: () => ({ last: price('94100'), high24h: price(high), low24h: price(low) }),
    ranges: (tell) => ({
      rangesAtOnce: { markets: 2, ms: 0.9 * hourMs },
      async rangesSince(since) {
        tell(`since ${[...since.keys()]}`);
        return (answers.length > 1 ? answers.shift() : answers[0]) ?? quiet;
      },
    }),
    candles: (_, { from, spanMs }) => {
      const one = price('94100');
      return [{ openAt: from, spanMs, open: one, high: one, low: one, close: one }];
    },
  });
  const history = createCandleHistory();
  history.noteDay(source, dayFellShort);
  const lasts: Record<string, string> = {};
  const gathered = await gatherEvidence(
    { exchanges: [source], now: () => now },
    scene.alerts ?? alerts,
    { before: scene.before ?? lastCheck, history },
    runOf(),
    (all, { last }) => {
      for (const { id } of all) lasts[id] = last.text;
      return [];
    },
    () => undefined,
  );
  const asked = source.asked.map(([question]) => question);
  return { asked, lasts, gathered, fellShort: history.dayFellShort(source) };
}

describe('where the day’s ranges fell short at the last check', () => {
  test('one call that rules out everything takes the place of the prices', async () => {
    const { asked, lasts, gathered, fellShort } = await gather({});
    expect(asked).toEqual(['since A,B']);
    expect(lasts).toEqual({ A: '94000', B: '94000' });
    expect(gathered).toMatchObject({ checked: 2, failed: [], isEveryExchangeDown: false });
    expect(Object.fromEntries(gathered.observed)).toEqual({ binance: 'up' });
    expect(gathered.watermarksAfter([])).toMatchObject({ openSince: {}, ruledOut: ['binance:A', 'binance:B'] });
    expect(fellShort).toBe(true);
  });

  test.each<Scene & { name: string; asked: string[] }>([
    {
      name: 'it leaves something open, and is not asked for again',
      recent: [told(range('94500'), range('95000'))],
      asked: ['tickers A,B', 'candles B'],
    },
    {
      name: 'its last price is a touch',
      recent: [told(range('95000', '95000'), range('94999'))],
      asked: ['tickers A,B', 'candles A'],
    },
    {
      name: 'a market had no trade',
      recent: [told({ ...range('94500'), last: undefined }, range('94999'))],
      asked: ['tickers A,B'],
    },
    { name: 'a market is missing', recent: [told(range('94500'))], asked: ['tickers A,B', 'candles B'] },
    {
      name: 'it is refused, and asked for again of what is open',
      recent: [err({ kind: 'unknown-symbol' }), quiet],
      asked: ['tickers A,B', 'since A,B'],
    },
  ])('prices are asked for where $name', async ({ asked, ...scene }) => {
    const found = await gather(scene);
    expect(found.asked).toEqual(['since A,B', ...asked]);
    expect(found.gathered.failed).toEqual([]);
    expect(found.fellShort).toBe(true);
  });

  test('an exchange that asks for rest is asked for nothing else', async () => {
    const { asked, gathered } = await gather({ recent: [err({ kind: 'rate-limited', retryAfterSeconds: 9 })] });
    expect(asked).toEqual(['since A,B']);
    expect(gathered).toMatchObject({ checked: 0, isEveryExchangeDown: true });
    expect(Object.keys(gathered.watermarksAfter([]).openSince)).toEqual(['binance:A', 'binance:B']);
  });

  const rises = condition('rises 5% in 1h');
  test.each<Scene & { name: string }>([
    { name: 'an alert was armed in this check', alerts: [of('A'), of('B', { armedAt: now })] },
    {
      name: 'a market was not seen at the last check',
      before: { ...lastCheck, openSince: { 'binance:B': at('11:50') } },
    },
    { name: 'a market was never seen', before: { ...lastCheck, neverSeen: ['binance:B'] } },
    { name: 'a condition has yet to begin', alerts: [of('A'), of('B', { condition: condition('crosses 95000') })] },
    { name: 'a condition looks back further', alerts: [of('A'), of('B', { condition: rises })] },
    { name: 'the last check is too long ago', before: { ...lastCheck, all: at('11:11') } },
    { name: 'there are more markets than one call tells of', alerts: [...alerts, of('C')] },
  ])('prices come first where $name', async (scene) => {
    expect((await gather(scene)).asked[0]).toMatch(/^tickers A,B/);
  });
});

test('prices come first where the day’s ranges were enough at the last check, and it is noted whether they are', async () => {
  const left = await gather({ dayFellShort: false });
  expect(left.asked).toEqual(['tickers A,B', 'since A,B']);
  expect(left.fellShort).toBe(true);
  const enough = await gather({ dayFellShort: false, day: ['93000', '94500'] });
  expect(enough.asked).toEqual(['tickers A,B']);
  expect(enough.fellShort).toBe(false);
});
