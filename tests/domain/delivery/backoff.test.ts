import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leaseMs, nextAttemptAt } from '../../../src/domain/delivery/backoff.js';
import type { PushError } from '../../support/one-channel.js';

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
const now = Date.UTC(2026, 10, 20, 12);

const rejected: PushError = { kind: 'rejected', whose: 'user', detail: 'user key is invalid' };
const unknown: PushError = { kind: 'unknown', detail: 'no answer within 10000 ms' };
const quota = (resetsAt: number | undefined): PushError => ({
  kind: 'quota-exceeded',
  resetsAt,
  tokenFingerprint: 'fake-mark',
  detail: 'quota',
});

describe('the next attempt', () => {
  test.each<{ name: string; error: PushError; attempts: number; waitMs: number }>([
    { name: 'a refused request rests', error: rejected, attempts: 1, waitMs: 15 * minutes },
    { name: 'twice as long each time', error: rejected, attempts: 2, waitMs: 30 * minutes },
    { name: 'up to an hour', error: rejected, attempts: 3, waitMs: hours },
    { name: 'for ever', error: rejected, attempts: 1_000_000, waitMs: hours },
    {
      name: 'whatever was refused: the token',
      error: { ...rejected, whose: 'token' },
      attempts: 1,
      waitMs: 15 * minutes,
    },
    {
      name: 'whatever was refused: the message',
      error: { ...rejected, whose: 'message' },
      attempts: 1,
      waitMs: 15 * minutes,
    },
    { name: 'an unknown outcome waits five seconds', error: unknown, attempts: 1, waitMs: 5 * seconds },
    { name: 'then ten', error: unknown, attempts: 2, waitMs: 10 * seconds },
    { name: 'up to the last doubling', error: unknown, attempts: 8, waitMs: 640 * seconds },
    { name: 'then a quarter of an hour', error: unknown, attempts: 9, waitMs: 15 * minutes },
    { name: 'for ever', error: unknown, attempts: 1_000_000, waitMs: 15 * minutes },
    { name: 'a used-up quota waits for its reset', error: quota(now + hours - 1), attempts: 1, waitMs: hours - 1 },
    {
      name: 'but an hour at the latest, since it may be refilled before',
      error: quota(now + 9 * 24 * hours),
      attempts: 1,
      waitMs: hours,
    },
    { name: 'and no more than that where the reset is the next moment', error: quota(now + 1), attempts: 7, waitMs: 1 },
    { name: 'a reset that is now has not helped', error: quota(now), attempts: 1, waitMs: hours },
    { name: 'nor has one in the past', error: quota(now - 1), attempts: 1, waitMs: hours },
    { name: 'an unknown reset is tried hourly', error: quota(undefined), attempts: 3, waitMs: hours },
  ])('$error.kind, attempt $attempts: $name', ({ error, attempts, waitMs }) =>
    expect(nextAttemptAt(error, attempts, now)).toBe(now + waitMs),
  );

  test('is never sooner than five seconds after an outcome that is unknown, nor than a quarter of an hour after a refusal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (attempts) => {
        expect(nextAttemptAt(unknown, attempts, now)).toBeGreaterThanOrEqual(now + 5 * seconds);
        expect(nextAttemptAt(rejected, attempts, now)).toBeGreaterThanOrEqual(now + 15 * minutes);
      }),
    );
  });
});

test('a lease lasts three minutes, as the design says', () => expect(leaseMs).toBe(180_000));
