import { shownTime } from '../message.js';
import type { ChannelDelivery, OpenChannel } from './channel.js';
import type { Attempt } from './settle.js';

/** What is told of one channel. `detail`: why it was not accepted, and when it is tried again. */
export interface ChannelReport {
  readonly channel: string;
  readonly outcome: 'accepted' | 'deferred' | 'rejected' | 'given-up';
  readonly detail?: string;
}

function openDetail(open: OpenChannel, attempt: Attempt | undefined, isOver: boolean, now: number): string {
  const why = open.lastError ?? '';
  if (attempt?.tried.kind === 'no-time') return `${why}; the next run sends it`;
  if (isOver) return why;
  const next = open.nextAttemptAt ?? Math.max(attempt?.accountWaitUntil ?? 0, now);
  return `${why}; tried again from ${shownTime(next, now)} on`;
}

/** The channels as the attempts of a run left them. */
export function channelReports(
  channels: readonly ChannelDelivery[],
  tries: readonly Attempt[],
  now: number,
): readonly ChannelReport[] {
  const hasAccepted = channels.some(({ state }) => state === 'accepted');
  return channels.map((each): ChannelReport => {
    const { channel } = each;
    switch (each.state) {
      case 'accepted':
        return { channel, outcome: 'accepted' };
      case 'given-up':
        return { channel, outcome: 'given-up', ...(each.lastError !== undefined && { detail: each.lastError }) };
      default: {
        const attempt = tries.find((tried) => tried.channel === channel);
        const isRefused = each.state === 'refused';
        const detail = openDetail(each, attempt, isRefused && hasAccepted, now);
        return { channel, outcome: isRefused ? 'rejected' : 'deferred', detail };
      }
    }
  });
}

/** Of all channels together: pending while one of them is, and else accepted where one accepted. */
export function outcomeOf(reports: readonly ChannelReport[]): 'accepted' | 'deferred' | 'rejected' {
  const has = (outcome: ChannelReport['outcome']) => reports.some((each) => each.outcome === outcome);
  if (has('deferred')) return 'deferred';
  return has('accepted') ? 'accepted' : 'rejected';
}
