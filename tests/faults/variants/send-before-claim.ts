import { messageFor } from '../../../src/domain/message.js';
import { ok } from '../../../src/domain/result.js';
import type { Variation } from '../scenario.js';

/** Wrong: who sees the touch sends, and only then looks whether the alert is still free. */
export const sendBeforeClaim: Variation = (ports) => {
  const { store, notifier, now } = ports;
  const sent = new Set<string>();
  return {
    ...ports,
    store: {
      ...store,
      async claim(alert, delivery) {
        const push = await notifier.push(messageFor(alert, delivery.trigger, { isPossibleRepeat: false, now: now() }));
        if (push.ok) sent.add(alert.id);
        return store.claim(alert, delivery);
      },
    },
    notifier: {
      ...notifier,
      push: async (message) =>
        [...sent].some((id) => message.title.startsWith(`${id}: `)) ? ok(undefined) : notifier.push(message),
    },
  };
};
