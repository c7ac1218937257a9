/** The ways to phones and programs, in the order in which people are told of them; the registry has a notifier for each. */
export const channelNames = ['pushover', 'telegram', 'discord', 'slack', 'ntfy', 'webhook'] as const;
