import { expect, test } from '@jest/globals';
import { connect } from '../../../src/adapters/exchanges/connect.js';
import type { Exchange } from '../../../src/adapters/exchanges/exchange.js';
import type { Attempt, Http } from '../../../src/adapters/http.js';
import { err, ok } from '../../../src/domain/result.js';
import type { Gate, HostState } from '../../../src/flows/ports/price-source.js';

const page = { from: 0, to: 60_000, spanMs: 60_000 };

/** It asks both of its hosts for candles, whatever comes. */
const exchange: Exchange<'FIRST_URL' | 'SECOND_URL'> = {
  name: 'coinbase',
  origins: { FIRST_URL: 'https://first.example', SECOND_URL: 'https://second.example' },
  toExchangeSymbol: (symbol) => symbol,
  tickers: async () => ok(new Map()),
  candleOffer: { spansMs: [60_000], perAnswer: 300 },
  async candles(get, origins, symbol) {
    const first = await get(new URL(`/${symbol}`, origins.FIRST_URL));
    const second = await get(new URL(`/${symbol}`, origins.SECOND_URL));
    const [one, other] = [first, second].map((each) => (each.ok ? String(each.value.status) : each.error.detail));
    return err({ kind: 'unavailable', detail: `${one}, ${other}` });
  },
};

const answered = (status: number) => ok({ status, headers: new Headers(), text: '' });

/** Each request gets these attempts, the last one final, as long as they pass. */
const getting =
  (...attempts: readonly Attempt[]): Http['get'] =>
  async (_url, pass) => {
    let last: Attempt['answer'] | undefined;
    for (const attempt of attempts) {
      const passed = (await pass?.(async () => attempt)) ?? ok(attempt);
      if (!passed.ok) return last ?? passed;
      last = passed.value.answer;
    }
    return last ?? err({ detail: 'not asked' });
  };

const attempt = (answer: Attempt['answer'], { hasTimedOut = false, isFinal = true } = {}): Attempt => ({
  answer,
  hasTimedOut,
  isFinal,
});

/** Lets pass what is not closed, and writes down what it is told. */
function gateOf(...closed: readonly string[]) {
  const told: [host: string, state: HostState][] = [];
  const gate: Gate = async (host, send) => {
    if (closed.includes(host)) return err({ detail: `${host} is closed` });
    const sent = await send();
    told.push([host, sent.host]);
    return ok(sent.answer);
  };
  return { gate, told };
}

async function ask(get: Http['get'], gate: Gate | undefined, requestsPerSecond?: number) {
  const paced = requestsPerSecond === undefined ? exchange : { ...exchange, requestsPerSecond };
  const answer = await connect(paced, get, { SECOND_URL: 'http://127.0.0.1:9' }).candles('A', page, gate);
  return answer.ok ? 'ok' : answer.error;
}

const detail = (text: string) => ({ kind: 'unavailable', detail: text });

test.each<{ name: string; attempts: readonly Attempt[]; states: readonly HostState[] }>([
  { name: 'an answer shows a host that is well', attempts: [attempt(answered(200))], states: ['well'] },
  { name: 'a refusal as well', attempts: [attempt(answered(404))], states: ['well'] },
  {
    name: 'a 5xx tells when it is not asked again',
    attempts: [attempt(answered(503), { isFinal: false }), attempt(answered(502))],
    states: ['unsure', { failure: 'HTTP 502' }],
  },
  {
    name: 'a broken connection too',
    attempts: [attempt(err({ detail: 'reset' }), { isFinal: false }), attempt(answered(200))],
    states: ['unsure', 'well'],
  },
  {
    name: 'a timeout tells at once',
    attempts: [attempt(err({ detail: 'late' }), { hasTimedOut: true, isFinal: false }), attempt(answered(200))],
    states: [{ failure: 'late' }, 'well'],
  },
])('$name', async ({ attempts, states }) => {
  const { gate, told } = gateOf();
  await ask(getting(...attempts), gate);
  expect(told).toEqual([
    ...states.map((state) => ['first.example', state]),
    ...states.map((state) => ['127.0.0.1:9', state]),
  ]);
});

test('what the gate refuses is not sent, with its reason; the next host is asked all the same', async () => {
  const { gate, told } = gateOf('first.example');
  expect(await ask(getting(attempt(answered(200))), gate)).toEqual(detail('first.example is closed, 200'));
  expect(told).toEqual([['127.0.0.1:9', 'well']]);
});

test('without a gate all are sent', async () => {
  expect(await ask(getting(attempt(answered(200))), undefined)).toEqual(detail('200, 200'));
});

test('a request waits for its moment in its turn', async () => {
  const order: string[] = [];
  const gate: Gate = async (host, send) => {
    order.push(`turn at ${host}`);
    return ok((await send()).answer);
  };
  const get: Http['get'] = async (url, pass) => {
    const passed = await pass?.(async () => {
      order.push(`sent to ${url.host}`);
      return attempt(answered(200));
    });
    return passed?.ok ? passed.value.answer : err({ detail: 'refused' });
  };
  expect(await ask(get, gate, 10)).toEqual(detail('200, 200'));
  expect(order).toEqual([
    'turn at first.example',
    'sent to first.example',
    'turn at 127.0.0.1:9',
    'sent to 127.0.0.1:9',
  ]);
});
