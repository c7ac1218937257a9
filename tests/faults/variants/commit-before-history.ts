import type { FireRecord } from '../../../src/domain/history.js';
import type { Variation } from '../scenario.js';

/** Wrong: a run that dies after the commit leaves a fire of which nothing is remembered. */
export const commitBeforeHistory: Variation = (ports) => {
  const { store, history } = ports;
  const waiting = new Map<string, FireRecord>();
  return {
    ...ports,
    history: {
      ...history,
      noteFire: async (fire) => {
        waiting.set(fire.fireId, fire);
      },
    },
    store: {
      ...store,
      async commit(alert, now) {
        const isCommitted = await store.commit(alert, now);
        const fire = waiting.get(alert.delivery.fireId);
        if (fire !== undefined) await history.noteFire(fire);
        return isCommitted;
      },
    },
  };
};
