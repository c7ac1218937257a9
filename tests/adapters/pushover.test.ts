import type { HttpBindings } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createHttp } from '../../src/adapters/http.js';
import { parseKeys } from '../../src/adapters/notifiers/keys-text.js';
import { createPushover } from '../../src/adapters/pushover.js';
import { createSecretReader } from '../../src/adapters/secret.js';
import { SecretError } from '../../src/adapters/secret-error.js';
import { captured, listUncovered, testCaptured } from '../support/captured.js';
import { fakeKey, leaked } from '../support/fake-secret.js';
import { serve } from '../support/loopback.js';

const token = fakeKey('Token');
const users = { dmitry: fakeKey('Dmitry'), default: fakeKey('Default') };
const secretText = JSON.stringify({ pushover_api_token: token, pushover_users: users });

const message = {
  user: 'dmitry',
  title: 'Выше: BTCUSDT above 95000 & more',
  text: 'touched 95180.00\nat 12:04 UTC 🚀',
  timestamp: 1_795_176_240,
};

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Record<string, string>;
}
const accepted: Answer = { status: 200, text: '{"status":1,"request":"fake"}' };
const answered = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  text: JSON.stringify({ status: 0, request: 'fake', ...body }),
  headers,
});

let answer: Answer | ((form: URLSearchParams) => Promise<Answer>);
let forms: URLSearchParams[];
let contentType: string | undefined;
let connections: Set<unknown>;
let url: string;
let close: () => Promise<void>;

beforeAll(async () => {
  const app = new Hono();
  app.post('/1/messages.json', async (c) => {
    contentType = c.req.header('content-type');
    const form = new URLSearchParams(await c.req.text());
    forms.push(form);
    connections.add((c.env as HttpBindings).incoming.socket.remotePort);
    const { status, text, headers } = typeof answer === 'function' ? await answer(form) : answer;
    return c.body(text, status as 200, { 'content-type': 'application/json; charset=utf-8', ...headers });
  });
  const server = await serve(app);
  url = server.url;
  close = server.close;
});
afterAll(() => close());
beforeEach(() => {
  forms = [];
  connections = new Set();
});

function phoneWith(given: typeof answer, fetchText = async () => secretText, baseUrl = url, timeoutMs = 2_000) {
  answer = given;
  const state = { secretReads: 0 };
  const reader = createSecretReader({
    fetchText: () => {
      state.secretReads += 1;
      return fetchText();
    },
    parse: parseKeys,
    now: () => 0,
  });
  return { state, ...createPushover({ baseUrl, secret: reader, http: createHttp({ timeoutMs, retries: 0 }) }) };
}

describe('a push', () => {
  test('is one form with the token, the key of the user and the message', async () => {
    expect(await phoneWith(accepted).push(message)).toEqual({ ok: true, value: undefined });
    expect(contentType).toMatch(/^application\/x-www-form-urlencoded/);
    expect(forms.map((form) => Object.fromEntries(form))).toEqual([
      {
        token,
        user: users.dmitry,
        title: message.title,
        message: message.text,
        timestamp: '1795176240',
      },
    ]);
  });

  test('reads the secret once for many', async () => {
    const notifier = phoneWith(accepted);
    await notifier.push(message);
    await notifier.push({ ...message, user: 'default' });
    expect(notifier.state.secretReads).toBe(1);
    expect(forms.map((form) => form.get('user'))).toEqual([users.dmitry, users.default]);
  });

  test('shares two connections with all others', async () => {
    let open = 0;
    let mostOpen = 0;
    const notifier = phoneWith(async () => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await new Promise((resolve) => setTimeout(resolve, 3));
      open -= 1;
      return accepted;
    });
    const sent = await Promise.all(Array.from({ length: 20 }, () => notifier.push(message)));
    expect(sent).toEqual(Array(20).fill({ ok: true, value: undefined }));
    expect({ mostOpen, connections: connections.size, requests: forms.length }).toEqual({
      mostOpen: 2,
      connections: 2,
      requests: 20,
    });
    expect(notifier.pushesAtATime).toBe(2);
  });
});

test('the users are those who have a key', async () => {
  expect(await phoneWith(accepted).users()).toEqual(['dmitry', 'default']);
});

test('without a secret nobody can be named', async () => {
  const failure = new SecretError('there is no secret "trading-alerts"; create it');
  await expect(phoneWith(accepted, () => Promise.reject(failure)).users()).rejects.toBe(failure);
});

