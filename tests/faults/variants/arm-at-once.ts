import type { Variation } from '../scenario.js';

/** Wrong: the commit leaves the alert armed as it was, as if nothing had to be waited for. */
export const armAtOnce: Variation = (ports) => {
  const { store } = ports;
  return {
    ...ports,
    store: {
      ...store,
      commit(alert, now) {
        const { repeat, delivery, armedAt } = alert;
        if (repeat === undefined || repeat.back !== undefined) return store.commit(alert, now);
        const claimedAt = armedAt - repeat.afterMs;
        return store.commit({ ...alert, delivery: { ...delivery, claimedAt } }, armedAt);
      },
    },
  };
};
