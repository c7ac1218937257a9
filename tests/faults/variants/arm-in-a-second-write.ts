import { alertAfter, commit } from '../../../src/domain/delivery/transition.js';
import type { Variation } from '../scenario.js';

/** Wrong: the fire is written down first, and a second write arms the alert again; who dies in between loses all later fires. */
export const armInASecondWrite: Variation = (ports) => {
  const { store } = ports;
  return {
    ...ports,
    store: {
      ...store,
      async commit(alert, now) {
        const asOnce = { ...alert, repeat: undefined };
        const isCommitted = await store.commit(asOnce, now);
        const previous = alertAfter(asOnce, commit(asOnce, now));
        const next = alertAfter(alert, commit(alert, now));
        if (isCommitted && previous.status === 'triggered' && next.status === 'pending') {
          await store.change({ previous, next });
          const { armedAt, rearm, ...armed } = next;
          if (rearm !== undefined) await store.armAgain({ ...armed, armedAt }, { armedAt, rearm });
        }
        return isCommitted;
      },
    },
  };
};
