import { createHash } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import type { SecretReader } from '../secret.js';
import { SecretError } from '../secret-error.js';
import { gone, rejected } from './answers.js';
import type { Keys, PlacedKey } from './keys.js';
import type { Notification, Problem, SendOutcome } from './notification.js';
import type { AccountCheck, AccountContext, CheckResult, ReceiptState } from './notifier.js';
import { type ChannelName, notifierOf } from './registry.js';
import type { Transport } from './transport.js';

export type KeysReader = SecretReader<Keys>;

export interface NotifiersSettings {
  readonly keys: KeysReader;
  readonly transport: Transport;
  /** By environment variable, as the notifiers name them. */
  readonly origins: Readonly<Record<string, string>>;
  readonly now: () => number;
  /**
   * Fingerprints of addresses that are never to be called again; added to here. To hold beyond this process the
   * caller keeps them. Nothing of an address can be read from one.
   */
  readonly goneAddresses?: Set<string>;
}

export interface Notifiers {
  /** Throws `SecretError`. */
  users(): Promise<ReadonlyMap<string, readonly ChannelName[]>>;
  /** Nothing of it would be cut. */
  fits(channel: ChannelName, notification: Notification): boolean;
  /** Waits for one of the channel's connections, and for nothing else. */
  send(channel: ChannelName, user: string, notification: Notification): Promise<SendOutcome>;
  readReceipt(channel: ChannelName, receipt: string): Promise<ReceiptState>;
  /** Ends the ringing of a notification by its receipt, or by its id where that was lost. Undefined: it is over. */
  cancel(channel: ChannelName, what: { receipt: string } | { notificationId: string }): Promise<Problem | undefined>;
  checkAccount(channel: ChannelName): Promise<readonly AccountCheck[]>;
  checkAddress(channel: ChannelName, user: string): Promise<CheckResult>;
}

export const fingerprintOf = (channel: ChannelName, address: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([channel, address]))
    .digest('hex')
    .slice(0, 32);

/** One limit for each account or address. */
function createConnections() {
  const limits = new Map<string, LimitFunction>();
  return async <T>(channel: ChannelName, fingerprint: string, work: () => Promise<T>): Promise<T> => {
    const { allowed, per } = notifierOf(channel).connections;
    const key = per === 'account' ? channel : fingerprint;
    const limit = limits.get(key) ?? pLimit(allowed);
    limits.set(key, limit);
    return limit(async () => {
      const result = await work();
      // fetch takes a connection back a moment after its answer; a request before that would open another.
      await new Promise(setImmediate);
      return result;
    });
  };
}

const noKey = (channel: ChannelName, user: string): Problem => ({
  detail: `there is no key for "${user}" on ${channel} in the secret`,
  remedy: 'add it under users in the secret',
});

/** The origin of a channel, or what the environment puts in its place. */
export function originOf(channel: ChannelName, origins: NotifiersSettings['origins']): string {
  const { origin } = notifierOf(channel);
  return origin === undefined ? '' : (origins[origin.variable] ?? origin.url);
}

export function createNotifiers(settings: NotifiersSettings): Notifiers {
  const { keys, transport, origins, now, goneAddresses = new Set<string>() } = settings;
  const connected = createConnections();

  function contextOf(channel: ChannelName, current: Keys, address?: PlacedKey): AccountContext<unknown> {
    const account = current.accounts[channel];
    return {
      transport,
      origin: originOf(channel, origins),
      account: account?.value,
      places: { account: account?.place ?? channel, address: address?.place ?? 'users' },
      now,
    };
  }

  async function sendTo(channel: ChannelName, user: string, notification: Notification): Promise<SendOutcome> {
    const current = await keys.read();
    const address = current.users.get(user)?.[channel];
    if (address === undefined) {
      const { detail, remedy } = noKey(channel, user);
      return rejected('user', detail, remedy);
    }
    const fingerprint = fingerprintOf(channel, address.value);
    if (goneAddresses.has(fingerprint)) {
      const detail = `${notifierOf(channel).label} said that this address is gone, so it is not called any more`;
      return gone(detail, `write another to ${address.place} in the secret, or remove it there`);
    }
    const context = { ...contextOf(channel, current, address), address: address.value };
    const outcome = await connected(channel, fingerprint, () => notifierOf(channel).send(context, notification));
    if (outcome.kind === 'rejected' && outcome.isGone) goneAddresses.add(fingerprint);
    return outcome;
  }

  const withReceipts = async <T>(channel: ChannelName, work: (context: AccountContext<unknown>) => Promise<T>) =>
    connected(channel, channel, async () => work(contextOf(channel, await keys.read())));

  return {
    async users() {
      const { users } = await keys.read();
      return new Map([...users].map(([name, channels]) => [name, Object.keys(channels) as ChannelName[]]));
    },
    fits: (channel, notification) => notifierOf(channel).fits(notification),
    async send(channel, user, notification) {
      try {
        const outcome = await sendTo(channel, user, notification);
        // It may have been corrected meanwhile.
        if (outcome.kind === 'rejected' && outcome.whose !== 'message') keys.forget();
        return outcome;
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        // Nothing was sent, and nothing can be until the secret is there.
        return rejected('account', error.message, 'the next run reads the secret again');
      }
    },
    readReceipt: (channel, receipt) =>
      withReceipts(channel, async (context) => {
        const { receipts, label } = notifierOf(channel);
        return receipts?.read(context, receipt) ?? { kind: 'unknown', problem: noReceipts(label) };
      }),
    cancel: (channel, what) =>
      withReceipts(channel, async (context) => {
        const { receipts, label } = notifierOf(channel);
        if (receipts === undefined) return noReceipts(label);
        return 'receipt' in what
          ? receipts.cancel(context, what.receipt)
          : receipts.cancelByNotification(context, what.notificationId);
      }),
    checkAccount: async (channel) => {
      const current = await keys.read();
      return connected(channel, channel, () => notifierOf(channel).checkAccount(contextOf(channel, current)));
    },
    async checkAddress(channel, user) {
      const current = await keys.read();
      const address = current.users.get(user)?.[channel];
      if (address === undefined) return { kind: 'wrong', problem: noKey(channel, user) };
      const context = { ...contextOf(channel, current, address), address: address.value };
      const fingerprint = fingerprintOf(channel, address.value);
      return connected(channel, fingerprint, () => notifierOf(channel).checkAddress(context));
    },
  };
}

const noReceipts = (label: string): Problem => ({
  detail: `${label} gives no receipts`,
  remedy: 'nothing: its notifications do not ring until acknowledged',
});
