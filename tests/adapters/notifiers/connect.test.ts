import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createNotifiers, type Notifiers, type NotifiersSettings } from '../../../src/adapters/notifiers/connect.js';
import { parseKeys } from '../../../src/adapters/notifiers/keys-text.js';
import { channelNames, notifierOrigins } from '../../../src/adapters/notifiers/registry.js';
import { createTransport, type Transport } from '../../../src/adapters/notifiers/transport.js';
import { SecretError } from '../../../src/adapters/secret-error.js';
import { type DiscordState, discordLimits, discordSimulator } from '../../../src/simulators/discord.js';
import { createGauge, createTraffic, enter } from '../../../src/simulators/faults.js';
import { type Served, serveSimulator } from '../../../src/simulators/loopback.js';
import { type PushoverState, pushoverSimulator } from '../../../src/simulators/pushover.js';
import { fakeKey } from '../../support/fake-secret.js';
import { notification, now } from './contract.js';

const token = fakeKey('Token');
const dmitry = fakeKey('Dmitry');
const anna = fakeKey('Anna');

const pushover: PushoverState = {
  token,
  users: new Set([dmitry, anna]),
  received: [],
  urgent: new Map(),
  limit: 99_999,
  remaining: 99_999,
  resetsAt: 0,
};
const discord: DiscordState = {
  webhooks: new Map(),
  received: [],
  limits: { ...discordLimits, webhook: { most: 99, perMs: 1 } },
  globalWaitSeconds: undefined,
};
const traffic = { pushover: createTraffic(), discord: createTraffic() };
let served: { pushover: Served; discord: Served };
let secretText: string;
let forgotten: number;

beforeAll(async () => {
  served = {
    pushover: await serveSimulator(
      pushoverSimulator(pushover, traffic.pushover, () => now),
      traffic.pushover,
    ),
    discord: await serveSimulator(
      discordSimulator(discord, traffic.discord, () => now),
      traffic.discord,
    ),
  };
});
afterAll(() => Promise.all([served.pushover.close(), served.discord.close()]));
beforeEach(() => {
  const hook = (id: number) => `${served.discord.url}/api/webhooks/${id}/FAKEtoken`;
  secretText = JSON.stringify({
    pushover: { token },
    users: { dmitry: { pushover: dmitry, discord: hook(1) }, anna: { pushover: anna, discord: hook(2) } },
  });
  discord.webhooks.set('1', { token: 'FAKEtoken' });
  discord.webhooks.set('2', { token: 'FAKEtoken' });
  for (const each of Object.values(traffic)) {
    each.fault = () => undefined;
    each.requests.length = 0;
    Object.assign(each.requestsAtOnce, { now: 0, most: 0 });
  }
  pushover.received.length = 0;
  forgotten = 0;
});

const connect = (changes: Partial<NotifiersSettings> = {}): Notifiers =>
  createNotifiers({
    keys: {
      read: async () => parseKeys(secretText),
      forget: () => {
        forgotten += 1;
      },
    },
    transport: createTransport({ timeoutMs: 10_000 }),
    origins: { PUSHOVER_BASE_URL: served.pushover.url },
    now: () => now,
    ...changes,
  });

test('the origins that the environment may replace', () => {
  expect(notifierOrigins).toMatchObject({
    PUSHOVER_BASE_URL: 'https://api.pushover.net',
    TELEGRAM_BASE_URL: 'https://api.telegram.org',
    NTFY_BASE_URL: 'https://ntfy.sh',
  });
});

test('each user has the channels of the secret', async () => {
  expect([...(await connect().users())]).toEqual([
    ['dmitry', ['pushover', 'discord']],
    ['anna', ['pushover', 'discord']],
  ]);
});

test('a message goes to the address of its user on its channel', async () => {
  const notifiers = connect();
  expect(await notifiers.send('pushover', 'anna', notification)).toEqual({ kind: 'accepted', receipt: undefined });
  expect(await notifiers.send('discord', 'dmitry', notification)).toEqual({ kind: 'accepted', receipt: undefined });
  expect(pushover.received.map(({ user }) => user)).toEqual([anna]);
  expect(traffic.discord.requests.map(({ path }) => path)).toEqual(['/api/webhooks/1/FAKEtoken']);
});

test.each(['boris', 'constructor'])('the user %s without a key is told without any request', async (user) => {
  expect(await connect().send('pushover', user, notification)).toEqual({
    kind: 'rejected',
    whose: 'user',
    isGone: false,
    problem: {
      detail: `there is no key for "${user}" on pushover in the secret`,
      remedy: 'add it under users in the secret',
    },
  });
  expect([traffic.pushover.requests, forgotten]).toEqual([[], 1]);
});

