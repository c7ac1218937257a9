import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { type TestPushOptions, type TestPushResult, testPush } from '../../src/cli/test-push-command.js';
import { readConfig } from '../../src/config.js';
import { openClinic, setEnvironment } from '../support/doctor.js';
import { leaked } from '../support/fake-secret.js';
import { oneForAll } from '../support/lifetime.js';
import { runProgram } from '../support/program.js';

const clinic = oneForAll(openClinic);
const said: { result: unknown; secrets: string[] }[] = [];

beforeEach(async () => {
  await clinic.heal();
  clinic.simulators.pushover.received.length = 0;
});

const now = Date.UTC(2026, 10, 20, 14, 3, 7);
const simulatedOrigins = () => ({ ...readConfig(clinic.environment).notifierOrigins });

async function push(user: string, options: TestPushOptions = {}): Promise<TestPushResult> {
  setEnvironment(clinic.environment);
  const config = { secretId: 'trading-alerts', notifierOrigins: simulatedOrigins() };
  const secretsFile = join(clinic.folder, 'secrets.json');
  const outside = { config, environment: clinic.environment, secretsFile, now };
  try {
    const result = await testPush(user, options, outside);
    said.push({ result, secrets: clinic.secrets() });
    return result;
  } catch (error) {
    said.push({ result: error, secrets: clinic.secrets() });
    throw error;
  }
}

const received = () =>
  clinic.simulators.pushover.received.map(({ user, title, message }) => ({ user, title, message }));

test.each<{ name: string; options: TestPushOptions }>([
  { name: 'secrets.json', options: {} },
  { name: 'Secrets Manager', options: { aws: true } },
])('one message goes out with the key from $name', async ({ options }) => {
  expect(await push('dmitry', options)).toEqual({
    isAccepted: true,
    text: 'Pushover accepted the message for dmitry; look at the phone',
  });
  expect(received()).toEqual([
    {
      user: clinic.simulators.secret.pushover_users.dmitry,
      title: 'trading-alerts: test',
      message: 'It works: alerts for "dmitry" arrive here. Sent 2026-11-20 14:03:07 UTC.',
    },
  ]);
  expect(clinic.simulators.traffic.secretsManager.requests).toHaveLength(options.aws ? 1 : 0);
});

test.each(['boris', 'Dmitry', 'constructor', ''])('there is no user %j, and nothing is sent', async (user) => {
  expect(await push(user)).toEqual({
    isAccepted: false,
    text: 'there is no such user in the secret; it has default, dmitry',
  });
  expect(clinic.simulators.traffic.pushover.requests).toEqual([]);
});

test('a key in the place of a name is not repeated', async () => {
  const { text } = await push(clinic.simulators.secret.pushover_users.dmitry ?? '');
  expect(text).toBe('there is no such user in the secret; it has default, dmitry');
});

test.each<[name: string, spoil: () => unknown, text: string]>([
  [
    'a token that Pushover does not know',
    () => Object.assign(clinic.simulators.pushover, { token: 'another' }),
    'Pushover refuses the application (application token is invalid); correct pushover_api_token in the secret',
  ],
  [
    'a key that Pushover does not know',
    () => clinic.simulators.pushover.users.clear(),
    "Pushover refuses the user's key (user identifier is not a valid user, group, or subscribed user key, see …); correct pushover_users.dmitry in the secret",
  ],
  [
    'a quota that is used up',
    () => Object.assign(clinic.simulators.pushover, { remaining: 0 }),
    "Pushover's monthly quota is used up; buy more messages, or wait for its reset",
  ],
  [
    'an answer that is lost',
    () => Object.assign(clinic.simulators.traffic.pushover, { fault: () => ({ outcome: 'lose-answer' }) }),
    'Pushover did not answer (the connection failed (ECONNRESET)), so the message may have arrived or not',
  ],
])('%s is said, and nothing is sent twice', async (_name, spoil, text) => {
  spoil();
  expect(await push('dmitry')).toEqual({ isAccepted: false, text });
  expect(clinic.simulators.traffic.pushover.requests).toHaveLength(1);
});

test('without secrets.json it says how to make it', async () => {
  await rm(join(clinic.folder, 'secrets.json'));
  await expect(push('dmitry')).rejects.toThrow(
    /^there is no .*secrets\.json; trading-alerts secret --out .*secrets\.json makes it$/,
  );
});

test('without a secret in Secrets Manager it says so, by the name that was asked for', async () => {
  await expect(push('dmitry', { aws: true, secret: 'other' })).rejects.toThrow(
    'there is no secret "other" with a value in this account and region; create it',
  );
});

test('without a region it says which variable to set', async () => {
  clinic.environment.AWS_REGION = undefined;
  await expect(push('dmitry', { aws: true })).rejects.toThrow('no AWS region is set; set AWS_REGION or give --region');
});

test('the command answers with its exit code', async () => {
  const environment = { PUSHOVER_BASE_URL: clinic.environment.PUSHOVER_BASE_URL };
  const run = (user: string) => runProgram(['test-push', user], { folder: clinic.folder, environment });
  expect(await run('dmitry')).toEqual({
    code: 0,
    stdout: 'Pushover accepted the message for dmitry; look at the phone\n',
    stderr: '',
  });
  expect(await run('boris')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'there is no such user in the secret; it has default, dmitry\n',
  });
});

test('an expired sign-in of aws sso login is told as one, by the doctor too', async () => {
  const session = 'own';
  const cache = join(clinic.folder, '.aws', 'sso', 'cache');
  await mkdir(cache, { recursive: true });
  const expired = { accessToken: 'fake', expiresAt: '2020-01-01T00:00:00Z', startUrl: 'https://127.0.0.1:1/start' };
  const nameOf = (text: string) => `${createHash('sha1').update(text).digest('hex')}.json`;
  await clinic.write(join('.aws', 'sso', 'cache', nameOf(session)), JSON.stringify(expired));
  await clinic.write(
    join('.aws', 'config'),
    `[default]
sso_session = ${session}
sso_account_id = 000000000000
sso_role_name = reader
[sso-session ${session}]
sso_region = eu-central-1
sso_start_url = https://127.0.0.1:1/start
`,
  );
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } =
    clinic.environment;
  const environment = { ...rest, HOME: clinic.folder };
  const run = (...words: string[]) => runProgram(words, { folder: clinic.folder, environment });
  expect((await run('test-push', 'dmitry', '--aws')).stderr).toBe(
    'the AWS sign-in has expired, so the secret "trading-alerts" cannot be read; sign in again: aws sso login\n',
  );
  expect((await run('doctor', '--aws')).stdout).toMatch(
    /✗ credentials +the sign-in has expired\n +→ sign in again: aws sso login\n/,
  );
});

test('no key or token was in anything that was said above', () => {
  expect(said.length).toBeGreaterThan(10);
  expect(said.flatMap(({ result, secrets }) => leaked(result, secrets))).toEqual([]);
});
