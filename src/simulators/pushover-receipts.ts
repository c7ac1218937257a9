/** An urgent push that rings until somebody acknowledges it. Instants in s since 1970. */
export interface UrgentPush {
  readonly receipt: string;
  readonly user: string;
  readonly tags: readonly string[];
  readonly sentAt: number;
  readonly retrySeconds: number;
  /** Moved to now by a cancel. */
  expiresAt: number;
  /** Set by a test, as the user's thumb would; 0 until then. */
  acknowledgedAt: number;
}

/** "limited to 50 retries regardless of the expire value". https://pushover.net/api#priority */
const mostRepeats = 50;

export function createUrgentPush(fields: Readonly<Record<string, string>>, receipt: string, now: number): UrgentPush {
  return {
    receipt,
    user: fields.user ?? '',
    // `tag` is no parameter, and ignored.
    tags: (fields.tags ?? '').split(',').filter((tag) => tag !== ''),
    sentAt: now,
    retrySeconds: Number(fields.retry),
    expiresAt: now + Number(fields.expire),
    acknowledgedAt: 0,
  };
}

const isRinging = (push: UrgentPush, now: number): boolean => push.acknowledgedAt === 0 && now < push.expiresAt;

/** https://pushover.net/api/receipts */
export function receiptBody(push: UrgentPush, now: number): object {
  const { sentAt, retrySeconds, expiresAt, acknowledgedAt, user } = push;
  const isAcknowledged = acknowledgedAt > 0;
  const rangUntil = Math.min(now, expiresAt, isAcknowledged ? acknowledgedAt : now);
  const repeats = Math.min(mostRepeats, Math.max(0, Math.floor((rangUntil - sentAt) / retrySeconds)));
  return {
    acknowledged: isAcknowledged ? 1 : 0,
    acknowledged_at: acknowledgedAt,
    acknowledged_by: isAcknowledged ? user : '',
    acknowledged_by_device: isAcknowledged ? 'phone' : '',
    last_delivered_at: sentAt + repeats * retrySeconds,
    // As in the one real body there is, also where it was acknowledged in time.
    expired: isAcknowledged || now >= expiresAt ? 1 : 0,
    expires_at: expiresAt,
    called_back: 0,
    called_back_at: 0,
  };
}

/** How many of them were still ringing. */
export function cancelPushes(pushes: readonly UrgentPush[], now: number): number {
  const ringing = pushes.filter((push) => isRinging(push, now));
  for (const push of ringing) push.expiresAt = now;
  return ringing.length;
}
