import { cutText } from '../cut-text.js';
import { hourMs } from '../time.js';

/** What a channel still has to be tried for. Instants in ms. */
interface Open {
  /** An earlier attempt may have arrived, so the next message says "possible repeat", on this channel only. */
  readonly isPossibleRepeat: boolean;
  /** Undefined while a run has it under way, and where the channel's whole account waits. */
  readonly nextAttemptAt: number | undefined;
  readonly lastError: string | undefined;
}

/** Where a claimed notification stands on one of its user's channels. */
export type ChannelDelivery = { readonly channel: string } & (
  | ({
      /** `refused` for good: it holds up no commit, and is tried again only while no other channel has accepted. */
      readonly state: 'waiting' | 'refused';
    } & Open)
  | { readonly state: 'accepted'; readonly at: number; readonly receipt: string | undefined }
  /** Another channel has accepted, and this one was tried for long enough. */
  | { readonly state: 'given-up'; readonly lastError: string | undefined }
);

export type OpenChannel = Extract<ChannelDelivery, Open>;

export const newChannel = (channel: string): OpenChannel => ({
  channel,
  state: 'waiting',
  isPossibleRepeat: false,
  nextAttemptAt: undefined,
  lastError: undefined,
});

/** Once one channel has accepted, how long the others are tried. */
export const triedForMs = hourMs;

export const firstAcceptedAt = (channels: readonly ChannelDelivery[]): number | undefined =>
  channels.reduce<number | undefined>(
    (first, each) => (each.state === 'accepted' ? Math.min(first ?? each.at, each.at) : first),
    undefined,
  );

/** A channel on which a fire was not told. */
export interface Untold {
  readonly channel: string;
  readonly why: string | undefined;
}

/** The channels that refused the notification, or were given up; undefined where there are none. */
export function untoldOn(channels: readonly ChannelDelivery[]): readonly Untold[] | undefined {
  const untold = channels.flatMap((each) =>
    each.state === 'refused' || each.state === 'given-up' ? [{ channel: each.channel, why: each.lastError }] : [],
  );
  return untold.length === 0 ? undefined : untold;
}

/** The channels that have to be tried again: a refused one only where nobody was told in another way. */
export function openChannels(channels: readonly ChannelDelivery[]): readonly OpenChannel[] {
  const hasAccepted = firstAcceptedAt(channels) !== undefined;
  return channels.filter(
    (each): each is OpenChannel => each.state === 'waiting' || (each.state === 'refused' && !hasAccepted),
  );
}

/** Those that a run which holds the lease has to try. */
export const underWay = (channels: readonly ChannelDelivery[]): readonly OpenChannel[] =>
  openChannels(channels).filter(({ state, nextAttemptAt }) => state === 'waiting' && nextAttemptAt === undefined);

const isDueAt = (now: number, { nextAttemptAt }: OpenChannel): boolean =>
  nextAttemptAt === undefined || nextAttemptAt <= now;

/** What a run that takes over would try. */
export const dueChannels = (channels: readonly ChannelDelivery[], now: number): readonly OpenChannel[] =>
  openChannels(channels).filter((each) => isDueAt(now, each));

/**
 * As a run takes them over: what is due is under way. `hasDied`: the run before never gave its lease back, so nobody
 * knows what it had sent. `known`: the user's channels by now, of which new ones count while nobody was told.
 */
export function takenOver(
  channels: readonly ChannelDelivery[],
  { now, hasDied, known }: { now: number; hasDied: boolean; known: readonly string[] },
): readonly ChannelDelivery[] {
  const due = new Set<ChannelDelivery>(dueChannels(channels, now));
  const wasUnderWay = new Set<ChannelDelivery>(underWay(channels));
  const taken = channels.map((each): ChannelDelivery => {
    if (!due.has(each) || (each.state !== 'waiting' && each.state !== 'refused')) return each;
    const isPossibleRepeat = each.isPossibleRepeat || (hasDied && (channels.length === 1 || wasUnderWay.has(each)));
    return { ...each, state: 'waiting', nextAttemptAt: undefined, isPossibleRepeat };
  });
  if (firstAcceptedAt(channels) !== undefined) return taken;
  const isNew = (name: string) => channels.every(({ channel }) => channel !== name);
  return [...taken, ...known.filter(isNew).map(newChannel)];
}

const longestError = 300;

/** What the item says of all its channels together. `nextAttemptAt` undefined: one of them has no wait of its own. */
export function summaryOf(channels: readonly ChannelDelivery[]) {
  const open = openChannels(channels);
  const times = open.map(({ nextAttemptAt }) => nextAttemptAt);
  const isSingle = channels.length === 1;
  const errors = open.flatMap(({ channel, lastError }) =>
    lastError === undefined ? [] : [isSingle ? lastError : `${channel}: ${lastError}`],
  );
  return {
    nextAttemptAt: times.reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.min(a, b)), times[0]),
    isPossibleRepeat: open.some(({ isPossibleRepeat }) => isPossibleRepeat),
    lastError: errors.length === 0 ? undefined : cutText(errors.join('; '), longestError),
  };
}