test('a refused key is named by its place, and the secret read again; a refused message is not', async () => {
  const notifiers = connect();
  traffic.pushover.fault = () => ({
    outcome: { status: 400, body: { user: 'invalid', errors: ['no such user'], status: 0 } },
  });
  expect(await notifiers.send('pushover', 'dmitry', notification)).toMatchObject({
    problem: {
      detail: "Pushover refuses the user's key (no such user)",
      remedy: 'correct users.dmitry.pushover in the secret',
    },
  });
  expect(forgotten).toBe(1);
  traffic.pushover.fault = () => ({ outcome: { status: 400, body: { errors: ['no'], status: 0 } } });
  expect(await notifiers.send('pushover', 'dmitry', notification)).toMatchObject({ whose: 'message' });
  expect(forgotten).toBe(1);
});

test('an address that is gone is never called again, until the secret holds another', async () => {
  const goneAddresses = new Set<string>();
  const notifiers = connect({ goneAddresses });
  discord.webhooks.delete('1');
  expect(await notifiers.send('discord', 'dmitry', notification)).toMatchObject({ kind: 'rejected', isGone: true });
  expect(await notifiers.send('discord', 'dmitry', notification)).toMatchObject({ kind: 'rejected', isGone: true });
  expect(await connect({ goneAddresses }).send('discord', 'dmitry', notification)).toMatchObject({ kind: 'rejected' });
  expect(traffic.discord.requests).toHaveLength(1);
  expect([...goneAddresses]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  expect(await notifiers.send('discord', 'anna', notification)).toMatchObject({ kind: 'accepted' });
  secretText = secretText.replace('/webhooks/1/', '/webhooks/2/');
  expect(await notifiers.send('discord', 'dmitry', notification)).toMatchObject({ kind: 'accepted' });
});

test('without the secret nothing is sent', async () => {
  const failure = new SecretError('there is no secret "trading-alerts"; create it');
  const keys = { read: () => Promise.reject(failure), forget: () => undefined };
  expect(await connect({ keys }).send('pushover', 'dmitry', notification)).toMatchObject({
    kind: 'rejected',
    whose: 'account',
    problem: { detail: failure.message },
  });
  await expect(connect({ keys }).users()).rejects.toBe(failure);
  expect(traffic.pushover.requests).toEqual([]);
});

test('a channel keeps to its connections, and uses them', async () => {
  const inner = createTransport({ timeoutMs: 10_000 });
  const open = createGauge();
  let release: () => void = () => undefined;
  const secondCame = new Promise<void>((resolve) => {
    release = resolve;
  });
  const transport: Transport = async (request) => {
    enter(open);
    if (open.now === 2) release();
    // How fast an answer comes must not decide how many requests are open.
    await secondCame;
    return inner(request).finally(() => {
      open.now -= 1;
    });
  };
  const notifiers = connect({ transport });
  const sent = await Promise.all(Array.from({ length: 20 }, () => notifiers.send('pushover', 'anna', notification)));
  expect(new Set(sent.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(open.most).toBe(2);
  expect(traffic.pushover.connectionsAtOnce.most).toBeLessThanOrEqual(2);
});

test("one user's webhook that hangs holds up neither another's nor another channel", async () => {
  let release: () => void = () => undefined;
  const hanging = new Promise<void>((resolve) => {
    release = resolve;
  });
  const inner = createTransport({ timeoutMs: 10_000 });
  const transport: Transport = async (request) => {
    if (request.url.pathname.includes('/webhooks/1/')) await hanging;
    return inner(request);
  };
  const notifiers = connect({ transport });
  const held = Array.from({ length: 5 }, () => notifiers.send('discord', 'dmitry', notification));
  expect(await notifiers.send('discord', 'anna', notification)).toMatchObject({ kind: 'accepted' });
  expect(await notifiers.send('pushover', 'dmitry', notification)).toMatchObject({ kind: 'accepted' });
  release();
  expect((await Promise.all(held)).map(({ kind }) => kind)).toEqual(Array(5).fill('accepted'));
});

test('an urgent notification is followed and ended by its channel', async () => {
  const notifiers = connect();
  const sent = await notifiers.send('pushover', 'anna', { ...notification, priority: 'urgent' });
  const receipt = (sent.kind === 'accepted' && sent.receipt) || 'none';
  expect(await notifiers.readReceipt('pushover', receipt)).toEqual({ kind: 'waiting' });
  expect(await notifiers.cancel('pushover', notification.id)).toBe(undefined);
  expect(await notifiers.readReceipt('pushover', receipt)).toEqual({ kind: 'expired' });
  expect(await notifiers.readReceipt('discord', receipt)).toMatchObject({ kind: 'unknown' });
  // Nothing rings on there.
  expect(await notifiers.cancel('discord', notification.id)).toBe(undefined);
});

test('accounts and addresses are checked without a message', async () => {
  const notifiers = connect();
  expect((await notifiers.checkAccount('pushover')).map(({ kind }) => kind)).toEqual(['right', 'right']);
  expect(await notifiers.checkAddress('discord', 'anna')).toEqual({
    kind: 'right',
    detail: 'Discord knows the webhook',
  });
  expect(await notifiers.checkAddress('slack', 'anna')).toMatchObject({ kind: 'wrong' });
  expect(pushover.received).toEqual([]);
});

describe('what is gone beyond this process', () => {
  const keptIn = (items: Set<string>) => ({
    has: async (fingerprint: string) => items.has(fingerprint),
    add: async (fingerprint: string) => void items.add(fingerprint),
  });

  test('an address that another process found gone is not called, and nothing is looked up for a channel that never says so', async () => {
    const items = new Set<string>();
    const lookedUp: string[] = [];
    const keptGone = keptIn(items);
    const watched = {
      ...keptGone,
      has: (fingerprint: string) => {
        lookedUp.push(fingerprint);
        return keptGone.has(fingerprint);
      },
    };
    discord.webhooks.delete('1');
    expect(await connect({ keptGone }).send('discord', 'dmitry', notification)).toMatchObject({ isGone: true });
    const another = connect({ keptGone: watched });
    for (let times = 0; times < 2; times += 1) {
      expect(await another.send('discord', 'dmitry', notification)).toMatchObject({ isGone: true });
      expect(await another.send('discord', 'anna', notification)).toMatchObject({ kind: 'accepted' });
      expect(await another.send('pushover', 'dmitry', notification)).toMatchObject({ kind: 'accepted' });
    }
    expect(traffic.discord.requests).toHaveLength(3);
    expect(lookedUp).toHaveLength(2);
    expect([...items]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  test('where it cannot be read or written, the message goes out, and that is told', async () => {
    const problems: unknown[] = [];
    const failure = new Error('the table does not answer');
    const notifiers = connect({
      keptGone: { has: () => Promise.reject(failure), add: () => Promise.reject(failure) },
      onKeptProblem: (error) => problems.push(error),
    });
    expect(await notifiers.send('discord', 'anna', notification)).toMatchObject({ kind: 'accepted' });
    discord.webhooks.delete('2');
    expect(await notifiers.send('discord', 'anna', notification)).toMatchObject({ isGone: true });
    expect(problems).toEqual([failure, failure, failure]);
  });
});

test('a user of whom nothing is known has a channel that says what is wrong, also without a secret', async () => {
  const notifiers = connect();
  expect(await notifiers.channelsOf('dmitry')).toEqual(['pushover', 'discord']);
  expect(await notifiers.channelsOf('boris')).toEqual(['pushover']);
  const keys = { read: () => Promise.reject(new SecretError('there is none')), forget: () => undefined };
  expect(await connect({ keys }).channelsOf('dmitry')).toEqual(['pushover']);
});

test('a channel that this program no longer knows is refused for good, and nothing is sent', async () => {
  const notifiers = connect();
  const problem = {
    detail: 'this program knows no such channel',
    remedy: `expected one of ${channelNames.join(', ')}`,
  };
  expect(await notifiers.send('carrier pigeon', 'dmitry', notification)).toEqual({
    kind: 'rejected',
    whose: 'user',
    isGone: true,
    problem,
  });
  expect(await notifiers.readReceipt('carrier pigeon', 'r')).toEqual({ kind: 'unknown', problem });
  expect(await notifiers.cancel('carrier pigeon', 'fire-1')).toEqual(problem);
  expect(await notifiers.accountFingerprint('carrier pigeon')).toBeUndefined();
  expect(notifiers.connections('carrier pigeon')).toEqual({ allowed: 1, per: 'account' });
});

test("an account's fingerprint is that of its wait, changes with its token and reads the secret anew", async () => {
  pushover.remaining = 0;
  const notifiers = connect();
  const waiting = await notifiers.send('pushover', 'dmitry', notification);
  pushover.remaining = 99_999;
  const before = await notifiers.accountFingerprint('pushover');
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  expect(waiting).toMatchObject({ kind: 'quota-exceeded', accountFingerprint: before });
  expect(forgotten).toBe(1);
  secretText = secretText.replace(token, fakeKey('SecondToken'));
  expect(await notifiers.accountFingerprint('pushover')).not.toBe(before);
  expect(await notifiers.accountFingerprint('discord')).toBeUndefined();
});
