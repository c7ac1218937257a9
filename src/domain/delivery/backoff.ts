import { hourMs, minuteMs } from '../time.js';

/**
 * How Pushover can answer, one kind for each way to go on. https://pushover.net/api#friendly
 * `whose` tells what was refused: the app's token stops every push of the run, a user's key only that user's.
 */
export type PushError =
  | { readonly kind: 'rejected'; readonly whose: 'token' | 'user' | 'message'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | {
      readonly kind: 'quota-exceeded';
      readonly resetsAt: number | undefined;
      readonly tokenFingerprint: string;
      readonly detail: string;
    };

/** Kept between runs, since the whole account waits. `retryAt` in ms; a changed token need not wait for it. */
export interface UsedUpQuota {
  readonly retryAt: number;
  readonly tokenFingerprint: string;
}

/** Longer than the Lambda's timeout, so that a dead run's alerts are taken over and never a live one's. */
export const leaseMs = 180_000;

const doubling = (firstMs: number, longestMs: number, attempts: number): number =>
  Math.min(firstMs * 2 ** Math.min(attempts - 1, 20), longestMs);

/**
 * When to send again after `attempts` tries. Never the same refused request soon (many 4xx in minutes get the address
 * blocked), never sooner than 5 s after an unknown outcome. Nobody tells when a quota is refilled or a key corrected,
 * so both are tried after an hour at the latest.
 */
export function nextAttemptAt(error: PushError, attempts: number, now: number): number {
  switch (error.kind) {
    case 'rejected':
      return now + doubling(15 * minuteMs, hourMs, attempts);
    case 'unknown':
      return now + doubling(5_000, 15 * minuteMs, attempts);
    case 'quota-exceeded': {
      const resetsIn = (error.resetsAt ?? now) - now;
      // A reset that is over has not helped.
      return now + (resetsIn > 0 ? Math.min(resetsIn, hourMs) : hourMs);
    }
  }
}
