import type { Variation } from '../scenario.js';

/** Wrong: nobody waits for the price to go back to the other side. */
export const ignoreBack: Variation = (ports) => {
  const { store } = ports;
  return {
    ...ports,
    store: {
      ...store,
      commit: (alert, now) =>
        store.commit({ ...alert, repeat: alert.repeat && { ...alert.repeat, back: undefined } }, now),
    },
  };
};
