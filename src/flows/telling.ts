import { failureText } from '../domain/delivery/outcome.js';
import type { Tried } from '../domain/delivery/settle.js';
import type { Pusher } from './pusher.js';
import type { Recipients } from './recipients.js';
import type { Run } from './run.js';

/** Who is told, and by which way. */
export interface Telling {
  readonly recipients: Recipients;
  readonly pusher: Pick<Pusher, 'push' | 'isWaiting'>;
}

export const shownFailure = (tried: Exclude<Tried, { kind: 'accepted' }>): string =>
  tried.kind === 'no-time' ? 'the run had no time left' : failureText(tried);

/** Why nothing can be told now, as far as that is known before anything is sent. */
export async function reasonToWait(
  channels: readonly string[],
  pusher: Telling['pusher'],
  run: Pick<Run, 'hasTime'>,
): Promise<string | undefined> {
  if (!run.hasTime()) return 'the run had no time left';
  const waiting = await Promise.all(channels.map((channel) => pusher.isWaiting(channel)));
  return waiting.every((each) => each) ? `the account of ${channels.join(' and of ')} has to wait` : undefined;
}
