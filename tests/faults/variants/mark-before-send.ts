import type { Variation } from '../scenario.js';

/** Wrong: the alert is marked as triggered first, so that a push that fails is forgotten. */
export const markBeforeSend: Variation = (ports) => {
  const { store, now } = ports;
  return {
    ...ports,
    store: {
      ...store,
      async claim(alert, delivery) {
        const claimed = await store.claim(alert, delivery);
        if (claimed !== undefined) await store.commit(claimed, now());
        return claimed;
      },
      async takeOver(alert, lease) {
        const taken = await store.takeOver(alert, lease);
        if (taken !== undefined) await store.commit(taken, now());
        return taken;
      },
      commit: async () => true,
    },
  };
};
