import type { Alert, NotifyingAlert } from '../../../src/domain/alert.js';
import type { ChannelDelivery } from '../../../src/domain/delivery/channel.js';
import { dayMs } from '../../../src/domain/evidence/candle.js';
import type { Variation } from '../scenario.js';

const withoutLease = (alert: Alert): Alert =>
  alert.status === 'notifying' ? { ...alert, delivery: { ...alert.delivery, leaseUntil: undefined } } : alert;

const unlabelled = (channels: readonly ChannelDelivery[]): readonly ChannelDelivery[] =>
  channels.map((each) => (each.state === 'waiting' ? { ...each, isPossibleRepeat: false } : each));

/** Wrong: nobody's lease counts, and an alert that another run is sending is sent by this one too. */
export const noLease: Variation = (ports) => {
  const { store, now } = ports;
  /** For a clock that is a day ahead every lease is over. */
  async function take(id: string, runId: string): Promise<NotifyingAlert | undefined> {
    const found = await store.get(id);
    if (found?.status !== 'notifying') return undefined;
    const taken = await store.takeOver(found, { runId, now: now() + dayMs });
    return taken && { ...taken, delivery: { ...taken.delivery, channels: unlabelled(taken.delivery.channels) } };
  }
  return {
    ...ports,
    store: {
      ...store,
      list: async () => {
        const listed = await store.list();
        return { ...listed, alerts: listed.alerts.map(withoutLease) };
      },
      claim: async (alert, delivery) => (await store.claim(alert, delivery)) ?? take(alert.id, delivery.leaseBy),
      takeOver: (alert, { runId }) => take(alert.id, runId),
    },
  };
};
