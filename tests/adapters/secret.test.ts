import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { readKeys } from '../../src/adapters/notifiers/keys.js';
import { createSecretReader, fetchFromSecretsManager } from '../../src/adapters/secret.js';
import { SecretError } from '../../src/adapters/secret-error.js';
import { fakeKey, leaked } from '../support/fake-secret.js';
import { serve } from '../support/loopback.js';

const secret = (name = 'Token') => ({
  pushover_api_token: fakeKey(name),
  pushover_users: { default: fakeKey('Default') },
});
const text = JSON.stringify(secret());
const minute = 60_000;

function parse(given: string): unknown {
  const parsed = readKeys(JSON.parse(given));
  if (!parsed.ok) throw new SecretError('it is not right');
  return JSON.parse(given);
}

describe('the reader', () => {
  /** `answers` are given in turn, the last one again and again. */
  function reading(...answers: (string | Error)[]) {
    const state = { now: 0, fetches: 0, stale: [] as unknown[] };
    const reader = createSecretReader({
      parse,
      fetchText: async () => {
        const answer = answers[Math.min(state.fetches, answers.length - 1)];
        state.fetches += 1;
        if (typeof answer !== 'string') throw answer;
        return answer;
      },
      now: () => state.now,
      onStale: (error) => state.stale.push(error),
    });
    return { reader, state };
  }

  test('keeps the secret for ten minutes', async () => {
    const { reader, state } = reading(text, JSON.stringify(secret('Newer')));
    expect(await reader.read()).toEqual(secret());
    state.now = 10 * minute - 1;
    expect(await reader.read()).toEqual(secret());
    expect(state.fetches).toBe(1);
    state.now = 10 * minute;
    expect(await reader.read()).toEqual(secret('Newer'));
    expect(state.fetches).toBe(2);
  });

  test('fetches once for simultaneous reads', async () => {
    const { reader, state } = reading(text);
    expect(await Promise.all([reader.read(), reader.read(), reader.read()])).toEqual([secret(), secret(), secret()]);
    expect(state.fetches).toBe(1);
  });

  test('throws the first failure, and asks again at the next read', async () => {
    const failure = new SecretError('no network');
    const { reader, state } = reading(failure, text);
    expect(await Promise.allSettled([reader.read(), reader.read()])).toEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    expect(await reader.read()).toEqual(secret());
    expect(state).toEqual({ now: 0, fetches: 2, stale: [] });
  });

  test('goes on with the old secret when a refresh fails, says why, and asks again a minute later', async () => {
    const failure = new SecretError('no network');
    const { reader, state } = reading(text, failure, JSON.stringify(secret('Newer')));
    await reader.read();
    state.now = 10 * minute;
    expect(await reader.read()).toEqual(secret());
    state.now = 11 * minute - 1;
    expect(await reader.read()).toEqual(secret());
    expect(state).toEqual({ now: 11 * minute - 1, fetches: 2, stale: [failure] });
    state.now = 11 * minute;
    expect(await reader.read()).toEqual(secret('Newer'));
  });

  test('goes on with the old secret when the new one is wrong', async () => {
    const { reader, state } = reading(text, '{}');
    await reader.read();
    state.now = 10 * minute;
    expect(await reader.read()).toEqual(secret());
    expect(state.stale).toEqual([expect.any(SecretError)]);
  });

  test('asks anew after something of it was rejected', async () => {
    const { reader, state } = reading(text, JSON.stringify(secret('Newer')));
    await reader.read();
    reader.forget();
    expect(await reader.read()).toEqual(secret('Newer'));
    expect(state.fetches).toBe(2);
  });

  test('goes on with a rejected secret where no newer one can be had: the other users keys may be good', async () => {
    const { reader } = reading(text, new SecretError('no network'));
    await reader.read();
    reader.forget();
    expect(await reader.read()).toEqual(secret());
  });

  test('does not keep a secret that was rejected while it was under way', async () => {
    const { reader, state } = reading(text, JSON.stringify(secret('Newer')));
    const first = reader.read();
    reader.forget();
    expect(await first).toEqual(secret());
    expect(await reader.read()).toEqual(secret('Newer'));
    expect(state.fetches).toBe(2);
  });
});

