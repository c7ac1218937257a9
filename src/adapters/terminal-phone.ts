import type { Notifiers } from '../flows/ports/notifiers.js';
import { channelNames } from './notifiers/registry.js';

/** A sheet can hold what a terminal takes for commands: colours, a cleared screen, a new title. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ').trimEnd();

/** For a laptop without keys: the push is shown where a phone would ring. Every user is welcome. */
export function createTerminalPhone(print: (text: string) => void): Notifiers {
  return {
    channelNames,
    users: async () => undefined,
    channelsOf: async () => ['terminal'],
    connections: () => ({ allowed: 1, per: 'account' }),
    accountFingerprint: async () => undefined,
    fits: () => true,
    async send(_channel, user, { title, lines }) {
      const shown = lines.flatMap((line) => line.split('\n')).map((line) => `   ${plain(line)}`);
      print([`📱 ${plain(user)}  ${plain(title)}`, ...shown].join('\n'));
      return { kind: 'accepted', receipt: undefined };
    },
    readReceipt: async () => ({ kind: 'expired' }),
    cancel: async () => undefined,
  };
}
