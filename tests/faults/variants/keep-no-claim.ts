import type { Variation } from '../scenario.js';

/** Wrong: the claim is never written, so that nobody knows of the fire but the run that saw it. */
export const keepNoClaim: Variation = (ports) => ({
  ...ports,
  store: { ...ports.store, claim: async (alert, delivery) => ({ ...alert, status: 'notifying', delivery }) },
});
