import { describe, expect, test } from '@jest/globals';
import { createTransport, type Transport } from '../../../src/adapters/notifiers/transport.js';
import { signatureOf, webhook } from '../../../src/adapters/notifiers/webhook.js';
import { type WebhookState, webhookSimulator } from '../../../src/simulators/webhook.js';
import { answerOf, captured, testCaptured, testCoverage } from '../../support/captured.js';
import { type Contract, contextOf, describeNotifier, notification, now, opening } from './contract.js';
import { answering } from './recorded.js';
import { accepted } from './replayed.js';

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

  const vector = 'standard_webhooks/test_vector.json';
  const example = 'standard_webhooks/spec_example_request.json';
  const requestOf = (file: string) => {
    const { body, headers } = captured(file).request as { body: string; headers: Record<string, string> };
    return { body, headers };
  };

  testCaptured('the signature is that of the published test vector', [vector], () => {
    const { body, headers } = requestOf(vector);
    const published = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(signatureOf(published, headers['webhook-id'] ?? '', Number(headers['webhook-timestamp']), body)).toBe(
      headers['webhook-signature'],
    );
  });

  testCaptured('a request has the form of the published example', [example], async () => {
    const stage = await opening(contract);
    let sent: Record<string, string> = {};
    const keeping: Transport = (request) => {
      sent = { ...request.headers };
      return createTransport({ timeoutMs: 10_000 })(request);
    };
    await webhook.send(contextOf(stage, keeping), notification);
    const { body, headers } = requestOf(example);
    const formOfHeaders = (given: Record<string, string>) => ({
      id: /^[\w-]+$/.test(given['webhook-id'] ?? ''),
      timestamp: /^\d{10}$/.test(given['webhook-timestamp'] ?? ''),
      // The example is signed with another kind of key too.
      signature: /^v1,[A-Za-z0-9+/]{43}=(?= |$)/.test(given['webhook-signature'] ?? ''),
    });
    expect(formOfHeaders(headers)).toEqual({ id: true, timestamp: true, signature: true });
    expect(formOfHeaders(sent)).toEqual({ id: true, timestamp: true, signature: true });
    const [ours, theirs] = [stage.traffic.requests[0]?.body ?? '', body].map((text) => JSON.parse(text));
    expect(Object.entries(ours).map(([name, value]) => [name, typeof value])).toEqual(
      Object.entries(theirs).map(([name, value]) => [name, typeof value]),
    );
    const [ourInstant, theirInstant] = [ours, theirs].map(({ timestamp }) => /^[\d-]+T[\d:]+\.\d+Z$/.test(timestamp));
    expect([ourInstant, theirInstant]).toEqual([true, true]);
  });

  testCaptured('the published answer is an acceptance', [vector, example], async () => {
    const stage = await opening(contract);
    for (const file of [vector, example]) {
      stage.traffic.fault = () => ({ outcome: answerOf(captured(file)) });
      expect(await webhook.send(contextOf(stage), notification)).toEqual(accepted());
    }
  });

  testCoverage('standard_webhooks', ['test_vector.json', 'spec_example_request.json']);
});
