import { expect, test } from '@jest/globals';
import { type DiscordState, discordLimits, discordSimulator } from '../../src/simulators/discord.js';
import { asJson, askOf, createClock, formOf, recording, start, testOverRecordings } from './support.js';

function stage() {
  const state: DiscordState = {
    webhooks: new Map([
      ['1', { token: 'x' }],
      ['2', { token: 'x', isForum: true }],
    ]),
    received: [],
    limits: discordLimits,
    globalWaitSeconds: undefined,
  };
  const clock = createClock();
  const ask = askOf((traffic) => discordSimulator(state, traffic, clock.now));
  const post = (payload: object, path = '/api/webhooks/1/x?wait=true') => ask(path, asJson(payload));
  return { state, clock, ask, post };
}

test('a message is kept, and answered with itself where the sender waits', async () => {
  const { state, post } = stage();
  const { status, text } = await post({
    content: 'a',
    embeds: [{ description: 'b', color: 5 }],
    allowed_mentions: { parse: [] },
    flags: 4096,
  });
  expect([status, JSON.parse(text).id]).toEqual([200, '1']);
  expect(state.received).toEqual([
    {
      receivedAt: start,
      webhookId: '1',
      content: 'a',
      description: 'b',
      color: 5,
      isSilent: true,
      mentions: false,
      threadId: undefined,
    },
  ]);
  await post({ content: 'c' }, '/api/webhooks/2/x?wait=true&thread_id=9');
  expect(state.received[1]).toMatchObject({ isSilent: false, mentions: true, threadId: '9' });
});

test('without waiting nobody hears what became of it', async () => {
  const { state, post } = stage();
  expect((await post({ content: 'a' }, '/api/webhooks/1/x')).status).toBe(204);
  expect((await post({ content: 'a'.repeat(2001) }, '/api/webhooks/1/x')).status).toBe(204);
  expect(state.received).toHaveLength(1);
});

test.each<[name: string, status: number, code: number, payload: object, path?: string]>([
  ['nothing', 400, 50006, {}],
  ['too long a content', 400, 50035, { content: 'x'.repeat(2001) }],
  ['too long a title', 400, 50035, { embeds: [{ title: 'x'.repeat(257) }] }],
  ['too long a description', 400, 50035, { embeds: [{ description: 'x'.repeat(4097) }] }],
  ['too much in all', 400, 50035, { embeds: [{ description: 'x'.repeat(3001) }, { description: 'x'.repeat(3000) }] }],
  ['a forum without a thread', 400, 220001, { content: 'x' }, '/api/webhooks/2/x?wait=true'],
  ['another token', 401, 50027, { content: 'x' }, '/api/webhooks/1/y?wait=true'],
  ['a deleted webhook', 404, 10015, { content: 'x' }, '/api/webhooks/9/x?wait=true'],
])('%s is refused', async (_name, status, code, payload, path = '/api/webhooks/1/x?wait=true') => {
  const { state, post } = stage();
  const answer = await post(payload, path);
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code]);
  expect(state.received).toEqual([]);
});

test('five go in two seconds, and thirty in a minute', async () => {
  const { clock, post } = stage();
  const statuses: number[] = [];
  for (let count = 0; count < 6; count += 1) statuses.push((await post({ content: 'x' })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  clock.wait(60_000);
  const scopes = new Set<string | null>();
  for (let count = 0; count < 31; count += 1) {
    clock.wait(500);
    scopes.add((await post({ content: 'x' })).headers.get('x-ratelimit-scope'));
  }
  expect(scopes).toEqual(new Set([null, 'shared']));
});

test('a webhook is told of without a message', async () => {
  const { ask } = stage();
  expect(JSON.parse((await ask('/api/webhooks/1/x')).text)).toMatchObject({ id: '1', type: 1 });
  expect((await ask('/api/webhooks/9/x')).status).toBe(404);
});

testOverRecordings(
  'discord',
  'the answers have the form of the real ones',
  ['doc_429_global.json', 'doc_429_shared.json', 'doc_429_user.json', 'error_404_unknown_webhook.json'],
  async () => {
    const { state, post } = stage();
    const same = (file: string, answer: Awaited<ReturnType<typeof post>>) => {
      const real = recording('discord', file);
      expect(answer.status).toBe(real.status);
      expect(formOf(JSON.parse(answer.text))).toEqual(formOf(JSON.parse(real.text)));
      for (const [name, value] of Object.entries(real.headers)) {
        const came = answer.headers.get(name);
        expect({ name, isNumber: /^[\d.]+$/.test(came ?? '') }).toEqual({ name, isNumber: /^[\d.]+$/.test(value) });
      }
    };
    const { text } = await post({ content: 'x' }, '/api/webhooks/9/x?wait=true');
    expect(JSON.parse(text)).toEqual(JSON.parse(recording('discord', 'error_404_unknown_webhook.json').text));
    state.limits = { ...discordLimits, webhook: { most: 0, perMs: 64_570 } };
    same('doc_429_user.json', await post({ content: 'x' }));
    state.limits = { ...discordLimits, channel: { most: 0, perMs: 1_336_570 } };
    same('doc_429_shared.json', await post({ content: 'x' }));
    state.globalWaitSeconds = 64.57;
    same('doc_429_global.json', await post({ content: 'x' }));
  },
);
