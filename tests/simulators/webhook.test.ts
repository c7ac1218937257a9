import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createTraffic } from '../../src/simulators/faults.js';
import { type WebhookState, webhookSimulator } from '../../src/simulators/webhook.js';
import { askOf, recording, start, testOverRecordings } from './support.js';

const key = Buffer.from('FAKE secret FAKE secret FAKE se');
const state: WebhookState = { secret: `whsec_${key.toString('base64')}`, received: [], status: 200, headers: {} };
const ask = askOf((traffic) => webhookSimulator(state, traffic, () => start));

const sign = (signed: string): string => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;

function call(changes: { timestamp?: number; signature?: string; body?: string } = {}) {
  const { timestamp = start / 1000, body = '{"type":"test"}' } = changes;
  const signature = changes.signature ?? sign(`id.${timestamp}.${body}`);
  const headers = { 'webhook-id': 'id', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
  return ask('/hook', { method: 'POST', headers, body });
}

test('a signed call is kept, and a repeat of it is told', async () => {
  expect([
    (await call()).status,
    (await call({ signature: `v1,AAAA ${sign(`id.${start / 1000}.{"type":"test"}`)}` })).status,
  ]).toEqual([200, 200]);
  const kept = { receivedAt: start, id: 'id', timestamp: start / 1000, body: { type: 'test' }, bytes: 15 };
  expect(state.received).toEqual([
    { ...kept, isRepeat: false },
    { ...kept, isRepeat: true },
  ]);
});

test.each([
  { name: 'another key', changes: { signature: 'v1,AAAA' } },
  { name: 'no signature', changes: { signature: '' } },
  { name: 'another body', changes: { body: '{}', signature: sign(`id.${start / 1000}.{ }`) } },
  { name: 'an old call', changes: { timestamp: start / 1000 - 301 } },
])('$name is refused', async ({ changes }) => {
  state.received.length = 0;
  expect([(await call(changes)).status, state.received]).toEqual([401, []]);
});

test('another answer is given as asked for, and nothing is kept', async () => {
  Object.assign(state, { status: 429, headers: { 'retry-after': '9' } });
  state.received.length = 0;
  const { status, headers } = await call();
  expect([status, headers.get('retry-after'), state.received]).toEqual([429, '9', []]);
});

testOverRecordings(
  'standard_webhooks',
  'the published requests are judged as the specification says',
  ['test_vector.json', 'spec_example_request.json'],
  async () => {
    const published: WebhookState = {
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      received: [],
      status: 200,
      headers: {},
    };
    const replay = async (file: string) => {
      const { request } = recording('standard_webhooks', file);
      const { headers, body } = request as { headers: Record<string, string>; body: string };
      const sentAt = Number(headers['webhook-timestamp']) * 1000;
      const asked = webhookSimulator(published, createTraffic(), () => sentAt);
      const answer = await asked.request('http://simulated/hook', { method: 'POST', headers, body });
      return { status: answer.status, text: await answer.text() };
    };
    const { status, text } = recording('standard_webhooks', 'test_vector.json');
    expect(await replay('test_vector.json')).toEqual({ status, text });
    // Its key is not published, and another key's signature must not pass.
    expect((await replay('spec_example_request.json')).status).toBe(401);
    expect(published.received.map(({ id }) => id)).toEqual(['msg_p5jXN8AQM9LWM0D4loKWxJek']);
  },
);
