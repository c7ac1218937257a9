import { hourMs, minuteMs } from '../time.js';

/**
 * A channel's whole account has to wait: kept between runs. `retryAt` in ms; with another account than the one of the
 * fingerprint nobody need wait for it.
 */
export interface AccountWait {
  readonly retryAt: number;
  readonly fingerprint: string | undefined;
  /** For people: what the service said, and what to do. */
  readonly detail: string;
}

/** By channel. */
export type AccountWaits = Readonly<Record<string, AccountWait>>;

/** The part of a failure that decides about the next attempt. Instants in ms. */
type Failure =
  | { readonly kind: 'rejected' }
  | { readonly kind: 'unknown'; readonly until?: number | undefined }
  | { readonly kind: 'rate-limited'; readonly until: number }
  | { readonly kind: 'quota-exceeded'; readonly resetsAt: number | undefined };

/** Longer than the Lambda's timeout, so that a dead run's alerts are taken over and never a live one's. */
export const leaseMs = 180_000;

const doubling = (firstMs: number, longestMs: number, attempts: number): number =>
  Math.min(firstMs * 2 ** Math.min(attempts - 1, 20), longestMs);

/**
 * When to send again after `attempts` tries. Never the same refused request soon (many 4xx in minutes get the address
 * blocked), never sooner than 5 s after an unknown outcome. A wait that the service names is kept to, however long. Nobody
 * tells when a quota is refilled or a key corrected, so both are tried after an hour at the latest.
 */
export function nextAttemptAt(error: Failure, attempts: number, now: number): number {
  switch (error.kind) {
    case 'rejected':
      return now + doubling(15 * minuteMs, hourMs, attempts);
    case 'unknown':
      return Math.max(now + doubling(5_000, 15 * minuteMs, attempts), error.until ?? 0);
    case 'rate-limited':
      return Math.max(now, error.until);
    case 'quota-exceeded': {
      const resetsIn = (error.resetsAt ?? now) - now;
      // A reset that is over has not helped.
      return now + (resetsIn > 0 ? Math.min(resetsIn, hourMs) : hourMs);
    }
  }
}
