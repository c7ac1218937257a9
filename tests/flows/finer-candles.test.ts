import { describe, expect, test } from '@jest/globals';
import type { Candle } from '../../src/domain/evidence/candle.js';
import type { CandleRequest } from '../../src/domain/evidence/candle-plan.js';
import { price } from '../../src/domain/price.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import { hourMs, minuteMs } from '../../src/domain/time.js';
import type { ExchangeCalls } from '../../src/flows/ask-exchanges.js';
import { planFiner, readFiner } from '../../src/flows/finer-candles.js';
import type { PriceError, PriceSource } from '../../src/flows/ports/price-source.js';
import { at } from '../support/builders.js';

const offer = { spansMs: [1_000, minuteMs, hourMs], perAnswer: 100, hasEverySpan: true };
const now = at('12:10');
const minute = (time: string) => ({ from: at(time), to: at(time) + minuteMs, spanMs: minuteMs });
const seconds = (from: string, to: string): CandleRequest => ({ from: at(from), to: at(to), spanMs: 1_000 });

describe('what a candle left open is asked for', () => {
  test.each([
    { name: 'nothing', open: [], asked: [] },
    { name: 'a minute, by seconds', open: [minute('12:01')], asked: [seconds('12:01', '12:02')] },
    {
      name: 'two minutes, newest first',
      open: [minute('12:01'), minute('12:06')],
      asked: [seconds('12:06', '12:07'), seconds('12:01', '12:02')],
    },
    {
      name: 'two that fit into one answer, at once',
      open: [
        { ...minute('12:01'), to: at('12:01:40') },
        { ...minute('12:02'), to: at('12:02:40') },
      ],
      asked: [seconds('12:01', '12:02:40')],
    },
    {
      name: 'the minute that is growing, up to now',
      open: [minute('12:09:30')],
      asked: [seconds('12:09:30', '12:10')],
    },
    {
      name: 'an hour by minutes',
      open: [{ from: at('11:00'), to: at('12:00'), spanMs: hourMs }],
      asked: [{ from: at('11:00'), to: at('12:00'), spanMs: minuteMs }],
    },
    {
      name: 'more than an answer holds, as far as it goes',
      open: [{ from: at('11:00'), to: at('11:05'), spanMs: minuteMs }],
      asked: [seconds('11:00', '11:01:40')],
    },
    { name: 'a second, which nothing is finer than', open: [{ ...minute('12:01'), spanMs: 1_000 }], asked: [] },
  ])('$name', ({ name, open, asked }) => {
    // Two minutes of seconds do not fit into an answer of a hundred.
    const perAnswer = name.includes('fit into one') ? 160 : offer.perAnswer;
    expect(planFiner(open, { ...offer, perAnswer }, now)).toEqual(asked);
  });
});

describe('reading them', () => {
  const one = price('100');
  const candle = (time: string): Candle => ({
    openAt: at(time),
    spanMs: 1_000,
    open: one,
    high: one,
    low: one,
    close: one,
  });
  const requests = [seconds('12:06', '12:07'), seconds('12:01', '12:02')];
  const source = { name: 'binance' } as PriceSource;

  async function read(
    answers: readonly (Result<readonly Candle[], PriceError> | undefined)[],
    hasTime: (asked: number) => boolean = () => true,
  ) {
    const asked: CandleRequest[] = [];
    const askCandles: ExchangeCalls['askCandles'] = async (_source, _symbol, request) => {
      asked.push(request);
      return answers[asked.length - 1];
    };
    const run = {
      runId: 'run-1',
      startedAt: now,
      isDryRun: false,
      requestsAtATime: 10,
      hasTime: () => hasTime(asked.length),
    };
    const candles = await readFiner(source, 'BTCUSDT', requests, { askCandles } as ExchangeCalls, run);
    return { candles, asked: asked.length };
  }
  const [late, early] = [candle('12:06:10'), candle('12:01:10')];
  const failure = err({ kind: 'unavailable', detail: 'busy' } as const);

  test('gives all of them', async () =>
    expect(await read([ok([late]), ok([early])])).toEqual({ candles: [late, early], asked: 2 }));
  test('ends at a failure, and keeps what came before it', async () => {
    expect(await read([ok([late]), failure])).toEqual({ candles: [late], asked: 2 });
    expect(await read([failure])).toEqual({ candles: [], asked: 1 });
  });
  test('ends where there is no time left', async () => {
    expect(await read([undefined])).toEqual({ candles: [], asked: 1 });
    expect(await read([ok([late]), ok([early])], (asked) => asked < 1)).toEqual({ candles: [late], asked: 1 });
  });
});
