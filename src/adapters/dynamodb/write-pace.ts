import { type Clock, paced } from '../exchanges/paced.js';

/**
 * Every alert stands under one key of the index, whose partition takes 1,000 writes a second; what comes faster throttles the
 * table itself. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html
 */
const writesPerSecond = 800;

/** Resolves when the next write may begin. What is throttled all the same, by overlapping runs, the SDK asks again. */
export function createWritePace(clock?: Clock): () => Promise<void> {
  const turn = paced(async () => undefined, writesPerSecond, clock);
  return () => turn(undefined);
}
