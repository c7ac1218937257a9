import { expect, test } from '@jest/globals';
import { ok } from '../../src/domain/result.js';
import type { Gate, PriceSource, SentRequest } from '../../src/flows/ports/price-source.js';
import { createRequestCounts } from '../../src/flows/request-counts.js';
import { createFakeExchange } from '../support/fake-exchange.js';

const gate: Gate = async (_host, send) => ok((await send()).answer);

type Script = readonly (readonly [tookMs: number, sent: Omit<SentRequest<unknown>, 'answer'> | 'breaks'])[];

/** A source that sends what the script says, however it is asked. */
function stage(script: Script) {
  const clock = { now: 0 };
  const left = [...script];
  const send = async (through: Gate | undefined) => {
    await through?.('host', async () => {
      const [tookMs, sent] = left.shift() ?? [0, { host: 'well' as const }];
      clock.now += tookMs;
      if (sent === 'breaks') throw new Error('a fault of the program');
      return { answer: undefined, ...sent };
    });
    return ok(new Map());
  };
  const source: PriceSource = {
    ...createFakeExchange({ name: 'binance', kind: 'perpetual' }),
    tickers: (_symbols, _now, through) => send(through),
    candles: (_symbol, _request, through) => send(through).then(() => ok([])),
    dayRanges: send,
    rangesSince: (_since, _now, through) => send(through),
    funding: (_symbols, _now, through) => send(through),
  };
  const counts = createRequestCounts(() => clock.now);
  return { counts, source: counts.counted(source) };
}

const candles = { spanMs: 60_000, from: 0, to: 60_000 };
const well = { host: 'well' } as const;

test('whatever a source is asked for is counted, and how long it took', async () => {
  const { counts, source } = stage([100, 200, 300, 400, 500].map((tookMs) => [tookMs, well]));
  await source.tickers(['BTCUSDT'], 0, gate);
  await source.candles('BTCUSDT', candles, gate);
  await source.dayRanges?.(gate);
  await source.rangesSince?.(new Map(), 0, gate);
  await source.funding?.('all', 0, gate);
  expect(counts.bySource()).toEqual({ 'binance.P': { sent: 5, failed: 0, meanMs: 300, longestMs: 500 } });
});

test.each<[string, Script[number][1]]>([
  ['without an answer, which is sent again', { host: 'unsure' }],
  ['without an answer', { host: { failure: 'no answer within 5000 ms' } }],
  ['that is refused', { host: 'well', isRefused: true }],
  ['that a fault of the program ended', 'breaks'],
])('a request %s has failed', async (_, sent) => {
  const { counts, source } = stage([
    [100, sent],
    [20, well],
  ]);
  await source.tickers(['BTCUSDT'], 0, gate).catch(() => undefined);
  await source.tickers(['BTCUSDT'], 0, gate);
  expect(counts.bySource()).toEqual({ 'binance.P': { sent: 2, failed: 1, meanMs: 60, longestMs: 100 } });
});

test('what a source does not offer it does not offer counted, and what was not sent is not counted', async () => {
  const counts = createRequestCounts(() => 0);
  const plain = counts.counted(createFakeExchange({}));
  expect([plain.dayRanges, plain.rangesSince, plain.funding]).toEqual([undefined, undefined, undefined]);
  const { counts: none, source } = stage([]);
  await source.tickers([], 0, async () => ({ ok: false, error: { detail: 'there was no time left to ask' } }));
  expect([counts.bySource(), none.bySource()]).toEqual([{}, {}]);
});
