/**
 * How Pushover can answer, one kind for each way to go on. https://pushover.net/api#friendly
 * `whose` tells what was refused: the app's token stops every push of the run, a user's key only that user's.
 */
export type PushError =
  | { readonly kind: 'rejected'; readonly whose: 'token' | 'user' | 'message'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'quota-exceeded'; readonly resetsAt: number | undefined; readonly detail: string };

/** Longer than the Lambda's timeout, so that a dead run's alerts are taken over and never a live one's. */
export const leaseMs = 180_000;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const longestMonthMs = 32 * 24 * hourMs;

const doubling = (firstMs: number, longestMs: number, attempts: number): number =>
  Math.min(firstMs * 2 ** Math.min(attempts - 1, 20), longestMs);

/**
 * When to send again after `attempts` tries. Never the same refused request soon (many 4xx in minutes get the address
 * blocked), never sooner than 5 s after an unknown outcome, nothing before the quota's reset.
 */
export function nextAttemptAt(error: PushError, attempts: number, now: number): number {
  switch (error.kind) {
    case 'rejected':
      return now + doubling(15 * minuteMs, 6 * hourMs, attempts);
    case 'unknown':
      return now + doubling(5_000, 15 * minuteMs, attempts);
    case 'quota-exceeded': {
      const resetsIn = (error.resetsAt ?? now) - now;
      // A month's quota resets within the month; a later date is nonsense and must not silence anybody for good.
      return resetsIn > 0 && resetsIn <= longestMonthMs ? now + resetsIn : now + hourMs;
    }
  }
}
