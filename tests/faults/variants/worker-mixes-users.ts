import type { Variation } from '../scenario.js';
import { isWorker } from '../workers.js';

/** Wrong: whose alert was found first is told of all that came with it. */
export const workerMixesUsers: Variation = (ports, run) => {
  if (!isWorker(run)) return ports;
  const { store } = ports;
  let first: string | undefined;
  return {
    ...ports,
    store: {
      ...store,
      async get(id) {
        const found = await store.get(id);
        first ??= found?.user;
        return found && { ...found, user: first ?? found.user };
      },
      async takeOver(alert, lease) {
        const taken = await store.takeOver(alert, lease);
        return taken && { ...taken, user: alert.user };
      },
    },
  };
};
