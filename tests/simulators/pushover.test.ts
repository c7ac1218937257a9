import { beforeEach, describe, expect, test } from '@jest/globals';
import { type PushoverState, pushoverSimulator } from '../../src/simulators/pushover.js';
import { at } from '../support/builders.js';
import { captured, testCaptured } from '../support/captured.js';
import { asJson, askOf, createClock, formOf, recording, testOverRecordings } from './support.js';

const token = 'fakeToken'.padEnd(30, 'x');
const user = 'fakeUser'.padEnd(30, 'x');
const request = expect.stringMatching(/^[0-9a-f-]{36}$/);
const state: PushoverState = {
  token,
  users: new Set([user]),
  received: [],
  urgent: new Map(),
  limit: 10_000,
  remaining: 10_000,
  resetsAt: 1_796_083_200,
};
const clock = createClock();
const ask = askOf((traffic) => pushoverSimulator(state, traffic, clock.now));
beforeEach(() => {
  clock.reset();
  state.received.length = 0;
  state.urgent.clear();
  Object.assign(state, { limit: 10_000, remaining: 10_000 });
});

async function post(path: string, fields: Record<string, string>) {
  const body = new URLSearchParams({ token, user, ...fields }).toString();
  const init = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
  const { status, headers, text } = await ask(path, init);
  return { status, headers, body: JSON.parse(text) };
}
const push = (fields: Record<string, string>) => post('/1/messages.json', { message: 'hello', ...fields });
const limits = (headers: Headers) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-limit-app-${name}`) ?? 'none');
/** Bodies differ in their request's id only. */
function recorded(file: string) {
  const { status, text } = captured(file);
  return { status, body: { ...JSON.parse(text), request } };
}

describe('a push', () => {
  test('that is right is accepted, kept with every field but the token, and counted', async () => {
    const fields = { title: 'BTCUSDT above 95000', message: 'touched 95,001 ≥ & now…', timestamp: '1795176180' };
    const { status, headers, body } = await push(fields);
    expect({ status, body, limits: limits(headers) }).toEqual({
      status: 200,
      body: { status: 1, request },
      limits: ['10000', '9999', '1796083200'],
    });
    expect(state.received).toEqual([
      {
        receivedAt: at('12:05'),
        user,
        title: fields.title,
        message: fields.message,
        fields: { user, ...fields },
      },
    ]);
  });

  const success = 'pushover/doc_success_200.json';
  testCaptured('that is right is answered as the real one', [success], async () => {
    const { status, body } = await push({});
    expect({ status, body }).toEqual(recorded(success));
  });

  test('may come as JSON', async () => {
    const response = await ask('/1/messages.json', asJson({ token, user, message: 'hello', priority: 1 }));
    expect(response.status).toBe(200);
    expect(state.received).toMatchObject([{ message: 'hello', fields: { user, message: 'hello', priority: '1' } }]);
  });

  test('of priority 2 gives a receipt', async () => {
    const { body } = await push({ priority: '2', retry: '30', expire: '10800' });
    expect(body).toEqual({ status: 1, request, receipt: expect.stringMatching(/^\w{30}$/) });
  });

  const unknownUser =
    'user identifier is not a valid user, group, or subscribed user key, see https://pushover.net/api#identifiers';
  test.each<[name: string, fields: Record<string, string>, field: string, value: string, error: string]>([
    ['with another token', { token: 'x'.repeat(30) }, 'token', 'invalid', 'application token is invalid'],
    ['to an unknown user', { user: 'x'.repeat(30) }, 'user', 'invalid', unknownUser],
    ['with a blank message', { message: ' \n ' }, 'message', 'cannot be blank', 'message cannot be blank'],
    ['with too long a message', { message: '€'.repeat(1025) }, 'message', 'is too long', 'message is too long'],
    ['with too long a title', { title: 'x'.repeat(251) }, 'title', 'is too long', 'title is too long'],
    ['with a priority that does not exist', { priority: '3' }, 'priority', 'is invalid', 'priority is invalid'],
    [
      'of priority 2 without an end',
      { priority: '2', retry: '60' },
      'expire',
      'must be supplied with priority=2',
      'expire must be supplied with priority=2',
    ],
  ])('%s is refused and not kept', async (_name, fields, field, value, error) => {
    const { status, body } = await push(fields);
    expect({ status, body }).toEqual({ status: 400, body: { [field]: value, errors: [error], status: 0, request } });
    expect([state.received, state.remaining]).toEqual([[], 10_000]);
  });

  test('of the longest lengths is accepted, counted in characters', async () => {
    expect((await push({ message: '😀'.repeat(1024), title: 'é'.repeat(250) })).status).toBe(200);
  });

  test('beyond the quota is refused with 429, in words that blame the token, and without Retry-After', async () => {
    Object.assign(state, { limit: 7500, remaining: 1 });
    expect((await push({})).status).toBe(200);
    const { status, headers, body } = await push({});
    expect({ status, limits: limits(headers), retryAfter: headers.get('retry-after') }).toEqual({
      status: 429,
      limits: ['7500', '0', '1796083200'],
      retryAfter: null,
    });
    expect(body).toEqual({
      token: 'invalid',
      errors: ['application has exceeded current limit of 7500 messages'],
      status: 0,
      request,
    });
    expect(state.received).toHaveLength(1);
  });

  const quota = 'pushover/error_quota_exceeded_429.json';
  testCaptured('beyond the quota is refused in the words of the real one', [quota], async () => {
    Object.assign(state, { limit: 7500, remaining: 0 });
    expect((await push({})).body).toEqual(recorded(quota).body);
  });
});

for (const { file, fields } of [
  { file: 'pushover/error_token_invalid_400.json', fields: { token: 'x' } },
  { file: 'pushover/error_user_invalid_current_400.json', fields: { user: 'x' } },
  { file: 'pushover/mock_error_message_blank_400.json', fields: { message: '' } },
  { file: 'pushover/mock_error_expire_missing_400.json', fields: { priority: '2', retry: '30' } },
]) {
  testCaptured(`refused in the words of ${file}`, [file], async () => {
    const { status, body } = await push(fields);
    expect({ status, body }).toEqual(recorded(file));
  });
}

test('a key is checked without a push', async () => {
  const known = await post('/1/users/validate.json', {});
  expect(known).toMatchObject({
    status: 200,
    body: { status: 1, group: 0, devices: ['phone'], licenses: ['Android'], request },
  });
  expect((await post('/1/users/validate.json', { user: 'x' })).status).toBe(400);
  expect(state.received).toEqual([]);
});

test('the quota is told to the owner of the token only', async () => {
  const limitsFor = async (key: string) => {
    const { status, text } = await ask(`/1/apps/limits.json?token=${key}`);
    return { status, body: JSON.parse(text) };
  };
  expect(await limitsFor(token)).toEqual({
    status: 200,
    body: { status: 1, request, limit: 10_000, remaining: 10_000, reset: 1_796_083_200 },
  });
  expect((await limitsFor('x')).status).toBe(400);
});

describe('an urgent push', () => {
  const sentAt = at('12:05') / 1000;
  const wait = (seconds: number) => clock.wait(seconds * 1000);
  const urgent = { priority: '2', retry: '60', expire: '3600' };
  async function read(receipt: string, key = token) {
    const { status, text } = await ask(`/1/receipts/${receipt}.json?token=${key}`);
    const body: Record<string, unknown> = JSON.parse(text);
    return { status, body };
  }
  const waiting = {
    status: 1,
    request,
    acknowledged: 0,
    acknowledged_at: 0,
    acknowledged_by: '',
    acknowledged_by_device: '',
    last_delivered_at: sentAt,
    expired: 0,
    expires_at: sentAt + 3600,
    called_back: 0,
    called_back_at: 0,
  };

  test('rings each minute until it is acknowledged', async () => {
    const { receipt } = (await push(urgent)).body;
    expect(await read(receipt)).toEqual({ status: 200, body: waiting });
    wait(150);
    expect(await read(receipt)).toEqual({ status: 200, body: { ...waiting, last_delivered_at: sentAt + 120 } });
    const kept = state.urgent.get(receipt);
    if (kept !== undefined) kept.acknowledgedAt = sentAt + 150;
    wait(600);
    expect((await read(receipt)).body).toEqual({
      ...waiting,
      acknowledged: 1,
      acknowledged_at: sentAt + 150,
      acknowledged_by: user,
      acknowledged_by_device: 'phone',
      last_delivered_at: sentAt + 120,
      expired: 1,
    });
  });

  test('rings fifty times at most, and not after its end', async () => {
    const { receipt } = (await push({ ...urgent, retry: '30' })).body;
    wait(3_600);
    expect((await read(receipt)).body).toMatchObject({
      expired: 1,
      acknowledged: 0,
      last_delivered_at: sentAt + 50 * 30,
    });
  });

  test('is cancelled by its receipt or its tags, each of which may be one of several', async () => {
    const first = (await push({ ...urgent, tags: 'a,b' })).body.receipt;
    const second = (await push({ ...urgent, tags: 'b' })).body.receipt;
    const third = (await push({ ...urgent, tag: 'b' })).body.receipt;
    expect((await post('/1/receipts/cancel_by_tag/b.json', {})).body).toEqual({ status: 1, request, canceled: 2 });
    expect((await post('/1/receipts/cancel_by_tag/b.json', {})).body.canceled).toBe(0);
    const expired = await Promise.all(
      [first, second, third].map(async (receipt) => (await read(receipt)).body.expired),
    );
    expect(expired).toEqual([1, 1, 0]);
    expect((await post(`/1/receipts/${third}/cancel.json`, {})).body).toMatchObject({ status: 1, canceled: 1 });
    expect((await read(third)).body.expired).toBe(1);
  });

  test('is told to the owner of the token only', async () => {
    const { receipt } = (await push(urgent)).body;
    expect((await read(receipt, 'x')).status).toBe(400);
    expect((await post(`/1/receipts/${receipt}/cancel.json`, { token: 'x' })).status).toBe(400);
    expect((await post('/1/receipts/cancel_by_tag/a.json', { token: 'x' })).status).toBe(400);
    expect(await read('unknown')).toEqual({
      status: 404,
      body: { receipt: 'not found', errors: ['receipt not found; may be invalid or expired'], status: 0, request },
    });
  });

  testOverRecordings(
    'pushover',
    'has the answers of the real ones',
    [
      'cancel_by_tag_200.json',
      'error_receipt_not_found.json',
      'message_priority2_200.json',
      'receipt_acknowledged.json',
      'receipt_waiting.json',
    ],
    async () => {
      const form = (file: string) => formOf(JSON.parse(recording('pushover', file).text));
      const sent = await push({ ...urgent, tags: 'rule-1' });
      expect(formOf(sent.body)).toEqual(form('message_priority2_200.json'));
      expect(formOf((await read(sent.body.receipt)).body)).toEqual(form('receipt_waiting.json'));
      const kept = state.urgent.get(sent.body.receipt);
      if (kept !== undefined) kept.acknowledgedAt = sentAt;
      expect(formOf((await read(sent.body.receipt)).body)).toEqual(form('receipt_acknowledged.json'));
      expect(formOf((await post('/1/receipts/cancel_by_tag/rule-1.json', {})).body)).toEqual(
        form('cancel_by_tag_200.json'),
      );
      const unknown = await read('unknown');
      expect(formOf(unknown.body)).toEqual(form('error_receipt_not_found.json'));
    },
  );
});
