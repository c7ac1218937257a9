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
  const cases: readonly [name: string, error: PushError, attempts: number, waitMs: number][] = [
    ['a refused request rests', rejected, 1, 15 * minutes],
    ['twice as long each time', rejected, 2, 30 * minutes],
    ['up to an hour', rejected, 3, hours],
    ['for ever', rejected, 1_000_000, hours],
    ['whatever was refused: the token', { ...rejected, whose: 'token' }, 1, 15 * minutes],
    ['whatever was refused: the message', { ...rejected, whose: 'message' }, 1, 15 * minutes],
    ['an unknown outcome waits five seconds', unknown, 1, 5 * seconds],
    ['then ten', unknown, 2, 10 * seconds],
    ['up to the last doubling', unknown, 8, 640 * seconds],
    ['then a quarter of an hour', unknown, 9, 15 * minutes],
    ['for ever', unknown, 1_000_000, 15 * minutes],
    ['a used-up quota waits for its reset', quota(now + hours - 1), 1, hours - 1],
    ['but an hour at the latest, since it may be refilled before', quota(now + 9 * 24 * hours), 1, hours],
    ['and no more than that where the reset is the next moment', quota(now + 1), 7, 1],
    ['a reset that is now has not helped', quota(now), 1, hours],
    ['nor has one in the past', quota(now - 1), 1, hours],
    ['an unknown reset is tried hourly', quota(undefined), 3, hours],
  ];
  test.each(cases.map(([name, error, attempts, waitMs]) => ({ name, error, attempts, waitMs })))(
    '$error.kind, attempt $attempts: $name',
    ({ error, attempts, waitMs }) => expect(nextAttemptAt(error, attempts, now)).toBe(now + waitMs),
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
