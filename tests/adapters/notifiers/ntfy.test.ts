import { describe, expect, test } from '@jest/globals';
import { ntfy } from '../../../src/adapters/notifiers/ntfy.js';
import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import { type NtfyState, ntfyLimit, ntfyMessagesADay, ntfySimulator } from '../../../src/simulators/ntfy.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening } from './contract.js';
import { answering, testOutcomes } from './recorded.js';

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
  const accepted = { status: 200, text: '{"id":"x","event":"message"}', headers: {} };

  test('the message goes to the root as JSON, with the token in a header', async () => {
    const transport = answering(accepted);
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
    const transport = answering(accepted);
    const long = { ...notification, lines: ['🚀'.repeat(2000)] };
    await sendBy(transport, { topic }, long);
    const { message } = transport.asked[0]?.body ?? {};
    expect([Buffer.byteLength(message), message.endsWith('🚀…')]).toEqual([4095, true]);
    expect([ntfy.fits(long), ntfy.fits({ ...notification, lines: ['🚀'.repeat(1024)] })]).toEqual([false, true]);
  });

  test("the day's messages come back at midnight UTC", async () => {
    const transport = answering({ status: 429, text: '{"code":42908,"http":429,"error":"x"}', headers: {} });
    expect(await sendBy(transport)).toMatchObject({
      kind: 'quota-exceeded',
      resetsAt: Date.parse(`${new Date(now + 24 * 3_600_000).toISOString().slice(0, 10)}T00:00:00Z`),
    });
  });

  test('what cannot be checked is said', async () => {
    const stage = await opening(contract);
    const check = (address: object) => ntfy.checkAddress(contextOf({ ...stage, address }));
    expect((await check({ topic })).kind).toBe('unchecked');
    expect((await check({ topic, token: 'tk_wrongwrong' })).kind).toBe('wrong');
    stage.state.tokens.set('tk_nobody', '*');
    expect((await check({ topic, token: 'tk_nobody' })).kind).toBe('unchecked');
  });

  const recorded = {
    'error_40009.json': 'rejected user',
    'error_40018.json': 'rejected message',
    'error_40101.json': 'rejected user',
    'error_40301.json': 'rejected user',
    'error_41303.json': 'rejected message',
    'error_42901.json': `rate-limited user ${now + 60_000}`,
    'error_42908.json': `quota-exceeded user ${Date.UTC(2026, 10, 21)}`,
    'publish_200.json': 'accepted',
  };
  testOutcomes('ntfy', recorded, sendBy);
});
