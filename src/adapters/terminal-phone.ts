import { ok } from '../domain/result.js';
import type { Notifier } from '../flows/ports.js';

/** A sheet can hold what a terminal takes for commands: colours, a cleared screen, a new title. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ').trimEnd();

/** For a laptop without keys: the push is shown where a phone would ring. Every user is welcome. */
export function createTerminalPhone(print: (text: string) => void): Notifier {
  return {
    pushesAtATime: 1,
    users: async () => undefined,
    tokenFingerprint: async () => undefined,
    async push({ user, title, text }) {
      const lines = text.split('\n').map((line) => `   ${plain(line)}`);
      print([`📱 ${plain(user)}  ${plain(title)}`, ...lines].join('\n'));
      return ok(undefined);
    },
  };
}