describe("the token's fingerprint", () => {
  test('is that of the refusal, changes with the token and reads the secret anew', async () => {
    let current = token;
    const notifier = phoneWith(answered(429, overQuota), async () => secretText.replace(token, current));
    const refused = await notifier.push(message);
    const before = await notifier.tokenFingerprint();
    expect(refused).toMatchObject({ error: { tokenFingerprint: before } });
    expect(await notifier.tokenFingerprint()).toBe(before);
    current = fakeKey('SecondToken');
    const after = await notifier.tokenFingerprint();
    expect(after).not.toBe(before);
    expect(leaked([before, after], [token, current])).toEqual([]);
  });
});

const unknown = (came: string) => ({
  kind: 'unknown',
  detail: `Pushover answered ${came}, so the push may have arrived or not`,
});
const quota = (resetsAt: number | undefined) => ({
  kind: 'quota-exceeded',
  resetsAt,
  tokenFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
  detail: "Pushover's monthly quota is used up; buy more messages, or wait for its reset",
});
const refusedMessage = (why: string) => ({
  kind: 'rejected',
  whose: 'message',
  detail: `Pushover refuses the message (${why})`,
});
const overQuota = { token: 'invalid', errors: ['application has exceeded current limit of 7500 messages'] };
const noPushover = (status: number) => ({
  kind: 'rejected',
  whose: 'message',
  detail: `HTTP ${status} in place of Pushover's answer; check PUSHOVER_BASE_URL, and whether a proxy or firewall is in between`,
});

const failures: { name: string; given: Answer; error: object; secretReads?: number }[] = [
  {
    name: 'a wrong token',
    given: answered(400, { token: 'invalid', errors: ['application token is invalid'] }),
    error: {
      kind: 'rejected',
      whose: 'token',
      detail:
        'Pushover refuses the application (application token is invalid); correct pushover_api_token in the secret',
    },
  },
  {
    name: 'a wrong user key',
    given: answered(400, { user: 'invalid', errors: ['user identifier is invalid', 'see https://pushover.net/api'] }),
    error: {
      kind: 'rejected',
      whose: 'user',
      detail:
        'Pushover refuses the key of "dmitry" (user identifier is invalid; see https://pushover.net/api); correct it under pushover_users in the secret',
    },
  },
  {
    name: 'both wrong, where the token stops every push',
    given: answered(400, { user: 'invalid', token: 'invalid', errors: [] }),
    error: {
      kind: 'rejected',
      whose: 'token',
      detail: 'Pushover refuses the application (HTTP 400); correct pushover_api_token in the secret',
    },
  },
  {
    name: 'a wrong message',
    given: answered(400, { message: 'cannot be blank', errors: ['message cannot be blank'] }),
    error: refusedMessage('message cannot be blank'),
  },
  {
    name: 'a refusal with HTTP 200',
    given: answered(200, { errors: ['message is too long'] }),
    error: refusedMessage('message is too long'),
  },
  {
    name: 'a long explanation, which is cut',
    given: answered(400, { errors: ['no '.repeat(200)] }),
    error: refusedMessage(`${'no '.repeat(200).slice(0, 299)}…`),
  },
  {
    name: 'the quota of the month, although the body calls the token invalid',
    given: answered(429, overQuota, { 'x-limit-app-reset': '1796083200' }),
    error: quota(1_796_083_200_000),
  },
  { name: 'the quota without its reset', given: answered(429, overQuota), error: quota(undefined) },
  {
    name: 'the quota with a reset that is no time',
    given: answered(429, overQuota, { 'x-limit-app-reset': 'soon' }),
    error: quota(undefined),
  },
  { name: 'a firewall', given: { status: 403, text: '<html>Forbidden</html>' }, error: noPushover(403) },
  { name: 'a service out of order', given: { status: 500, text: '' }, error: unknown('HTTP 500') },
  { name: 'a gateway that gave up', given: { status: 504, text: accepted.text }, error: unknown('HTTP 504') },
  { name: 'a page with HTTP 200', given: { status: 200, text: '<html>' }, error: unknown('something unexpected') },
  { name: 'nothing with HTTP 200', given: { status: 200, text: '' }, error: unknown('something unexpected') },
  { name: 'JSON without a status', given: { status: 200, text: '{}' }, error: unknown('something unexpected') },
  { name: 'accepted, but not by HTTP 200', given: { status: 202, text: accepted.text }, error: unknown('HTTP 202') },
];

