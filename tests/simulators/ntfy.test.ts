import { expect, test } from '@jest/globals';
import { type NtfyState, ntfyLimit, ntfyMessagesADay, ntfySimulator } from '../../src/simulators/ntfy.js';
import { asJson, askOf, createClock, recording, start, testOverRecordings } from './support.js';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function stage() {
  const state: NtfyState = {
    tokens: new Map([
      ['tk_dmitry', 'dmitry'],
      ['tk_anna', 'anna'],
    ]),
    protectedTopics: new Map([['private', ['dmitry']]]),
    received: [],
    limit: ntfyLimit,
    remaining: ntfyMessagesADay,
  };
  const clock = createClock();
  const ask = askOf((traffic) => ntfySimulator(state, traffic, clock.now));
  const publish = async (payload: object, headers = {}) => {
    const { status, text } = await ask('/', asJson(payload, headers));
    return { status, body: JSON.parse(text) };
  };
  return { state, clock, ask, publish };
}

test('a message is kept', async () => {
  const { state, publish } = stage();
  const { status, body } = await publish(
    { topic: 'private', title: 'a', message: 'b', priority: 5, tags: ['c'] },
    bearer('tk_dmitry'),
  );
  expect([status, body.event, body.topic]).toEqual([200, 'message', 'private']);
  expect(state.received).toEqual([
    { receivedAt: start, topic: 'private', title: 'a', message: 'b', priority: 5, tags: ['c'], isAttachment: false },
  ]);
  expect(state.remaining).toBe(ntfyMessagesADay - 1);
});

test('4096 bytes are a message, one more an attachment', async () => {
  const { state, publish } = stage();
  await publish({ topic: 't', message: 'ц'.repeat(2048) });
  await publish({ topic: 't', message: `${'ц'.repeat(2048)}.` });
  expect(state.received.map(({ isAttachment }) => isAttachment)).toEqual([false, true]);
});

test.each<{ name: string; payload: object; headers?: Record<string, string>; code: number }>([
  { name: 'no topic', payload: { message: 'x' }, code: 40009 },
  { name: 'a topic with a blank', payload: { topic: 'a b' }, code: 40009 },
  { name: 'a priority that does not exist', payload: { topic: 't', priority: 6 }, code: 40007 },
  { name: 'a token of nobody', payload: { topic: 't' }, headers: bearer('tk_none'), code: 40101 },
  { name: 'a topic of others', payload: { topic: 'private' }, headers: bearer('tk_anna'), code: 40301 },
  { name: 'a topic that needs a token', payload: { topic: 'private' }, code: 40301 },
  { name: 'too large a body', payload: { topic: 't', message: 'x'.repeat(140_000) }, code: 41303 },
])('$name is refused', async ({ payload, headers, code }) => {
  const { state, publish } = stage();
  const { status, body } = await publish(payload, headers);
  expect([status, body.code, body.http]).toEqual([Math.floor(code / 100), code, Math.floor(code / 100)]);
  expect(state.received).toEqual([]);
});

test('sixty go at once, and so many a day', async () => {
  const { state, clock, publish } = stage();
  const codes = new Map<number, number>();
  for (let count = 0; count < 61; count += 1) {
    const { body } = await publish({ topic: 't', message: 'x' });
    codes.set(body.code ?? 200, (codes.get(body.code ?? 200) ?? 0) + 1);
  }
  expect([...codes]).toEqual([
    [200, 60],
    [42901, 1],
  ]);
  clock.wait(300_000);
  state.remaining = 0;
  expect((await publish({ topic: 't', message: 'x' })).body.code).toBe(42908);
});

test('whose a token is', async () => {
  const { ask } = stage();
  const account = async (headers: Record<string, string>) => (await ask('/v1/account', { headers })).text;
  expect(JSON.parse(await account(bearer('tk_anna')))).toEqual({ username: 'anna', role: 'user' });
  expect(JSON.parse(await account({}))).toEqual({ username: '*', role: 'anonymous' });
  expect(JSON.parse(await account(bearer('tk_none'))).code).toBe(40101);
});

testOverRecordings(
  'ntfy',
  'the answers are the real ones',
  [
    'error_40009.json',
    'error_40101.json',
    'error_40301.json',
    'error_41303.json',
    'error_42901.json',
    'error_42908.json',
    'publish_200.json',
  ],
  async () => {
    const { state, publish } = stage();
    const real = (file: string) => {
      const { status, text } = recording('ntfy', file);
      return { status, body: JSON.parse(text) };
    };
    expect(await publish({ topic: 'a b' })).toEqual(real('error_40009.json'));
    expect(await publish({ topic: 't' }, bearer('tk_none'))).toEqual(real('error_40101.json'));
    expect(await publish({ topic: 'private' })).toEqual(real('error_40301.json'));
    expect(await publish({ topic: 't', message: 'x'.repeat(140_000) })).toEqual(real('error_41303.json'));
    const { body: sent } = await publish({ topic: 'mytopic', message: 'Disk full' });
    const published = real('publish_200.json').body;
    // The server says when it forgets a message too, and repeats what was given, and nothing else.
    const times = { time: start / 1000, expires: start / 1000 + 43_200 };
    expect(sent).toEqual({ ...published, ...times, id: expect.stringMatching(/^\w{10}$/) });
    const given = { topic: 'mytopic', message: 'x', title: 't', priority: 4, tags: ['warning'] };
    expect((await publish(given)).body).toMatchObject(given);
    state.remaining = 0;
    expect(await publish({ topic: 't' })).toEqual(real('error_42908.json'));
    state.limit = { most: 0, perMs: 1_000 };
    expect(await publish({ topic: 't' })).toEqual(real('error_42901.json'));
  },
);
