import type { Fire } from './fires.js';
import type { Played } from './scenario.js';
import { patient } from './scene.js';

type Judged = Pick<Played, 'cleanRuns' | 'died' | 'fanOut' | 'scene' | 'skewMs' | 'trace'>;

/** A worker comes to nothing, and leaves it to its message. */
const isInVain = ({ run, operation, fault }: Played['trace'][number]): boolean =>
  run.startsWith('W') &&
  ['get', 'readCheckpoint', 'readSecret', 'readUsers'].includes(operation) &&
  fault?.answer !== 'never';

/** Nothing went wrong but with messages of the queue, or with what workers read. */
const isCalm = ({ died, fanOut, scene, skewMs, trace }: Judged): boolean =>
  fanOut !== undefined &&
  [died, skewMs, fanOut.skewMs].every((each) => each === 0) &&
  scene.remainingMs === patient &&
  trace.every((entry) => {
    const { fault } = entry;
    return fault === undefined || (fault.queue !== undefined && fault.isFinal !== true) || isInVain(entry);
  });

/** Whatever the queue does with the messages, the next check after a claim sees to it that its fire is told. */
export function lateFires(fires: readonly Fire[], played: Judged): readonly string[] {
  if (!isCalm(played)) return [];
  return fires.flatMap(({ fireId, claimIndex, commit }) => {
    const next = played.cleanRuns.find(({ fromIndex }) => fromIndex > claimIndex);
    if (next === undefined || (commit !== undefined && commit.index < next.toIndex)) return [];
    return [`${fireId} was not told by the end of ${next.name}, the next check after its claim`];
  });
}