describe('every answer but acceptance has its kind, and the request is never repeated', () => {
  test.each(failures)('$name', async ({ given, error }) => {
    expect(await phoneWith(given).push(message)).toEqual({ ok: false, error });
    expect(forms).toHaveLength(1);
  });

  test('silence is unknown', async () => {
    const notifier = phoneWith(() => new Promise(() => undefined), undefined, undefined, 30);
    expect(await notifier.push(message)).toEqual({
      ok: false,
      error: {
        kind: 'unknown',
        detail: 'Pushover did not answer (no answer within 30 ms), so the push may have arrived or not',
      },
    });
    expect(forms).toHaveLength(1);
  });

  test('nobody there is unknown', async () => {
    const gone = await serve(new Hono());
    await gone.close();
    const result = await phoneWith(accepted, undefined, gone.url).push(message);
    expect(result).toEqual({
      ok: false,
      error: {
        kind: 'unknown',
        detail: expect.stringMatching(/^Pushover did not answer \(.+\), so the push may have arrived or not$/),
      },
    });
    expect(JSON.stringify(result)).not.toContain('127.0.0.1');
  });

  test.each(['anna', 'constructor'])('the user %s without a key is told without any request', async (user) => {
    expect(await phoneWith(accepted).push({ ...message, user })).toEqual({
      ok: false,
      error: {
        kind: 'rejected',
        whose: 'user',
        detail: `there is no key for "${user}" under pushover_users in the secret; add it`,
      },
    });
    expect(forms).toEqual([]);
  });

  test('without the secret nothing is sent', async () => {
    const failure = new SecretError('there is no secret "trading-alerts"; create it');
    expect(await phoneWith(accepted, () => Promise.reject(failure)).push(message)).toEqual({
      ok: false,
      error: { kind: 'rejected', whose: 'token', detail: failure.message },
    });
    expect(forms).toEqual([]);
  });
});

describe('a secret that may have been repaired is read again', () => {
  test.each([
    { name: 'after a rejected token', given: answered(400, { token: 'invalid' }), user: 'dmitry', secretReads: 2 },
    { name: 'after a rejected user key', given: answered(400, { user: 'invalid' }), user: 'dmitry', secretReads: 2 },
    { name: 'after a user without a key', given: accepted, user: 'anna', secretReads: 2 },
    { name: 'but not after a rejected message', given: answered(400, {}), user: 'dmitry', secretReads: 1 },
    { name: 'nor after the quota', given: answered(429, overQuota), user: 'dmitry', secretReads: 1 },
    { name: 'nor after an unknown outcome', given: answered(500, {}), user: 'dmitry', secretReads: 1 },
  ])('$name', async ({ given, user, secretReads }) => {
    const notifier = phoneWith(given);
    await notifier.push({ ...message, user });
    await notifier.push({ ...message, user });
    expect(notifier.state.secretReads).toBe(secretReads);
  });
});

test('no failure shows the token or a key, not even when Pushover repeats them', async () => {
  const results: unknown[] = [];
  for (const { given } of failures) {
    results.push(
      await phoneWith(async (form) => {
        const echo = `${form} ${users.default}`;
        const errors = [`no user ${form.get('user')}`, `${' '.repeat(200)}${echo}`, 'x'.repeat(250) + token];
        const text = given.text.replace('<html>', `<html>${echo}`).replace(/^\{/, `{"echo": ${JSON.stringify(echo)},`);
        return { ...given, text: text.replace(/"errors":\[.*\]/, `"errors":${JSON.stringify(errors)}`) };
      }).push(message),
    );
  }
  expect(results).toHaveLength(failures.length);
  expect(JSON.stringify(results)).toContain('no user …');
  expect(leaked(results, [token, ...Object.values(users)])).toEqual([]);
});

describe('every recorded answer is taken for what it is', () => {
  const expected: Record<string, string> = {
    'doc_success_200.json': 'accepted',
    'doc_error_user_invalid_400.json': 'rejected user',
    'error_user_invalid_current_400.json': 'rejected user',
    'error_token_invalid_400.json': 'rejected token',
    'error_quota_exceeded_429.json': 'quota-exceeded 1451628000000',
    'mock_error_expire_missing_400.json': 'rejected message',
    'mock_error_message_blank_400.json': 'rejected message',
    'mock_sounds_200.json': 'accepted',
  };
  for (const [file, outcome] of Object.entries(expected)) {
    testCaptured(`${file}: ${outcome}`, [`pushover/${file}`], async () => {
      const { status, text, headers } = captured(`pushover/${file}`);
      const reset = headers['x-limit-app-reset'];
      const given = { status, text, headers: reset === undefined ? {} : { 'x-limit-app-reset': reset } };
      const sent = await phoneWith(given).push(message);
      const { kind, whose, resetsAt } = sent.ok ? { kind: 'accepted' } : (sent.error as Record<string, unknown>);
      expect([kind, whose, resetsAt].filter((part) => part !== undefined).join(' ')).toBe(outcome);
    });
  }
  listUncovered('pushover', Object.keys(expected));
});
