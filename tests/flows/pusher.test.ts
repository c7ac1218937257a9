import { describe, expect, test } from '@jest/globals';
import type { AccountWait } from '../../src/domain/delivery/backoff.js';
import type { Notification } from '../../src/domain/delivery/notification.js';
import type { SendOutcome } from '../../src/domain/delivery/outcome.js';
import type { Notifiers } from '../../src/flows/ports/notifiers.js';
import { createPusher } from '../../src/flows/pusher.js';
import { at } from '../support/builders.js';

const now = at('12:00');
const problem = { detail: 'in its own words', remedy: '' };
const accepted: SendOutcome = { kind: 'accepted', receipt: undefined };
const usedUp = { kind: 'quota-exceeded', whose: 'account', resetsAt: undefined } as const;
const quota: SendOutcome = { ...usedUp, accountFingerprint: 'old', problem };
const unknown: SendOutcome = { kind: 'unknown', until: undefined, problem };
const refusedUser: SendOutcome = { kind: 'rejected', whose: 'user', isGone: false, problem };
const due: AccountWait = { retryAt: now, fingerprint: 'old', detail: 'used up' };
const waiting: AccountWait = { ...due, retryAt: now + 1 };

/** Answers when and how the test says. */
function stage(
  known?: AccountWait,
  fingerprint: () => Promise<string | undefined> = async () => 'old',
  per: 'account' | 'address' = 'account',
) {
  const open: { to: string; answer: (sent: SendOutcome) => void }[] = [];
  const notifiers: Pick<Notifiers, 'connections' | 'send' | 'accountFingerprint'> = {
    connections: () => ({ allowed: 2, per }),
    accountFingerprint: fingerprint,
    send: (channel, user) =>
      new Promise((answer) => open.push({ to: channel === 'phone' ? user : `${channel} ${user}`, answer })),
  };
  const state = { hasTime: true };
  const pusher = createPusher(
    { notifiers: notifiers as Notifiers, now: () => now },
    { hasTime: () => state.hasTime },
    known === undefined ? {} : { phone: known },
  );
  const settled = () => new Promise(setImmediate);
  const pushOn = (channel: string, ...users: string[]) =>
    Promise.all(users.map((user) => pusher.push(channel, user, () => ({}) as Notification)));
  return {
    pusher,
    state,
    pushOn,
    push: (...users: string[]) => pushOn('phone', ...users),
    /** Who is being sent to right now. */
    async sending() {
      await settled();
      return open.map(({ to }) => to);
    },
    async answer(sent: SendOutcome) {
      await settled();
      open.shift()?.answer(sent);
    },
  };
}

describe('the first', () => {
  test('of all goes ahead alone, then the first of each user, then two at a time', async () => {
    const { push, sending, answer } = stage();
    const all = push('dmitry', 'dmitry', 'anna', 'dmitry');
    expect(await sending()).toEqual(['dmitry']);
    await answer(accepted);
    expect(await sending()).toEqual(['dmitry', 'anna']);
    await answer(accepted);
    expect(await sending()).toEqual(['anna', 'dmitry']);
    await answer(accepted);
    await answer(accepted);
    expect(await all).toEqual(Array(4).fill(accepted));
  });

  test('of a user makes nothing of another user wait for a connection', async () => {
    const { push, sending, answer } = stage();
    const all = push('dmitry', 'anna', 'anna', 'dmitry');
    await answer(accepted);
    expect(await sending()).toEqual(['anna', 'dmitry']);
    for (let each = 0; each < 3; each += 1) await answer(accepted);
    expect(await all).toEqual(Array(4).fill(accepted));
  });

  test('without an answer makes nobody else wait for his turn', async () => {
    const { push, sending, answer } = stage();
    const all = push('dmitry', 'dmitry', 'dmitry');
    await answer(unknown);
    expect(await sending()).toEqual(['dmitry', 'dmitry']);
    await answer(accepted);
    await answer(accepted);
    expect(await all).toEqual([unknown, accepted, accepted]);
  });

  test('that is refused speaks for all of its user and for nobody else', async () => {
    const { push, sending, answer } = stage();
    const all = push('dmitry', 'dmitry', 'anna');
    await answer(refusedUser);
    expect(await sending()).toEqual(['anna']);
    await answer(accepted);
    expect(await all).toEqual([refusedUser, refusedUser, accepted]);
  });

  test('is not sent where the time is up, nor are those that waited for it', async () => {
    const { push, state, answer } = stage();
    const all = push('dmitry', 'dmitry');
    await answer(unknown);
    state.hasTime = false;
    expect(await all).toEqual([unknown, { kind: 'no-time' }]);
  });
});

