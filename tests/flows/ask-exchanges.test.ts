import { expect, test } from '@jest/globals';
import { err, ok, type Result } from '../../src/domain/result.js';
import { createExchangeCalls } from '../../src/flows/ask-exchanges.js';
import type { Gate, HostState, PriceError, PriceSource } from '../../src/flows/ports/price-source.js';
import type { Run } from '../../src/flows/run.js';
import { candleCallsOf, createFakeExchange } from '../support/fake-exchange.js';
import { runOf } from '../support/in-memory.js';

const run = runOf();
const page = { from: 0, to: 60_000, spanMs: 60_000 };
const unavailable: PriceError = { kind: 'unavailable', detail: 'HTTP 500' };

/** An exchange whose candle calls fail as they are told to. */
function source(failures: readonly (PriceError | undefined)[]) {
  return createFakeExchange({ candles: (_symbol, _request, call) => failures[call] ?? [] });
}

async function askTimes(times: number, failures: readonly (PriceError | undefined)[]) {
  const price = source(failures);
  const calls = createExchangeCalls({ now: () => 0 }, run);
  await calls.ask(price, ['A']);
  for (let call = 0; call < times; call += 1) await calls.askCandles(price, `S${call}`, page);
  return { asked: candleCallsOf(price).length, observed: calls.observed().get('binance') };
}

test('after three failed candle calls in a row the exchange is left alone for the run', async () => {
  expect(await askTimes(6, [unavailable, unavailable, unavailable])).toEqual({ asked: 3, observed: 'up' });
});

test('a good answer in between starts the count anew', async () => {
  const failures = [unavailable, unavailable, undefined, unavailable, unavailable, undefined];
  expect(await askTimes(6, failures)).toEqual({ asked: 6, observed: 'up' });
});

test.each<{ name: string; error: PriceError }>([
  { name: 'a refused region', error: { kind: 'region-blocked', status: 451 } },
  { name: 'a wish for rest', error: { kind: 'rate-limited', retryAfterSeconds: 60 } },
])('$name leaves it alone at once', async ({ error }) => {
  expect(await askTimes(4, [error])).toEqual({ asked: 1, observed: 'up' });
});

test('an unknown symbol is no failure of the exchange', async () => {
  const unknown: PriceError = { kind: 'unknown-symbol' };
  expect(await askTimes(5, [unknown, unknown, unknown, unknown, unknown])).toEqual({ asked: 5, observed: 'up' });
});

const silence = 'no answer within 5000 ms';
const hung: HostState = { failure: silence };

/** An exchange with a host and its stand-in, whose requests end when the test says so. */
function twoHosts() {
  const sent: string[] = [];
  const open: ((state: HostState) => void)[] = [];
  const ask = async (host: string, gate: Gate | undefined): Promise<Result<[], PriceError>> => {
    const answer = await gate?.(host, async () => {
      sent.push(host);
      const state = await new Promise<HostState>((resolve) => open.push(resolve));
      return { answer: state, host: state };
    });
    if (answer?.ok && answer.value === 'well') return ok([]);
    return err({ kind: 'unavailable', detail: answer?.ok === false ? answer.error.detail : silence });
  };
  const price: PriceSource = {
    ...source([]),
    async tickers(_symbols, _now, gate) {
      const answer = await ask('first', gate);
      return answer.ok ? ok(new Map()) : answer;
    },
    async candles(_symbol, _request, gate) {
      const first = await ask('first', gate);
      return first.ok ? first : ask('stand-in', gate);
    },
  };
  /** Ends all that are open. */
  const end = async (state: HostState): Promise<void> => {
    for (const each of open.splice(0)) each(state);
    await new Promise(setImmediate);
  };
  return { price, sent, end };
}

/** A run whose exchange has given its prices and is now asked for the candles of so many markets. */
async function askForCandles(markets: number, run: Run) {
  const { price, sent, end } = twoHosts();
  const calls = createExchangeCalls({ now: () => 0 }, run);
  const prices = calls.ask(price, ['A']);
  await new Promise(setImmediate);
  await end('well');
  await prices;
  sent.length = 0;
  const answers = Promise.all(Array.from({ length: markets }, (_, call) => calls.askCandles(price, `S${call}`, page)));
  await new Promise(setImmediate);
  return { calls, answers, sent, end };
}

test('of 130 candle calls that hang at both hosts thirteen are sent, and all fail', async () => {
  const { calls, answers, sent, end } = await askForCandles(130, runOf());
  expect(sent).toEqual(Array(10).fill('first'));
  await end(hung);
  expect(sent.slice(10)).toEqual(Array(3).fill('stand-in'));
  await end(hung);
  expect(await answers).toEqual(Array(130).fill(err({ kind: 'unavailable', detail: silence })));
  expect(sent).toHaveLength(13);
  expect(calls.observed().get('binance')).toBe('up');
});

test('of those that wait none is sent when the time is over, and none has failed', async () => {
  let isOver = false;
  const { answers, sent, end } = await askForCandles(4, runOf({ requestsAtATime: 2, hasTime: () => !isOver }));
  isOver = true;
  await end(hung);
  expect(sent).toEqual(['first', 'first']);
  const failed = err({ kind: 'unavailable', detail: silence });
  expect(await answers).toEqual([failed, failed, undefined, undefined]);
});

test('prices that found no time in their turn are not known, and their exchange is not down', async () => {
  let isOver = false;
  const [first, second] = [twoHosts(), twoHosts()];
  const calls = createExchangeCalls({ now: () => 0 }, runOf({ requestsAtATime: 1, hasTime: () => !isOver }));
  const asked = [calls.ask(first.price, ['A']), calls.ask({ ...second.price, name: 'bybit' }, ['A'])];
  await new Promise(setImmediate);
  isOver = true;
  await first.end('well');
  expect(await Promise.all(asked)).toEqual([new Map([['A', { error: { kind: 'unknown-symbol' } }]]), undefined]);
  expect(second.sent).toEqual([]);
  expect(calls.observed()).toEqual(new Map([['binance', 'up']]));
});

test('a refusal leaves those that wait behind it unsent', async () => {
  const calls = createExchangeCalls({ now: () => 0 }, runOf({ requestsAtATime: 1 }));
  const refusal: PriceError = { kind: 'region-blocked', status: 451 };
  let sent = 0;
  const price: PriceSource = {
    ...source([]),
    async candles(_symbol, _request, gate) {
      const answer = await gate?.('host', async () => {
        sent += 1;
        return { answer: undefined, host: 'well' };
      });
      return err(answer?.ok ? refusal : { kind: 'unavailable', detail: 'not sent' });
    },
  };
  const answers = Array.from({ length: 3 }, (_, call) => calls.askCandles(price, `S${call}`, page));
  expect(await Promise.all(answers)).toEqual(Array(3).fill(err(refusal)));
  expect(sent).toBe(1);
});
