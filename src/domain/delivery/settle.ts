import type { Delivery } from '../alert.js';
import { cutText } from '../cut-text.js';
import { nextAttemptAt } from './backoff.js';
import { type ChannelDelivery, firstAcceptedAt, type OpenChannel, openChannels, triedForMs } from './channel.js';
import { failureText, isAccountWait, type SendFailure, type SendOutcome } from './outcome.js';

/** What became of an attempt; without time nothing was sent. */
export type Tried = SendOutcome | { readonly kind: 'no-time' };

/** One channel's attempt, with what there is to say of it. */
export interface Attempt {
  readonly channel: string;
  readonly tried: Tried;
  /** Until when the channel's whole account waits (ms), where it does. */
  readonly accountWaitUntil: number | undefined;
}

const longestError = 300;
const noTimeText = 'the run had no time left for the push';

function failed(open: OpenChannel, failure: SendFailure, attempts: number, now: number): ChannelDelivery {
  return {
    channel: open.channel,
    state: failure.kind === 'rejected' ? 'refused' : 'waiting',
    isPossibleRepeat: open.isPossibleRepeat || failure.kind === 'unknown',
    // A refill or a new key ends the account's wait for all.
    nextAttemptAt: isAccountWait(failure) ? undefined : nextAttemptAt(failure, attempts, now),
    lastError: cutText(failureText(failure), longestError),
  };
}

function after(open: OpenChannel, { tried }: Attempt, attempts: number, now: number): ChannelDelivery {
  const { channel } = open;
  if (tried.kind === 'accepted') return { channel, state: 'accepted', at: now, receipt: tried.receipt };
  // The next run may send at once, and it is no repeat.
  if (tried.kind === 'no-time') return { ...open, state: 'waiting', nextAttemptAt: now, lastError: noTimeText };
  return failed(open, tried, attempts, now);
}

/**
 * Once a channel has accepted, until when the others are tried (ms): for an hour, and not past the next arming. Undefined
 * while nobody was told.
 */
export function giveUpAt(
  { channels, claimedAt }: Pick<Delivery, 'channels' | 'claimedAt'>,
  armsAgainAfterMs: number | undefined,
): number | undefined {
  const acceptedAt = firstAcceptedAt(channels);
  if (acceptedAt === undefined) return undefined;
  const armsAgainAt = armsAgainAfterMs === undefined ? Number.POSITIVE_INFINITY : claimedAt + armsAgainAfterMs;
  return Math.min(acceptedAt + triedForMs, armsAgainAt);
}

/** The channels as the attempts of a run left them. What would be tried again only too late is given up. */
export function settle(
  { channels, attempts, claimedAt }: Pick<Delivery, 'channels' | 'attempts' | 'claimedAt'>,
  tries: readonly Attempt[],
  { now, armsAgainAfterMs }: { now: number; armsAgainAfterMs: number | undefined },
): readonly ChannelDelivery[] {
  const attemptOn = new Map(tries.map((each) => [each.channel, each]));
  const tried = channels.map((each) => {
    const attempt = attemptOn.get(each.channel);
    return attempt === undefined || (each.state !== 'waiting' && each.state !== 'refused')
      ? each
      : after(each, attempt, attempts, now);
  });
  const until = giveUpAt({ channels: tried, claimedAt }, armsAgainAfterMs);
  if (until === undefined) return tried;
  return tried.map((each) => {
    const attempt = attemptOn.get(each.channel);
    if (each.state !== 'waiting' || attempt?.tried.kind === 'no-time') return each;
    const next = Math.max(now, each.nextAttemptAt ?? attempt?.accountWaitUntil ?? now);
    return next < until ? each : { channel: each.channel, state: 'given-up', lastError: each.lastError };
  });
}

/** Somebody was told, and nothing is left to try. */
export const isSettled = (channels: readonly ChannelDelivery[]): boolean =>
  firstAcceptedAt(channels) !== undefined && openChannels(channels).length === 0;
