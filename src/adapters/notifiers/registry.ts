import { discord } from './discord.js';
import type { Notifier } from './notifier.js';
import { ntfy } from './ntfy.js';
import { pushover } from './pushover.js';
import { slack } from './slack.js';
import { telegram } from './telegram.js';
import { webhook } from './webhook.js';

/** In the order in which people are asked for them and shown them. Rows know them by these names. */
export const notifiers = { pushover, telegram, discord, slack, ntfy, webhook } satisfies Readonly<
  Record<string, Notifier>
>;

export type ChannelName = keyof typeof notifiers;
export const channelNames = Object.keys(notifiers) as ChannelName[];

/** Without the channels' own types of keys, which nothing else knows. */
export const notifierOf = (channel: ChannelName): Notifier => notifiers[channel];

export const isChannelName = (text: string): text is ChannelName => Object.hasOwn(notifiers, text);

/** By environment variable: the origins that the environment may replace. */
export const notifierOrigins: Readonly<Record<string, string>> = Object.fromEntries(
  channelNames.flatMap((channel) => {
    const { origin } = notifierOf(channel);
    return origin === undefined ? [] : [[origin.variable, origin.url]];
  }),
);
