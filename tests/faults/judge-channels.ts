import { channelsOf, wantedChannels } from './recipients.js';
import type { Played } from './scenario.js';
import { usersId } from './users-tab.js';

type Judged = Pick<Played, 'scene' | 'trace'>;

/** A check that could read neither the users' tab nor what it last said. */
const isBlind = (run: string, { scene, trace }: Judged): boolean =>
  scene.damaged?.[usersId] !== undefined &&
  trace.some((entry) => entry.run === run && entry.operation === 'readSheet' && entry.fault !== undefined);

/** Where a fire of that user has to be told, and nowhere else: whoever cannot know what he wishes tells him on all he has. */
export function channelsToTell(fireId: string, user: string, played: Judged): readonly string[] {
  const claim = played.trace.find(
    (entry) => entry.operation === 'claim' && entry.fireId === fireId && entry.doneAt !== undefined,
  );
  const isUnknown = claim !== undefined && isBlind(claim.run, played);
  return (isUnknown ? channelsOf : wantedChannels)(played.scene, user);
}
