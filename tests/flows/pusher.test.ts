import { describe, expect, test } from '@jest/globals';
import type { PushError, UsedUpQuota } from '../../src/domain/delivery/backoff.js';
import type { Message } from '../../src/domain/message.js';
import { err, ok, type Result } from '../../src/domain/result.js';
import type { Notifier } from '../../src/flows/ports.js';
import { createPusher } from '../../src/flows/pusher.js';
import { at } from '../support/builders.js';

const now = at('12:00');
const quota: PushError = { kind: 'quota-exceeded', resetsAt: undefined, tokenFingerprint: 'old', detail: 'used up' };
const unknown: PushError = { kind: 'unknown', detail: 'no answer' };
const refusedUser: PushError = { kind: 'rejected', whose: 'user', detail: 'the key of dmitry' };
const due: UsedUpQuota = { retryAt: now, tokenFingerprint: 'old' };
const waiting: UsedUpQuota = { retryAt: now + 1, tokenFingerprint: 'old' };

/** Answers when and how the test says. */
function stage(known?: UsedUpQuota, fingerprint: () => Promise<string | undefined> = async () => 'old') {
  const open: { user: string; answer: (sent: Result<void, PushError>) => void }[] = [];
  const notifier: Notifier = {
    pushesAtATime: 2,
    users: async () => undefined,
    tokenFingerprint: fingerprint,
    push: ({ user }) => new Promise((answer) => open.push({ user, answer })),
  };
  const state = { hasTime: true };
  const pusher = createPusher({ notifier, now: () => now }, { hasTime: () => state.hasTime }, known);
  const message = (user: string): Message => ({ user, title: 'title', text: 'text', timestamp: 0 });
  const settled = () => new Promise(setImmediate);
  return {
    pusher,
    state,
    push: (...users: string[]) => Promise.all(users.map((user) => pusher.push(user, () => message(user)))),
    /** Who is being sent to right now. */
    async sending() {
      await settled();
      return open.map(({ user }) => user);
    },
    async answer(sent: Result<void, PushError>) {
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
    await answer(ok(undefined));
    expect(await sending()).toEqual(['dmitry', 'anna']);
    await answer(ok(undefined));
    expect(await sending()).toEqual(['anna', 'dmitry']);
    await answer(ok(undefined));
    await answer(ok(undefined));
    expect(await all).toEqual(Array(4).fill('accepted'));
  });

  test('without an answer makes nobody else wait for his turn', async () => {
    const { push, sending, answer } = stage();
    const all = push('dmitry', 'dmitry', 'dmitry');
    await answer(err(unknown));
    expect(await sending()).toEqual(['dmitry', 'dmitry']);
    await answer(ok(undefined));
    await answer(ok(undefined));
    expect(await all).toEqual([unknown, 'accepted', 'accepted']);
  });

  test('that is refused speaks for all of its user and for nobody else', async () => {
    const { push, sending, answer } = stage();
    const all = push('dmitry', 'dmitry', 'anna');
    await answer(err(refusedUser));
    expect(await sending()).toEqual(['anna']);
    await answer(ok(undefined));
    expect(await all).toEqual([refusedUser, refusedUser, 'accepted']);
  });

  test('is not sent where the time is up, nor are those that waited for it', async () => {
    const { push, state, answer } = stage();
    const all = push('dmitry', 'dmitry');
    await answer(err(unknown));
    state.hasTime = false;
    expect(await all).toEqual([unknown, 'no-time']);
  });
});

describe('a used-up quota', () => {
  test('that is met while another notification is under way stays used up when that one is accepted', async () => {
    const { push, pusher, answer } = stage();
    const first = push('dmitry');
    await answer(ok(undefined));
    await first;
    const all = push('dmitry', 'dmitry', 'dmitry');
    await answer(err(quota));
    await answer(ok(undefined));
    expect(await all).toEqual([quota, 'accepted', expect.objectContaining({ kind: 'quota-exceeded' })]);
    expect(pusher.usedUpQuota()).toEqual({ retryAt: now + 3_600_000, tokenFingerprint: 'old' });
    expect(await pusher.isWaiting()).toBe(true);
  });

  test.each<{ name: string; known: UsedUpQuota; fingerprint: () => Promise<string | undefined>; expected: boolean }>([
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
    expect(await stage(known, fingerprint).pusher.isWaiting()).toBe(expected);
  });

  test('that is due is asked about with one: without an answer the others wait, and it stays on record', async () => {
    const { push, pusher, sending, answer } = stage(due);
    const all = push('dmitry', 'anna');
    expect(await sending()).toEqual(['dmitry']);
    await answer(err(unknown));
    expect(await all).toEqual([unknown, expect.objectContaining({ kind: 'quota-exceeded' })]);
    expect(pusher.usedUpQuota()).toBe(due);
  });

  test('that was refilled is forgotten', async () => {
    const { push, pusher, answer } = stage(due);
    const all = push('dmitry');
    await answer(ok(undefined));
    expect(await all).toEqual(['accepted']);
    expect(pusher.usedUpQuota()).toBeUndefined();
  });
});
