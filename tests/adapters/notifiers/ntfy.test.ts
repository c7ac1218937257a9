import { describe, expect, test } from '@jest/globals';
import { ntfy } from '../../../src/adapters/notifiers/ntfy.js';
import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import { type NtfyState, ntfyLimit, ntfyMessagesADay, ntfySimulator } from '../../../src/simulators/ntfy.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening } from './contract.js';
import { answering } from './recorded.js';
import { accepted, type Replayed, rateLimited, rejected, testReplays } from './replayed.js';

const topic = 'fake-topic-fake-topic';
const token = 'tk_FAKEfakeFAKEfakeFAKEfakeFAKEf';

const contract: Contract<NtfyState> = {
  channel: 'ntfy',
  simulator: ntfySimulator,
  fresh: () => ({
    tokens: new Map([[token, 'dmitry']]),
    protectedTopics: new Map([[topic, ['dmitry']]]),
    received: [],
    limit: ntfyLimit,
    remaining: ntfyMessagesADay,
  }),
  reachedAt: (url) => ({ origin: url, account: undefined, address: { topic, token }, keys: [topic, token] }),
  seen: ({ received }) =>
    received
      .filter(({ isAttachment }) => !isAttachment)
      .map(({ title, message, priority }) => ({ title, text: message, isSilent: priority < 3, urgency: priority })),
  refusals: [
    { name: 'of the token', given: { tokens: new Map() }, kind: 'rejected', whose: 'user' },
    {
      name: 'of the topic to this token',
      given: { protectedTopics: new Map([[topic, []]]) },
      kind: 'rejected',
      whose: 'user',
    },
    { name: "as the day's messages are used up", given: { remaining: 0 }, kind: 'quota-exceeded', whose: 'user' },
  ],
  // The answer names no wait.
  limited: { given: { limit: { most: 0, perMs: 5_000 } }, kind: 'rate-limited', whose: 'user', until: now + 60_000 },
  urgency: { urgent: 5, high: 4, normal: 3 },
  isSilenceKnown: true,
  checks: { account: [], address: 'right' },
};

describe('ntfy', () => {
  describeNotifier(contract);

  const sendBy = (transport: Transport, address: object = { topic }, sent = notification) =>
    ntfy.send(contextOf({ origin: 'http://127.0.0.1', account: undefined, address }, transport), sent);
  const published = { status: 200, text: '{"id":"x","event":"message"}', headers: {} };

  test('the message goes to the root as JSON, with the token in a header', async () => {
    const transport = answering(published);
    await sendBy(transport, { topic, token });
    await sendBy(transport, { topic, server: 'https://ntfy.example.com/' }, { ...notification, direction: 'down' });
    const body = { topic, title: notification.title, message: notification.lines.join('\n'), priority: 3 };
    expect(transport.asked).toEqual([
      {
        method: 'post',
        url: 'http://127.0.0.1/',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: { ...body, tags: ['chart_with_upwards_trend'] },
      },
      {
        method: 'post',
        url: 'https://ntfy.example.com/',
        headers: { 'content-type': 'application/json' },
        body: { ...body, tags: ['chart_with_downwards_trend'] },
      },
    ]);
  });

  test('the text is cut by bytes, so that it never becomes an attachment', async () => {
    const transport = answering(published);
    const long = { ...notification, lines: ['🚀'.repeat(2000)] };
    await sendBy(transport, { topic }, long);
    const { message } = transport.asked[0]?.body ?? {};
    expect([Buffer.byteLength(message), message.endsWith('🚀…')]).toEqual([4095, true]);
    expect([ntfy.fits(long), ntfy.fits({ ...notification, lines: ['🚀'.repeat(1024)] })]).toEqual([false, true]);
  });

  test('what cannot be checked is said', async () => {
    const stage = await opening(contract);
    const check = (address: object) => ntfy.checkAddress(contextOf({ ...stage, address }));
    expect((await check({ topic })).kind).toBe('unchecked');
    expect((await check({ topic, token: 'tk_wrongwrong' })).kind).toBe('wrong');
    stage.state.tokens.set('tk_nobody', '*');
    expect((await check({ topic, token: 'tk_nobody' })).kind).toBe('unchecked');
  });

  const refusesMessage = (words: string): Replayed => ({
    gives: rejected('message', `ntfy refuses the message (${words})`, 'shorten the name and notes of the row'),
  });
  const refusesUs = (words: string): Replayed => ({
    gives: rejected(
      'user',
      `ntfy does not let us write to the topic (${words})`,
      'correct the token, or let it write to the topic, under users.dmitry in the secret',
    ),
  });
  testReplays(contract, {
    'error_40009.json': {
      gives: rejected(
        'user',
        'ntfy refuses the topic (invalid request: topic invalid)',
        'correct users.dmitry in the secret',
      ),
    },
    'error_40018.json': refusesMessage('invalid request: actions invalid'),
    'error_40101.json': refusesUs('unauthorized'),
    'error_40301.json': refusesUs('forbidden'),
    'error_41303.json': refusesMessage('JSON body too large'),
    'error_42901.json': { gives: rateLimited('ntfy', 'user', now + 60_000) },
    'error_42908.json': {
      gives: {
        kind: 'quota-exceeded',
        whose: 'user',
        resetsAt: Date.UTC(2026, 10, 21),
        problem: {
          detail: "the day's messages at ntfy are used up",
          remedy: 'wait for midnight UTC, or use an account with more',
        },
      },
    },
    'publish_200.json': { gives: accepted() },
  });
});
