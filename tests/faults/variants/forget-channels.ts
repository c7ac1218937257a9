import { newChannel } from '../../../src/domain/delivery/channel.js';
import type { Variation } from '../scenario.js';

/** Wrong: who takes over sends on every channel again, also where it was accepted. */
export const forgetChannels: Variation = (ports) => {
  const { store } = ports;
  return {
    ...ports,
    store: {
      ...store,
      async takeOver(alert, lease) {
        const taken = await store.takeOver(alert, lease);
        if (taken === undefined) return undefined;
        const channels = taken.delivery.channels.map((each) =>
          each.state === 'accepted' ? newChannel(each.channel) : each,
        );
        return { ...taken, delivery: { ...taken.delivery, channels } };
      },
    },
  };
};
