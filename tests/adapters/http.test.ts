import { afterEach, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { type Attempt, createHttp, type Pass } from '../../src/adapters/http.js';
import { err, ok } from '../../src/domain/result.js';
import { patienceMs } from '../support/exchange-server.js';
import { serve } from '../support/loopback.js';

let server: Awaited<ReturnType<typeof serve>>;
afterEach(() => server.close());

type Behaviour = number | 'silent';

/** What each request gets, the last one again and again. */
async function served(...behaviours: readonly Behaviour[]) {
  const asked: string[] = [];
  const app = new Hono();
  app.all('*', (c) => {
    const behaviour = behaviours[Math.min(asked.length, behaviours.length - 1)];
    asked.push(c.req.method);
    if (behaviour === 'silent') return new Promise<Response>(() => undefined);
    return new Response(`answer ${asked.length}`, { status: behaviour ?? 200 });
  });
  server = await serve(app);
  return { asked, url: new URL(server.url), http: createHttp({ timeoutMs: patienceMs, retries: 2 }) };
}

const timedOut = err({ detail: `no answer within ${patienceMs} ms` });
const reply = (status: number, text: string) => ok(expect.objectContaining({ status, text }));

test.each<{ name: string; behaviours: readonly Behaviour[]; expected: unknown; requests: number }>([
  { name: 'an answer is final', behaviours: [200], expected: reply(200, 'answer 1'), requests: 1 },
  { name: 'a refusal is final', behaviours: [429], expected: reply(429, 'answer 1'), requests: 1 },
  { name: 'a 5xx is asked again', behaviours: [503, 200], expected: reply(200, 'answer 2'), requests: 2 },
  { name: 'a 5xx is asked again twice', behaviours: [503], expected: reply(503, 'answer 3'), requests: 3 },
  { name: 'a timeout is asked again', behaviours: ['silent', 200], expected: reply(200, 'answer 2'), requests: 2 },
  { name: 'a timeout is asked again once', behaviours: ['silent'], expected: timedOut, requests: 2 },
  { name: 'and ends what a 5xx began', behaviours: [503, 'silent'], expected: timedOut, requests: 2 },
])('$name', async ({ behaviours, expected, requests }) => {
  const { asked, url, http } = await served(...behaviours);
  expect(await http.get(url)).toEqual(expected);
  expect(asked).toHaveLength(requests);
});

test.each<{ behaviour: Behaviour; expected: unknown }>([
  { behaviour: 503, expected: reply(503, 'answer 1') },
  { behaviour: 'silent', expected: timedOut },
])('a POST is sent once, whatever comes: $behaviour', async ({ behaviour, expected }) => {
  const { asked, url, http } = await served(behaviour);
  expect(await http.post(url, new URLSearchParams({ a: '1' }))).toEqual(expected);
  expect(asked).toEqual(['POST']);
});

test('without retries a timeout is final', async () => {
  const { asked, url } = await served('silent');
  expect(await createHttp({ timeoutMs: patienceMs, retries: 0 }).get(url)).toEqual(timedOut);
  expect(asked).toHaveLength(1);
});

/** Lets so many attempts pass. */
function passing(most: number) {
  const attempts: Omit<Attempt, 'answer'>[] = [];
  const pass: Pass = async (send) => {
    if (attempts.length === most) return err({ detail: 'closed' });
    const { answer, ...attempt } = await send();
    attempts.push(attempt);
    return ok({ answer, ...attempt });
  };
  return { attempts, pass };
}

test('each attempt has to pass', async () => {
  const { url, http } = await served(503, 502, 200);
  const { attempts, pass } = passing(9);
  expect(await http.get(url, pass)).toEqual(reply(200, 'answer 3'));
  expect(attempts).toEqual([
    { hasTimedOut: false, isFinal: false },
    { hasTimedOut: false, isFinal: false },
    { hasTimedOut: false, isFinal: true },
  ]);
});

test('what does not pass is not sent, and the answer before it stands', async () => {
  const { asked, url, http } = await served('silent');
  expect(await http.get(url, passing(0).pass)).toEqual(err({ detail: 'closed' }));
  expect(asked).toHaveLength(0);
  expect(await http.get(url, passing(1).pass)).toEqual(timedOut);
  expect(asked).toHaveLength(1);
});
