import type { SecretReader } from '../secret.js';
import { SecretError } from '../secret-error.js';
import * as answers from './answers.js';
import { createConnections } from './connections.js';
import { accountFingerprintOf, fingerprintOf } from './fingerprints.js';
import { createGoneAddresses, type KeptFingerprints } from './gone-addresses.js';
import type { Keys, PlacedKey } from './keys.js';
import type { Notification, Problem, SendOutcome } from './notification.js';
import type { AccountCheck, AccountContext, CheckResult, Notifier, ReceiptState } from './notifier.js';
import { type ChannelName, channelNames, isChannelName, notifierOf } from './registry.js';
import type { Transport } from './transport.js';

export type KeysReader = SecretReader<Keys>;

export interface NotifiersSettings {
  readonly keys: KeysReader;
  readonly transport: Transport;
  /** By environment variable, as the notifiers name them. */
  readonly origins: Readonly<Record<string, string>>;
  readonly now: () => number;
  /** Fingerprints of addresses that are never to be called again; added to here. */
  readonly goneAddresses?: Set<string>;
  /** Where they are kept beyond this process. */
  readonly keptGone?: KeptFingerprints;
  /** What is kept of them could not be read or written. */
  readonly onKeptProblem?: (error: unknown) => void;
}

/** Of the account that was used: another one need not wait. */
export type ConnectedOutcome = SendOutcome & { readonly accountFingerprint?: string };

export interface Notifiers {
  /** Of every channel that there is, in the order in which people are told of them. */
  readonly channelNames: readonly ChannelName[];
  /** Throws `SecretError`. */
  users(): Promise<ReadonlyMap<string, readonly ChannelName[]>>;
  /** Never empty and never fails: where nothing is known of the user, a channel that will say what is wrong. */
  channelsOf(user: string): Promise<readonly ChannelName[]>;
  connections(channel: string): Notifier['connections'];
  /** Nothing of it would be cut. A name that an item kept may be none any more. */
  fits(channel: string, notification: Notification): boolean;
  /** Waits for one of the channel's connections, and for nothing else. A name that an item kept may be none any more. */
  send(channel: string, user: string, notification: Notification): Promise<ConnectedOutcome>;
  /** Tells whether the channel's account has changed, and nothing else of it; read anew. Undefined where there is none. */
  accountFingerprint(channel: string): Promise<string | undefined>;
  readReceipt(channel: string, receipt: string): Promise<ReceiptState>;
  /** Ends all that rings under the notification's `id`. Undefined: it is over, as always where nothing ever rings on. */
  cancel(channel: string, notificationId: string): Promise<Problem | undefined>;
  checkAccount(channel: ChannelName): Promise<readonly AccountCheck[]>;
  checkAddress(channel: ChannelName, user: string): Promise<CheckResult>;
}

const unknownChannel = (): Problem => ({
  detail: 'this program knows no such channel',
  remedy: `expected one of ${channelNames.join(', ')}`,
});

const noKey = (channel: ChannelName, user: string): Problem => ({
  detail: `there is no key for "${user}" on ${channel} in the secret`,
  remedy: 'add it under users in the secret',
});

/** The origin of a channel, or what the environment puts in its place. */
export function originOf(channel: ChannelName, origins: NotifiersSettings['origins']): string {
  const { origin } = notifierOf(channel);
  return origin === undefined ? '' : (origins[origin.variable] ?? origin.url);
}

/** Long, because all that it gives shares the keys, the connections and the account of which addresses are gone. */
export function createNotifiers(settings: NotifiersSettings): Notifiers {
  const { keys, transport, origins, now } = settings;
  const gone = createGoneAddresses(
    settings.goneAddresses ?? new Set(),
    settings.keptGone,
    settings.onKeptProblem ?? (() => undefined),
  );
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

  async function sendTo(channel: ChannelName, user: string, notification: Notification): Promise<ConnectedOutcome> {
    const current = await keys.read();
    const address = current.users.get(user)?.[channel];
    if (address === undefined) {
      const { detail, remedy } = noKey(channel, user);
      return answers.rejected('user', detail, remedy);
    }
    const fingerprint = fingerprintOf(channel, address.value);
    if (notifierOf(channel).endsAddresses && (await gone.isGone(fingerprint))) {
      const detail = `${notifierOf(channel).label} said that this address is gone, so it is not called any more`;
      return answers.gone(detail, `write another to ${address.place} in the secret, or remove it there`);
    }
    const context = { ...contextOf(channel, current, address), address: address.value };
    const outcome = await connected(channel, fingerprint, () => notifierOf(channel).send(context, notification));
    if (outcome.kind === 'rejected' && outcome.isGone) await gone.note(fingerprint);
    return withFingerprint(channel, current, outcome);
  }

  /** Only what concerns everybody is waited for by the account. */
  function withFingerprint(channel: ChannelName, current: Keys, outcome: SendOutcome): ConnectedOutcome {
    const account = current.accounts[channel];
    const isWait = outcome.kind === 'quota-exceeded' || outcome.kind === 'rate-limited';
    if (!isWait || outcome.whose !== 'account' || account === undefined) return outcome;
    return { ...outcome, accountFingerprint: accountFingerprintOf(channel, account) };
  }

  const withReceipts = async <T>(channel: ChannelName, work: (context: AccountContext<unknown>) => Promise<T>) =>
    connected(channel, channel, async () => work(contextOf(channel, await keys.read())));

  return {
    channelNames,
    async users() {
      const { users } = await keys.read();
      return new Map([...users].map(([name, channels]) => [name, Object.keys(channels) as ChannelName[]]));
    },
    async channelsOf(user) {
      try {
        const channels = Object.keys((await keys.read()).users.get(user) ?? {}) as ChannelName[];
        return channels.length > 0 ? channels : channelNames.slice(0, 1);
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        return channelNames.slice(0, 1);
      }
    },
    connections: (channel) =>
      isChannelName(channel) ? notifierOf(channel).connections : { allowed: 1, per: 'account' },
    fits: (channel, notification) => !isChannelName(channel) || notifierOf(channel).fits(notification),
    async send(channel, user, notification) {
      if (!isChannelName(channel)) return { kind: 'rejected', whose: 'user', isGone: true, problem: unknownChannel() };
      try {
        const outcome = await sendTo(channel, user, notification);
        // It may have been corrected meanwhile.
        if (outcome.kind === 'rejected' && outcome.whose !== 'message') keys.forget();
        return outcome;
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        // Nothing was sent, and nothing can be until the secret is there.
        return answers.rejected('account', error.message, 'the next run reads the secret again');
      }
    },
    async accountFingerprint(channel) {
      if (!isChannelName(channel)) return undefined;
      keys.forget();
      const account = (await keys.read()).accounts[channel];
      return account && accountFingerprintOf(channel, account);
    },
    readReceipt: async (channel, receipt) => {
      if (!isChannelName(channel)) return { kind: 'unknown', problem: unknownChannel() };
      return withReceipts(channel, async (context) => {
        const { receipts, label } = notifierOf(channel);
        return receipts?.read(context, receipt) ?? { kind: 'unknown', problem: noReceipts(label) };
      });
    },
    cancel: async (channel, notificationId) => {
      if (!isChannelName(channel)) return unknownChannel();
      const { receipts } = notifierOf(channel);
      return receipts && withReceipts(channel, (context) => receipts.cancel(context, notificationId));
    },
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
