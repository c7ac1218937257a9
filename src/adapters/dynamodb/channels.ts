import * as v from 'valibot';
import type { ChannelDelivery } from '../../domain/delivery/channel.js';
import { Instant, instantText } from './instant.js';

/** The one channel of the first version, whose items say nothing of channels. */
export const firstChannel = 'pushover';

const open = {
  channel: v.string(),
  again: v.optional(v.literal(true)),
  next: v.optional(Instant),
  error: v.optional(v.string()),
};
const Channel = v.variant('state', [
  v.object({ ...open, state: v.picklist(['waiting', 'refused']) }),
  v.object({ channel: v.string(), state: v.literal('accepted'), at: Instant, receipt: v.optional(v.string()) }),
  v.object({ channel: v.string(), state: v.literal('given-up'), error: v.optional(v.string()) }),
]);

/** As text: conditions of the embedded DynamoDB compare no lists, and ours look for the whole state. */
export const Channels = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(Channel),
  v.minLength(1),
  v.transform((channels) =>
    channels.map((stored): ChannelDelivery => {
      const { channel } = stored;
      switch (stored.state) {
        case 'accepted':
          return { channel, state: 'accepted', at: stored.at, receipt: stored.receipt };
        case 'given-up':
          return { channel, state: 'given-up', lastError: stored.error };
        default:
          return {
            channel,
            state: stored.state,
            isPossibleRepeat: stored.again === true,
            nextAttemptAt: stored.next,
            lastError: stored.error,
          };
      }
    }),
  ),
);

function storedChannel(each: ChannelDelivery): object {
  const { channel, state } = each;
  switch (each.state) {
    case 'accepted':
      return { channel, state, at: instantText(each.at), receipt: each.receipt };
    case 'given-up':
      return { channel, state, error: each.lastError };
    default:
      return {
        channel,
        state,
        again: each.isPossibleRepeat || undefined,
        next: instantText(each.nextAttemptAt),
        error: each.lastError,
      };
  }
}

/** All that there is to say of the first version's one channel stands in the item's other attributes, while it is open. */
const isPlain = ([only, ...others]: readonly ChannelDelivery[]): boolean =>
  others.length === 0 && only?.channel === firstChannel && (only.state === 'waiting' || only.state === 'refused');

export const channelsText = (channels: readonly ChannelDelivery[] | undefined): string | undefined =>
  channels === undefined || isPlain(channels) ? undefined : JSON.stringify(channels.map(storedChannel));
