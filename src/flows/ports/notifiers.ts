import type { Notification } from '../../domain/delivery/notification.js';
import type { ChannelProblem, ReceiptState, SendOutcome } from '../../domain/delivery/outcome.js';

/** Every way to the users' phones and programs. Which there are, only the adapters know. */
export interface Notifiers {
  /** Of every channel that there is, in the order in which people are told of them. */
  readonly channelNames: readonly string[];
  /** With their channels; undefined where every name is welcome. Throws where the secret cannot be read. */
  users(): Promise<ReadonlyMap<string, readonly string[]> | undefined>;
  /** Never empty and never fails: where nothing is known of the user, a channel that will say what is wrong. */
  channelsOf(user: string): Promise<readonly string[]>;
  /** How much is sent at once. `per` an address: what hangs there holds up nobody else. */
  connections(channel: string): { readonly allowed: number; readonly per: 'account' | 'address' };
  /** Nothing of it would be cut. A name that an item kept may be no channel any more: there everything fits. */
  fits(channel: string, notification: Notification): boolean;
  /** One message, once. */
  send(channel: string, user: string, notification: Notification): Promise<SendOutcome>;
  /** Tells whether the channel's account has changed, and nothing else of it; read anew. Undefined where there is none. */
  accountFingerprint(channel: string): Promise<string | undefined>;
  readReceipt(channel: string, receipt: string): Promise<ReceiptState>;
  /** Ends all that rings under the notification's `id`, whatever is known of it. Undefined: nothing rings any more. */
  cancel(channel: string, notificationId: string): Promise<ChannelProblem | undefined>;
}
