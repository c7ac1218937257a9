import { describe, expect, test } from '@jest/globals';
import type { Transport } from '../../../src/adapters/notifiers/transport.js';
import { signatureOf, webhook } from '../../../src/adapters/notifiers/webhook.js';
import { type WebhookState, webhookSimulator } from '../../../src/simulators/webhook.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening } from './contract.js';
import { answering, testOverRecordings } from './recorded.js';

const secret = `whsec_${Buffer.from('FAKE secret FAKE secret FAKE se').toString('base64')}`;

const status = (code: number, whose: 'user' | 'message', isGone = false) => ({
  name: `HTTP ${code}`,
  given: { status: code },
  kind: 'rejected' as const,
  whose,
  isGone,
});

const contract: Contract<WebhookState> = {
  channel: 'webhook',
  // A signature is right for some minutes, and the sender's clock stands still.
  simulator: (state, traffic) => webhookSimulator(state, traffic, () => now),
  fresh: () => ({ secret, received: [], status: 204, headers: {} }),
  reachedAt: (url) => ({
    origin: '',
    account: undefined,
    address: { url: `${url}/hook`, secret },
    keys: [secret, secret.slice('whsec_'.length), url],
  }),
  seen: ({ received }) =>
    received.map(({ body }) => {
      const { title, text, silent, priority } = body.data as Record<string, unknown>;
      return { title: String(title), text: String(text), isSilent: silent === true, urgency: priority };
    }),
  refusals: [
    {
      name: 'of the signature',
      given: { secret: `whsec_${Buffer.from('another').toString('base64')}` },
      kind: 'rejected',
      whose: 'user',
    },
    status(301, 'user'),
    status(400, 'message'),
    status(403, 'user'),
    status(404, 'user'),
    status(410, 'user', true),
    status(413, 'message'),
  ],
  limited: {
    given: { status: 429, headers: { 'retry-after': '120' } },
    kind: 'rate-limited',
    whose: 'user',
    until: now + 120_000,
  },
  urgency: { urgent: 'urgent', high: 'high', normal: 'normal' },
  isSilenceKnown: true,
  answersByStatus: true,
  checks: { account: [], address: 'unchecked' },
};

describe('webhook', () => {
  describeNotifier(contract);

  const sendBy = (transport: Transport) =>
    webhook.send(
      contextOf({ origin: '', account: undefined, address: { url: 'http://127.0.0.1/', secret } }, transport),
      notification,
    );

  test('the body is documented, and the id is the same at every attempt', async () => {
    const stage = await opening(contract);
    const context = contextOf(stage);
    await webhook.send(context, { ...notification, id: 'fire.1/x' });
    await webhook.send({ ...context, now: () => now + 60_000 }, { ...notification, id: 'fire.1/x' });
    expect(stage.state.received.map(({ id, timestamp, isRepeat }) => [id, timestamp, isRepeat])).toEqual([
      ['fire_1_x', now / 1000, false],
      ['fire_1_x', now / 1000 + 60, true],
    ]);
    expect(stage.state.received[0]?.body).toEqual({
      type: 'alert.fired',
      timestamp: new Date(notification.happenedAt).toISOString(),
      data: {
        title: notification.title,
        text: notification.lines.join('\n'),
        priority: 'normal',
        silent: false,
        direction: 'up',
        facts: notification.facts,
      },
    });
  });

  test.each([
    ['many facts', { alerts: Array.from({ length: 400 }, (_, each) => ({ name: `alert ${each}`.repeat(9) })) }],
    ['a long fact', { notes: '🚀'.repeat(20_000) }],
    [
      'facts that cannot be shortened',
      Object.fromEntries(Array.from({ length: 5_000 }, (_, each) => [`fact${each}`, each])),
    ],
  ])('the body stays under 20 kB and says that it is not whole: %s', async (_name, facts) => {
    const stage = await opening(contract);
    const long = { ...notification, lines: ['ц'.repeat(9_000)], facts };
    expect(webhook.fits(long)).toBe(false);
    expect(await webhook.send(contextOf(stage), long)).toEqual({ kind: 'accepted', receipt: undefined });
    expect(stage.state.received[0]?.bytes).toBeLessThan(20_000);
    expect(stage.state.received[0]?.body).toMatchObject({ data: { shortened: true } });
  });

  test.each([
    [429, '120', { kind: 'rate-limited', until: now + 120_000 }],
    [429, new Date(now + 300_000).toUTCString(), { kind: 'rate-limited', until: now + 300_000 }],
    [429, 'soon', { kind: 'rate-limited', until: now + 60_000 }],
    [429, '99999999999', { kind: 'rate-limited', until: now + 60_000 }],
    [502, '30', { kind: 'unknown', until: now + 30_000 }],
    [504, '30', { kind: 'unknown', until: now + 30_000 }],
    [503, '', { kind: 'unknown', until: undefined }],
  ])('HTTP %s with Retry-After "%s" waits', async (code, header, expected) => {
    const transport = answering({ status: code, text: '', headers: header === '' ? {} : { 'retry-after': header } });
    expect(await sendBy(transport)).toMatchObject(expected);
  });

  test('the signature is that of the published test vector', () => {
    const published = signatureOf(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
    );
    expect(published).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  testOverRecordings(
    'standard_webhooks',
    'a signed request has the form of the published one, and its empty answer is an acceptance',
    ['spec_example_request.json', 'test_vector.json'],
    async (all) => {
      const stage = await opening(contract);
      await webhook.send(contextOf(stage), notification);
      const sent = JSON.parse(stage.traffic.requests[0]?.body ?? '');
      expect(Object.keys(sent)).toEqual(['type', 'timestamp', 'data']);
      for (const recorded of all) {
        expect(await sendBy(answering(recorded))).toEqual({ kind: 'accepted', receipt: undefined });
      }
    },
  );
});
