import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { jwtVerify } from 'jose';
import { createHttp } from '../../../src/adapters/http.js';
import { createTokenSource } from '../../../src/adapters/sheet/google-token.js';
import { fakeServiceAccount, leaked } from '../../support/fake-secret.js';
import { oneForAll } from '../../support/lifetime.js';
import { serve } from '../../support/loopback.js';

const { account, privateKey, publicKey } = fakeServiceAccount();
const start = Date.parse('2026-11-20T12:00:00.500Z');
const http = createHttp({ timeoutMs: 2_000, retries: 0 });

let answer: (form: URLSearchParams) => { status: number; body: string };
let forms: URLSearchParams[];
let contentType: string | undefined;

const server = oneForAll(() => {
  const app = new Hono();
  app.post('/some/proxy/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    forms.push(form);
    const { status, body } = answer(form);
    contentType = c.req.header('content-type');
    return c.body(body, status as 200);
  });
  return serve(app);
});
beforeEach(() => {
  forms = [];
  answer = () => ({
    status: 200,
    body: JSON.stringify({ access_token: `fake-token-${forms.length}`, expires_in: 3599, token_type: 'Bearer' }),
  });
});

function source(tokenUrl = `${server.url}/some/proxy/token`) {
  const clock = { now: start };
  return { clock, tokens: createTokenSource({ tokenUrl, http, now: () => clock.now }) };
}

describe('the request', () => {
  test("is a form with a claim that the account's key signed, for Google's own address whatever the proxy", async () => {
    const { tokens } = source();
    expect(await tokens.get(account)).toEqual({ ok: true, value: 'fake-token-1' });
    const [form] = forms;
    expect(contentType).toMatch(/^application\/x-www-form-urlencoded/);
    expect([...(form?.keys() ?? [])]).toEqual(['grant_type', 'assertion']);
    expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(form?.get('assertion') ?? '', publicKey, {
      currentDate: new Date(start),
    });
    const issuedAt = Math.floor(start / 1000);
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toEqual({
      iss: account.client_email,
      scope: 'https://www.googleapis.com/auth/spreadsheets.readonly',
      aud: 'https://oauth2.googleapis.com/token',
      iat: issuedAt,
      exp: issuedAt + 3600,
    });
  });

  test.each([
    { name: 'line breaks as the two characters \\n', private_key: account.private_key.replaceAll('\n', '\\n') },
    { name: 'Windows line breaks', private_key: account.private_key.replaceAll('\n', '\r\n') },
    { name: 'no line break at the end', private_key: account.private_key.trim() },
  ])('takes a key with $name', async ({ private_key }) => {
    const { tokens } = source();
    expect(await tokens.get({ ...account, private_key })).toEqual({ ok: true, value: 'fake-token-1' });
    await jwtVerify(forms[0]?.get('assertion') ?? '', publicKey, { currentDate: new Date(start) });
  });
});

describe('the token', () => {
  test('is kept until a minute before it ends', async () => {
    const { tokens, clock } = source();
    await tokens.get(account);
    clock.now = start + 3_539_000 - 1;
    expect(await tokens.get(account)).toEqual({ ok: true, value: 'fake-token-1' });
    clock.now = start + 3_539_000;
    expect(await tokens.get(account)).toEqual({ ok: true, value: 'fake-token-2' });
    expect(forms).toHaveLength(2);
  });

  test('is asked for once by simultaneous callers', async () => {
    const { tokens } = source();
    const all = await Promise.all([tokens.get(account), tokens.get({ ...account }), tokens.get(account)]);
    expect(all).toEqual(Array(3).fill({ ok: true, value: 'fake-token-1' }));
    expect(forms).toHaveLength(1);
  });

  test('is asked for anew when the account changes', async () => {
    const { tokens } = source();
    await tokens.get(account);
    expect(await tokens.get({ ...account, client_email: 'other@fake-project.iam.gserviceaccount.com' })).toEqual({
      ok: true,
      value: 'fake-token-2',
    });
  });

  test('is asked for anew once it was dropped', async () => {
    const { tokens } = source();
    await tokens.get(account);
    tokens.drop();
    expect(await tokens.get(account)).toEqual({ ok: true, value: 'fake-token-2' });
  });

  test('is asked for anew after a failure', async () => {
    const { tokens } = source();
    answer = () => ({ status: 503, body: '' });
    expect(await tokens.get(account)).toMatchObject({ ok: false });
    answer = () => ({ status: 200, body: '{"access_token": "fake-token", "expires_in": 3599}' });
    expect(await tokens.get(account)).toEqual({ ok: true, value: 'fake-token' });
  });
});

