import { expect, test } from '@jest/globals';
import { err, ok } from '../../src/domain/result.js';
import { createAsker } from '../../src/flows/ask-exchanges.js';
import type { PriceError, PriceSource } from '../../src/flows/ports.js';

const run = { runId: 'run-1', startedAt: 0, isDryRun: false, hasTime: () => true };
const page = { from: 0, to: 60_000, spanMs: 60_000 };
const unavailable: PriceError = { kind: 'unavailable', detail: 'HTTP 500' };

/** An exchange whose candle calls fail as they are told to, and that counts them. */
function source(failures: readonly (PriceError | undefined)[]) {
  const asked: string[] = [];
  const price: PriceSource = {
    name: 'binance',
    spell: (symbol) => symbol,
    candleOffer: { spansMs: [60_000], perAnswer: 1_000 },
    tickers: async () => ok(new Map()),
    candles: async (symbol) => {
      const failure = failures[asked.length];
      asked.push(symbol);
      return failure === undefined ? ok([]) : err(failure);
    },
  };
  return { price, asked };
}

async function askTimes(times: number, failures: readonly (PriceError | undefined)[]) {
  const { price, asked } = source(failures);
  const asker = createAsker({ now: () => 0 }, run);
  await asker.ask(price, ['A']);
  for (let call = 0; call < times; call += 1) await asker.askCandles(price, `S${call}`, page);
  return { asked: asked.length, observed: asker.observed().get('binance') };
}

test('after three failed candle calls in a row the exchange is left alone for the run', async () => {
  expect(await askTimes(6, [unavailable, unavailable, unavailable])).toEqual({ asked: 3, observed: unavailable });
});

test('a good answer in between starts the count anew', async () => {
  const failures = [unavailable, unavailable, undefined, unavailable, unavailable, undefined];
  expect(await askTimes(6, failures)).toEqual({ asked: 6, observed: 'up' });
});

test.each<{ name: string; error: PriceError }>([
  { name: 'a refused region', error: { kind: 'region-blocked', status: 451 } },
  { name: 'a wish for rest', error: { kind: 'rate-limited', retryAfterSeconds: 60 } },
])('$name leaves it alone at once', async ({ error }) => {
  expect(await askTimes(4, [error])).toEqual({ asked: 1, observed: error });
});

test('an unknown symbol is no failure of the exchange', async () => {
  const unknown: PriceError = { kind: 'unknown-symbol' };
  expect(await askTimes(5, [unknown, unknown, unknown, unknown, unknown])).toEqual({ asked: 5, observed: 'up' });
});
