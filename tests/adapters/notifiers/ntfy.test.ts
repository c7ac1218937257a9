import { describe, expect, test } from '@jest/globals';
import { ntfy } from '../../../src/adapters/notifiers/ntfy.js';
import { createTraffic } from '../../../src/simulators/faults.js';
import { serveSimulator } from '../../../src/simulators/loopback.js';
import { type NtfyState, ntfyLimit, ntfyMessagesADay, ntfySimulator } from '../../../src/simulators/ntfy.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening, type Stage } from './contract.js';
import { answering, testOverRecordings } from './recorded.js';

const topic = 'fake-topic-fake-topic';
const token = 'tk_FAKEfakeFAKEfakeFAKEfakeFAKEf';

interface NtfyStage extends Stage {
  readonly state: NtfyState;
}
type Sending = Parameters<typeof ntfy.send>[0];

async function start(): Promise<NtfyStage> {
  const state: NtfyState = {
    tokens: new Map(),
    protectedTopics: new Map(),
    received: [],
    limit: ntfyLimit,
    remaining: 0,
  };
  const traffic = createTraffic();
  let later = 0;
  const served = await serveSimulator(
    ntfySimulator(state, traffic, () => now + later),
    traffic,
  );
  return {
    state,
    traffic,
    origin: served.url,
    account: undefined,
    address: { topic, token },
    keys: [topic, token],
    seen: () =>
      state.received
        .filter(({ isAttachment }) => !isAttachment)
        .map(({ title, message, priority }) => ({ title, text: message, isSilent: priority < 3, urgency: priority })),
    reset: () => {
      later += 3_600_000;
      state.tokens.clear();
      state.tokens.set(token, 'dmitry');
      state.protectedTopics.clear();
      state.protectedTopics.set(topic, ['dmitry']);
      state.received.length = 0;
      state.limit = ntfyLimit;
      state.remaining = ntfyMessagesADay;
    },
    limit: () => {
      state.limit = { most: 0, perMs: 5_000 };
    },
    close: served.close,
  };
}

const contract: Contract<NtfyStage> = {
  channel: 'ntfy',
  start,
  refusals: [
    { name: 'of the token', kind: 'rejected', whose: 'user', given: ({ state }) => state.tokens.clear() },
    {
      name: 'of the topic to this token',
      kind: 'rejected',
      whose: 'user',
      given: ({ state }) => void state.protectedTopics.set(topic, []),
    },
    {
      name: "as the day's messages are used up",
      kind: 'quota-exceeded',
      whose: 'user',
      given: ({ state }) => {
        state.remaining = 0;
      },
    },
  ],
  // The answer names no wait.
  limited: { kind: 'rate-limited', whose: 'user', until: now + 60_000 },
  urgency: { urgent: 5, high: 4, normal: 3 },
  isSilenceKnown: true,
  checks: { account: [], address: 'right' },
};

describe('ntfy', () => {
  describeNotifier(contract);

  const contextWith = (address: object, transport: ReturnType<typeof answering>) =>
    contextOf({ origin: 'http://127.0.0.1', account: undefined, address }, transport) as Sending;

  test('the message goes to the root as JSON, with the token in a header', async () => {
    const requests: unknown[] = [];
    const transport: ReturnType<typeof answering> = async (request) => {
      requests.push({ ...request, url: request.url.href, body: JSON.parse(String(request.body)) });
      return answering({ status: 200, text: '{"id":"x","event":"message"}', headers: {} })(request);
    };
    await ntfy.send(contextWith({ topic, token }, transport), notification);
    await ntfy.send(contextWith({ topic, server: 'https://ntfy.example.com/' }, transport), {
      ...notification,
      direction: 'down',
    });
    const body = { topic, title: notification.title, message: notification.lines.join('\n'), priority: 3 };
    expect(requests).toEqual([
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
    let message = '';
    const transport: ReturnType<typeof answering> = async (request) => {
      message = JSON.parse(String(request.body)).message;
      return answering({ status: 200, text: '{"id":"x","event":"message"}', headers: {} })(request);
    };
    const long = { ...notification, lines: ['🚀'.repeat(2000)] };
    await ntfy.send(contextWith({ topic }, transport), long);
    expect([Buffer.byteLength(message), message.endsWith('🚀…')]).toEqual([4095, true]);
    expect([ntfy.fits(long), ntfy.fits({ ...notification, lines: ['🚀'.repeat(1024)] })]).toEqual([false, true]);
  });

  test("the day's messages come back at midnight UTC", async () => {
    const transport = answering({ status: 429, text: '{"code":42908,"http":429,"error":"x"}', headers: {} });
    expect(await ntfy.send(contextWith({ topic }, transport), notification)).toMatchObject({
      kind: 'quota-exceeded',
      resetsAt: Date.parse(`${new Date(now + 24 * 3_600_000).toISOString().slice(0, 10)}T00:00:00Z`),
    });
  });

  test('what cannot be checked is said', async () => {
    const stage = await opening(start);
    const check = (address: object) => ntfy.checkAddress({ ...(contextOf(stage) as Sending), address } as Sending);
    expect((await check({ topic })).kind).toBe('unchecked');
    expect((await check({ topic, token: 'tk_wrongwrong' })).kind).toBe('wrong');
    stage.state.tokens.set('tk_nobody', '*');
    expect((await check({ topic, token: 'tk_nobody' })).kind).toBe('unchecked');
  });

  testOverRecordings(
    'ntfy',
    'every recorded answer is taken for what it is',
    [
      'error_40009.json',
      'error_40018.json',
      'error_40101.json',
      'error_40301.json',
      'error_41303.json',
      'error_42901.json',
      'error_42908.json',
      'publish_200.json',
    ],
    async (all) => {
      const expected: Record<string, string> = {
        'error_40009.json': 'rejected user',
        'error_40018.json': 'rejected message',
        'error_40101.json': 'rejected user',
        'error_40301.json': 'rejected user',
        'error_41303.json': 'rejected message',
        'error_42901.json': 'rate-limited user',
        'error_42908.json': 'quota-exceeded user',
        'publish_200.json': 'accepted',
      };
      for (const recorded of all) {
        const outcome = await ntfy.send(contextWith({ topic }, answering(recorded)), notification);
        const { kind, whose } = outcome as { kind: string; whose?: string };
        const came = whose === undefined ? kind : `${kind} ${whose}`;
        expect({ file: recorded.file, came }).toEqual({ file: recorded.file, came: expected[recorded.file] });
      }
    },
  );
});
