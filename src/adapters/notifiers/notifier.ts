import type * as v from 'valibot';
import type { Result } from '../../domain/result.js';
import type { Notification, Problem, SendOutcome } from './notification.js';
import type { Transport } from './transport.js';

/** Each message of a schema says what was expected and never shows what came: the values are keys. */
export type KeySchema<Value> = v.GenericSchema<unknown, Value>;

/** What a notifier is given to work for an account. `places` name the keys in the secret, for remedies. */
export interface AccountContext<Account> {
  readonly transport: Transport;
  /** The origin, or what the environment puts in its place. Empty where there is none. */
  readonly origin: string;
  readonly account: Account;
  readonly places: { readonly account: string; readonly address: string };
  /** ms since 1970 */
  now(): number;
}

export interface Context<Account, Address> extends AccountContext<Account> {
  readonly address: Address;
}

/** What can be said of an account or address without sending. */
export type CheckResult =
  /** `remedy`: all is well, but there is something to see to. */
  | { readonly kind: 'right'; readonly detail: string; readonly remedy?: string }
  | { readonly kind: 'wrong' | 'unknown'; readonly problem: Problem }
  /** The service answers only to a message. */
  | { readonly kind: 'unchecked'; readonly detail: string };

/** `what`: the part of the account that it is about, such as its token; the first tells whether the rest can be used. */
export type AccountCheck = CheckResult & { readonly what: string };

export type ReceiptState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'acknowledged'; readonly at: number | undefined }
  /** It rang to its end, or nobody knows of it any more. */
  | { readonly kind: 'expired' }
  /** Nothing can be said now. */
  | { readonly kind: 'unknown'; readonly problem: Problem };

/** Of channels whose urgent notifications ring until somebody acknowledges them. */
export interface Receipts<Account> {
  read(context: AccountContext<Account>, receipt: string): Promise<ReceiptState>;
  /**
   * Ends all that rings under the notification's `id`: by it, since an answer may be lost and with it a receipt. Undefined:
   * it is over, also where it was before.
   */
  cancel(context: AccountContext<Account>, id: string): Promise<Problem | undefined>;
}

/** One key that a person is asked for. `field` is where it goes: '' where it is the whole value. */
export interface Question {
  readonly field: string;
  readonly ask: string;
  /** What helps to find it; told before the question. */
  readonly hint?: string;
  readonly isHidden: boolean;
  /** A blank answer leaves the field out. */
  readonly isOptional: boolean;
}

/** An address that somebody has offered by writing to the account. */
export interface FoundAddress<Address> {
  /** Who it is, for a person to choose by; never the address. */
  readonly label: string;
  readonly address: Address;
}

/** Everything the product knows of a channel. A new one is a file with such an object and a line in the registry. */
export interface Notifier<Account = unknown, Address = unknown> {
  readonly name: string;
  /** As the service writes itself. */
  readonly label: string;
  /** Undefined where the address alone is enough, which then is a whole URL or names its server. */
  readonly origin: { readonly variable: string; readonly url: string } | undefined;
  /** Undefined where the channel has no account of its own. */
  readonly account: KeySchema<Account> | undefined;
  readonly address: KeySchema<Address>;
  readonly questions: { readonly account: readonly Question[]; readonly address: readonly Question[] };
  /** Open at once. `per` an address: a host that hangs holds up nobody else. */
  readonly connections: { readonly allowed: number; readonly per: 'account' | 'address' };
  /** Its service can say of an address that it is gone for good (`isGone`). */
  readonly endsAddresses?: true;
  /** `passed-on`: the receiver is told, and does as it likes. */
  readonly can: {
    readonly silent: 'yes' | 'no' | 'passed-on';
    readonly urgent: 'until-acknowledged' | 'louder' | 'no' | 'passed-on';
  };
  /** Nothing of it would be cut. */
  fits(notification: Notification): boolean;
  /** One message, once: no waiting, and no repeat but where the service surely did not take the first. */
  send(context: Context<Account, Address>, notification: Notification): Promise<SendOutcome>;
  checkAccount(context: AccountContext<Account>): Promise<readonly AccountCheck[]>;
  checkAddress(context: Context<Account, Address>): Promise<CheckResult>;
  readonly receipts?: Receipts<Account>;
  /** Who has written to the account lately: nobody knows their own chat id by heart. */
  findAddresses?(context: AccountContext<Account>): Promise<Result<readonly FoundAddress<Address>[], Problem>>;
}

export const isQuiet = ({ priority, isSilent }: Notification): boolean => isSilent || priority === 'low';
