import type { Notification } from '../../src/domain/delivery/notification.js';
import type { ReceiptState, SendOutcome } from '../../src/domain/delivery/outcome.js';
import type { Notifiers } from '../../src/flows/ports/notifiers.js';

interface Sent {
  readonly channel: string;
  readonly notification: Notification;
}

export interface FakeChannels extends Notifiers {
  readonly sent: Sent[];
  readonly cancelled: unknown[];
}

const accepted: SendOutcome = { kind: 'accepted', receipt: undefined };

/** Every user's channels, which take all that they get unless the test answers in their place. */
export function createFakeChannels(
  names: readonly string[],
  answer: (channel: string) => SendOutcome | Promise<SendOutcome> = () => accepted,
  receipt: ReceiptState = { kind: 'waiting' },
): FakeChannels {
  const [sent, cancelled]: [Sent[], unknown[]] = [[], []];
  return {
    sent,
    cancelled,
    channelNames: names,
    users: async () => undefined,
    channelsOf: async () => names,
    connections: () => ({ allowed: 2, per: 'account' }),
    fits: () => true,
    async send(channel, _user, notification) {
      sent.push({ channel, notification });
      return answer(channel);
    },
    accountFingerprint: async () => undefined,
    readReceipt: async () => receipt,
    async cancel(channel, notificationId) {
      cancelled.push({ channel, notificationId });
      return undefined;
    },
  };
}