describe('a used-up quota', () => {
  test('that is met while another notification is under way stays used up when that one is accepted', async () => {
    const { push, pusher, answer } = stage();
    const first = push('dmitry');
    await answer(accepted);
    await first;
    const all = push('dmitry', 'dmitry', 'dmitry');
    await answer(quota);
    await answer(accepted);
    expect(await all).toEqual([quota, accepted, expect.objectContaining({ kind: 'quota-exceeded' })]);
    expect(pusher.accountWaits()).toEqual({
      phone: { retryAt: now + 3_600_000, fingerprint: 'old', detail: 'in its own words' },
    });
    expect(await pusher.isWaiting('phone')).toBe(true);
  });

  test.each<{ name: string; known: AccountWait; fingerprint: () => Promise<string | undefined>; expected: boolean }>([
    { name: 'not yet due is waited for', known: waiting, fingerprint: async () => 'old', expected: true },
    { name: 'of another token is not', known: waiting, fingerprint: async () => 'new', expected: false },
    { name: 'without any token is', known: waiting, fingerprint: async () => undefined, expected: true },
    {
      name: 'of a token that cannot be read is',
      known: waiting,
      fingerprint: () => Promise.reject(new Error('no secret')),
      expected: true,
    },
    { name: 'that is due is not', known: due, fingerprint: async () => 'old', expected: false },
  ])('$name', async ({ known, fingerprint, expected }) => {
    expect(await stage(known, fingerprint).pusher.isWaiting('phone')).toBe(expected);
  });

  test('that is due is asked about with one: without an answer the others wait, and it stays on record', async () => {
    const { push, pusher, sending, answer } = stage(due);
    const all = push('dmitry', 'anna');
    expect(await sending()).toEqual(['dmitry']);
    await answer(unknown);
    expect(await all).toEqual([unknown, expect.objectContaining({ kind: 'quota-exceeded' })]);
    expect(pusher.accountWaits()).toEqual({ phone: due });
  });

  test('that was refilled is forgotten', async () => {
    const { push, pusher, answer } = stage(due);
    const all = push('dmitry');
    await answer(accepted);
    expect(await all).toEqual([accepted]);
    expect(pusher.accountWaits()).toEqual({});
  });
});

describe('another channel', () => {
  test('does not wait for one that hangs', async () => {
    const { push, pushOn, sending } = stage();
    void push('dmitry', 'dmitry');
    void pushOn('chat', 'dmitry');
    expect(await sending()).toEqual(['dmitry', 'chat dmitry']);
  });

  test('is sent to though the account of the first waits, and both are on record', async () => {
    const { push, pushOn, pusher, answer } = stage(waiting);
    expect(await push('dmitry')).toEqual([expect.objectContaining({ kind: 'quota-exceeded' })]);
    const sent = pushOn('chat', 'dmitry');
    await answer({ kind: 'rate-limited', whose: 'account', until: now + 7_200_000, problem });
    expect(await sent).toEqual([expect.objectContaining({ kind: 'rate-limited' })]);
    expect(pusher.accountWaits()).toEqual({
      phone: waiting,
      chat: { retryAt: now + 7_200_000, fingerprint: undefined, detail: 'in its own words' },
    });
  });
});

test('where every address has a host of its own, one that hangs holds up nobody else', async () => {
  const { push, sending } = stage(undefined, undefined, 'address');
  void push('dmitry', 'dmitry', 'anna');
  expect(await sending()).toEqual(['dmitry', 'anna']);
});

test('a user who has to wait is not asked again, and nobody waits with him', async () => {
  const { push, answer } = stage();
  const limited: SendOutcome = { kind: 'rate-limited', whose: 'user', until: now + 60_000, problem };
  const all = push('dmitry', 'dmitry', 'anna');
  await answer(limited);
  await answer(accepted);
  expect(await all).toEqual([limited, limited, accepted]);
});
