import { notificationFor } from '../../../src/domain/message.js';
import type { Variation } from '../scenario.js';

/** Wrong: who sees the touch sends, and only then looks whether the alert is still free. */
export const sendBeforeClaim: Variation = (ports) => {
  const { store, notifiers, now } = ports;
  const sent = new Set<string>();
  return {
    ...ports,
    store: {
      ...store,
      async claim(alert, delivery) {
        const first = { isPossibleRepeat: false, now: now() };
        const notification = notificationFor(alert, delivery.fireId, delivery.trigger, first);
        for (const { channel } of delivery.channels) {
          const { kind } = await notifiers.send(channel, alert.user, notification);
          if (kind === 'accepted') sent.add(`${channel} ${alert.id}`);
        }
        return store.claim(alert, delivery);
      },
    },
    notifiers: {
      ...notifiers,
      send: async (channel, user, notification) =>
        [...sent].some((id) => `${channel} ${notification.title}`.startsWith(`${id}: `))
          ? { kind: 'accepted', receipt: undefined }
          : notifiers.send(channel, user, notification),
    },
  };
};