describe('Secrets Manager', () => {
  /** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
  interface Answer {
    readonly status: number;
    readonly body: string;
  }
  const marked = 'FAKEMARKEDSECRETVALUE';
  let answer: Answer;
  let asked: { target: string | undefined; body: unknown }[];
  let client: SecretsManagerClient;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const app = new Hono();
    app.post('/', async (c) => {
      asked.push({ target: c.req.header('x-amz-target'), body: await c.req.json() });
      return c.body(answer.body, answer.status as 200, { 'content-type': 'application/x-amz-json-1.1' });
    });
    const server = await serve(app);
    close = server.close;
    client = clientOf(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await close();
  });

  const clientOf = (endpoint: string) =>
    new SecretsManagerClient({
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'FAKEACCESSKEY', secretAccessKey: 'FAKEMARKEDACCESSSECRET' },
      maxAttempts: 1,
    });

  const fetchWith = (given: Answer) => {
    answer = given;
    asked = [];
    return fetchFromSecretsManager(client, 'trading-alerts')();
  };
  const refusal = (name: string): Answer => ({
    status: 400,
    body: JSON.stringify({ __type: name, message: `${name} about ${marked}` }),
  });

  test('gives the text of the secret, asked for by its id', async () => {
    const given = { status: 200, body: JSON.stringify({ Name: 'trading-alerts', SecretString: text }) };
    expect(await fetchWith(given)).toBe(text);
    expect(asked).toEqual([{ target: 'secretsmanager.GetSecretValue', body: { SecretId: 'trading-alerts' } }]);
  });

  const failures: { name: string; given: Answer; message: string }[] = [
    {
      name: 'no such secret',
      given: refusal('ResourceNotFoundException'),
      message:
        'there is no secret "trading-alerts" with a value in this account and region; create it, or set SECRET_ID and AWS_REGION to where it is',
    },
    {
      name: 'no right to read it',
      given: refusal('AccessDeniedException'),
      message:
        'AWS does not let this program read the secret "trading-alerts"; allow secretsmanager:GetSecretValue on it, and kms:Decrypt where it has a key of its own',
    },
    {
      name: 'a KMS key that is off',
      given: refusal('DecryptionFailure'),
      message: 'Secrets Manager cannot decrypt the secret "trading-alerts"; check that its KMS key is enabled',
    },
    {
      name: 'a secret scheduled for deletion',
      given: refusal('InvalidRequestException'),
      message:
        'Secrets Manager does not give the secret "trading-alerts" in its present state; where it is scheduled for deletion, restore it',
    },
    {
      name: 'wrong credentials',
      given: refusal('InvalidSignatureException'),
      message:
        'AWS credentials are missing or not accepted (InvalidSignatureException), so the secret "trading-alerts" cannot be read; sign in, or check the function\'s role and the clock',
    },
    ...['ExpiredTokenException', 'ExpiredToken'].map((name) => ({
      name: `an expired sign-in, as ${name},`,
      given: refusal(name),
      message:
        'the AWS sign-in has expired, so the secret "trading-alerts" cannot be read; sign in again: aws sso login',
    })),
    {
      name: 'a service out of order',
      given: { status: 500, body: JSON.stringify({ __type: 'InternalServiceError', message: marked }) },
      message:
        'Secrets Manager did not give the secret "trading-alerts" (InternalServiceError); where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
    },
    {
      name: 'an answer that breaks off within the secret',
      given: { status: 200, body: `{"SecretString": "${marked}` },
      message:
        'Secrets Manager did not give the secret "trading-alerts" (SyntaxError); where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
    },
    {
      name: 'a binary secret',
      given: { status: 200, body: JSON.stringify({ SecretBinary: Buffer.from(marked).toString('base64') }) },
      message: 'the secret "trading-alerts" is binary; store it again as text that holds the JSON',
    },
  ];

  test.each(failures)('$name is told in plain words, without a trace of the secret', async ({ given, message }) => {
    const error = await fetchWith(given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretError);
    expect((error as SecretError).message).toBe(message);
    expect((error as SecretError).cause === undefined).toBe(true);
    expect(leaked(error, [marked, Buffer.from(marked).toString('base64'), 'FAKEMARKEDACCESSSECRET'])).toEqual([]);
  });

  test('an address where nobody answers is told in plain words', async () => {
    const gone = await serve(new Hono());
    await gone.close();
    const error = await fetchFromSecretsManager(clientOf(gone.url), 'trading-alerts')().catch(
      (thrown: unknown) => thrown,
    );
    // Jest's own globals hide the code from the SDK: there, the name of the wrapping error is all that is left.
    expect(error).toBeInstanceOf(SecretError);
    expect(String(error)).toMatch(
      /^SecretError: Secrets Manager did not give the secret "trading-alerts" \((ECONNREFUSED|Error)\); where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER$/,
    );
  });

  test('a silent service is given up after the time limit', async () => {
    const app = new Hono();
    app.all('*', () => new Promise<Response>(() => undefined));
    const server = await serve(app);
    const silent = clientOf(server.url);
    const error = await Promise.race([
      fetchFromSecretsManager(silent, 'trading-alerts', 20)().catch((thrown: unknown) => thrown),
      new Promise((resolve) => setTimeout(resolve, 2_000, 'still waiting').unref()),
    ]);
    silent.destroy();
    await server.close();
    expect(String(error)).toBe(
      'SecretError: Secrets Manager did not answer in time for the secret "trading-alerts"; where that stays so, check the network and AWS_ENDPOINT_URL_SECRETS_MANAGER',
    );
  });
});
