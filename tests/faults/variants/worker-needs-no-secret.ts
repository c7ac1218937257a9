import type { Variation } from '../scenario.js';
import { isWorker } from '../workers.js';

/** Wrong: nobody looks whether the secret can be read before alerts are taken over. */
export const workerNeedsNoSecret: Variation = (ports, run) => {
  if (!isWorker(run)) return ports;
  const { notifiers } = ports;
  return { ...ports, notifiers: { ...notifiers, users: () => notifiers.users().catch(() => undefined) } };
};
