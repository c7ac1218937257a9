import type { Variation } from '../scenario.js';

/** Wrong: with its message an alert is done, also where no channel accepted. */
export const workerForgetsWhatFailed: Variation = (ports, run) => {
  if (!run.startsWith('W')) return ports;
  const { store, now } = ports;
  return { ...ports, store: { ...store, defer: (alert) => store.commit(alert, now()) } };
};
