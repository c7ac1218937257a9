import type { Variation } from '../scenario.js';
import { isWorker } from '../workers.js';

/** Wrong: where it cannot be read what the users' tab said, it said nothing. */
export const workerGoesByNoWishes: Variation = (ports, run) => {
  if (!isWorker(run)) return ports;
  const { store } = ports;
  return { ...ports, store: { ...store, readUsers: () => store.readUsers().catch(() => []) } };
};
