import { delivery } from '../../support/builders.js';
import type { Variation } from '../scenario.js';
import { isWorker } from '../workers.js';
import { workerTakesNothingOver } from './worker-takes-nothing-over.js';

/** Wrong: who has the message sends, whatever has become of its alert since. */
export const workerBelievesItsMessage: Variation = (ports, run) => {
  if (!isWorker(run)) return ports;
  const { store } = ports;
  const { takeOver } = workerTakesNothingOver(ports, 'W').store;
  const told = new Set<string>();
  return {
    ...ports,
    store: {
      ...store,
      async get(id) {
        const found = await store.get(id);
        if (found?.status !== 'triggered') return found;
        told.add(id);
        const again = delivery({ fireId: `earlier-${id}`, attempts: 0, leaseUntil: undefined });
        return { ...found, status: 'notifying', delivery: again };
      },
      takeOver: (alert, lease) => (told.has(alert.id) ? takeOver : store.takeOver)(alert, lease),
    },
  };
};
