import { leaseMs } from '../../../src/domain/delivery/backoff.js';
import type { Variation } from '../scenario.js';

/** Wrong: who has the message sends, as if nobody else could have it or its alert. */
export const workerTakesNothingOver: Variation = (ports, run) => {
  if (!run.startsWith('W')) return ports;
  return {
    ...ports,
    store: {
      ...ports.store,
      takeOver: async (alert, { runId, now }) => ({
        ...alert,
        delivery: {
          ...alert.delivery,
          attempts: alert.delivery.attempts + 1,
          leaseBy: runId,
          leaseUntil: now + leaseMs,
        },
      }),
    },
  };
};
