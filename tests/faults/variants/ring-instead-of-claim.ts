import type { Variation } from '../scenario.js';

/** Wrong: what others are to tell is in the queue, and nobody writes it down; its market counts as seen. */
export const ringInsteadOfClaim: Variation = (ports) => {
  const { store } = ports;
  return {
    ...ports,
    store: {
      ...store,
      claim: async (alert, delivery) =>
        delivery.leaseUntil === undefined ? { ...alert, status: 'notifying', delivery } : store.claim(alert, delivery),
    },
  };
};
