import { messageOf } from '../domain/error-message.js';
import type { KnownUsers } from '../domain/users.js';
import type { Ports } from './ports/ports.js';

/** Without the secret the rows cannot be judged, but the stored alerts are checked all the same. */
export async function readUsers({
  notifiers,
}: Pick<Ports, 'notifiers'>): Promise<{ known: KnownUsers } | { problem: string }> {
  try {
    const channels = await notifiers.users();
    const knownUsers = channels && [...channels.keys()];
    return { known: { knownUsers, channelNames: notifiers.channelNames, channels } };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

export const nobodyKnown: KnownUsers = { knownUsers: undefined, channelNames: [], channels: undefined };