const came = (status: number) => `Google gives no access token for ${account.client_email} (HTTP ${status})`;
const granted = (description: string) => ({
  status: 400,
  body: JSON.stringify({ error: 'invalid_grant', error_description: description }),
});

const noToken = {
  kind: 'bad-response',
  message: "Google's token service answered without an access token",
  remedy: 'check GOOGLE_TOKEN_URL',
};

const failures = [
  {
    name: "a signature that is not the account's",
    reply: granted('Invalid JWT Signature.'),
    error: {
      kind: 'bad-key',
      message: `${came(400)}: the key was deleted, disabled or belongs to another account`,
      remedy: 'make a new key for the service account and put its client_email and private_key into the secret',
    },
  },
  {
    name: 'an account that is gone',
    reply: granted('Invalid grant: account not found'),
    error: {
      kind: 'bad-key',
      message: `${came(400)}: there is no such service account`,
      remedy: 'correct google_service_account.client_email in the secret',
    },
  },
  {
    name: 'a wrong clock',
    reply: granted(
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    ),
    error: { kind: 'bad-key', message: `${came(400)}: the clock of this machine is wrong`, remedy: 'set it' },
  },
  {
    name: 'a service out of order',
    reply: { status: 503, body: '<html>down</html>' },
    error: { kind: 'unavailable', message: `${came(503)}`, remedy: 'nothing is wrong here, the next run asks again' },
  },
  {
    name: 'too many requests',
    reply: { status: 429, body: '' },
    error: { kind: 'unavailable', message: `${came(429)}`, remedy: 'nothing is wrong here, the next run asks again' },
  },
  {
    name: 'a wrong address',
    reply: { status: 404, body: '<html>Not Found</html>' },
    error: {
      kind: 'bad-response',
      message: `${came(404)}, for no reason that is known here`,
      remedy: 'check GOOGLE_TOKEN_URL',
    },
  },
  {
    name: 'an answer that is no JSON',
    reply: { status: 200, body: '<html>welcome</html>' },
    error: noToken,
  },
  {
    name: 'an answer without a token',
    reply: { status: 200, body: '{"access_token": "", "expires_in": 3599}' },
    error: noToken,
  },
];

const noKey = {
  kind: 'bad-key',
  message:
    'google_service_account.private_key in the secret is no RSA key: expected the whole private_key of the key file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----',
};
const ofWrongKind = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const tooShort = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const wrongKeys = [
  { name: 'the example text', private_key: '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n' },
  { name: 'a PKCS#1 key', private_key: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() },
  { name: 'a key cut in the middle', private_key: account.private_key.slice(0, 800) },
  { name: 'an elliptic key', private_key: ofWrongKind.export({ type: 'pkcs8', format: 'pem' }).toString() },
  { name: 'a key too short to be allowed', private_key: tooShort.export({ type: 'pkcs8', format: 'pem' }).toString() },
  {
    name: 'a letter that is not base64',
    private_key: account.private_key.replace(/\n(.{20})/, '\n$1ж'),
  },
];

describe('a failure', () => {
  test.each(failures)('$name', async ({ reply, error }) => {
    answer = () => reply;
    expect(await source().tokens.get(account)).toEqual({ ok: false, error });
  });

  test.each(wrongKeys)('$name is no key, and nothing is sent', async ({ private_key }) => {
    expect(await source().tokens.get({ ...account, private_key })).toEqual({ ok: false, error: noKey });
    expect(forms).toEqual([]);
  });

  test('nobody answers', async () => {
    const gone = await serve(new Hono());
    await gone.close();
    const result = await source(`${gone.url}/token`).tokens.get(account);
    expect(result).toEqual({
      ok: false,
      error: {
        kind: 'unavailable',
        message: expect.stringMatching(/^Google's token service did not answer \(.+\)$/),
        remedy: 'the next run asks again',
      },
    });
    expect(JSON.stringify(result)).not.toContain('127.0.0.1');
  });

  test('never shows the key or the claim, not even when the answer repeats them', async () => {
    const results: unknown[] = [];
    for (const { reply } of failures) {
      answer = (form) => ({ status: reply.status, body: `${reply.body} ${form} ${account.private_key}` });
      results.push(await source().tokens.get(account));
    }
    for (const { private_key } of wrongKeys) results.push(await source().tokens.get({ ...account, private_key }));
    const claims = forms.map((form) => form.get('assertion') ?? '');
    const keys = [account.private_key, ...wrongKeys.slice(1).map(({ private_key }) => private_key)];
    expect(claims).toHaveLength(failures.length);
    expect(leaked(results, [...keys, ...claims])).toEqual([]);
  });
});
