import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTraffic } from '../../src/simulators/faults.js';
import { type Served, serveSimulator } from '../../src/simulators/loopback.js';
import { type PushoverState, pushoverSimulator } from '../../src/simulators/pushover.js';
import { at } from '../support/builders.js';
import { captured, testCaptured } from '../support/captured.js';
import { formOf, recording, testOverRecordings } from './support.js';

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
let later = 0;
let served: Served;
beforeAll(async () => {
  const traffic = createTraffic();
  served = await serveSimulator(
    pushoverSimulator(state, traffic, () => at('12:05') + later),
    traffic,
  );
});
afterAll(() => served.close());
beforeEach(() => {
  later = 0;
  state.received.length = 0;
  state.urgent.clear();
  Object.assign(state, { limit: 10_000, remaining: 10_000 });
});

async function post(path: string, fields: Record<string, string>) {
  const body = new URLSearchParams({ token, user, ...fields });
  const response = await fetch(`${served.url}${path}`, { method: 'POST', body });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
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
    const response = await fetch(`${served.url}/1/messages.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, user, message: 'hello', priority: 1 }),
    });
    expect(response.status).toBe(200);
    expect(state.received).toMatchObject([{ message: 'hello', fields: { user, message: 'hello', priority: '1' } }]);
  });

  test('of priority 2 gives a receipt', async () => {
    const { body } = await push({ priority: '2', retry: '30', expire: '10800' });
    expect(body).toEqual({ status: 1, request, receipt: expect.stringMatching(/^\w{30}$/) });
  });

  test.each<{ name: string; fields: Record<string, string>; field: string; value: string; error: string }>([
    {
      name: 'with another token',
      fields: { token: 'x'.repeat(30) },
      field: 'token',
      value: 'invalid',
      error: 'application token is invalid',
    },
    {
      name: 'to an unknown user',
      fields: { user: 'x'.repeat(30) },
      field: 'user',
      value: 'invalid',
      error:
        'user identifier is not a valid user, group, or subscribed user key, see https://pushover.net/api#identifiers',
    },
    {
      name: 'with a blank message',
      fields: { message: ' \n ' },
      field: 'message',
      value: 'cannot be blank',
      error: 'message cannot be blank',
    },
    {
      name: 'with too long a message',
      fields: { message: '€'.repeat(1025) },
      field: 'message',
      value: 'is too long',
      error: 'message is too long',
    },
    {
      name: 'with too long a title',
      fields: { title: 'x'.repeat(251) },
      field: 'title',
      value: 'is too long',
      error: 'title is too long',
    },
    {
      name: 'with a priority that does not exist',
      fields: { priority: '3' },
      field: 'priority',
      value: 'is invalid',
      error: 'priority is invalid',
    },
    {
      name: 'of priority 2 without an end',
      fields: { priority: '2', retry: '60' },
      field: 'expire',
      value: 'must be supplied with priority=2',
      error: 'expire must be supplied with priority=2',
    },
  ])('$name is refused and not kept', async ({ fields, field, value, error }) => {
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
  const ask = async (query: string) => {
    const response = await fetch(`${served.url}/1/apps/limits.json?${query}`);
    return { status: response.status, body: await response.json() };
  };
  expect(await ask(`token=${token}`)).toEqual({
    status: 200,
    body: { status: 1, request, limit: 10_000, remaining: 10_000, reset: 1_796_083_200 },
  });
  expect((await ask('token=x')).status).toBe(400);
});

describe('an urgent push', () => {
  const sentAt = at('12:05') / 1000;
  const wait = (seconds: number) => {
    later += seconds * 1000;
  };
  const urgent = { priority: '2', retry: '60', expire: '3600' };
  async function read(receipt: string, key = token) {
    const response = await fetch(`${served.url}/1/receipts/${receipt}.json?token=${key}`);
    const body: Record<string, unknown> = JSON.parse(await response.text());
    return { status: response.status, body };
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
