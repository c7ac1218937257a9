import type { ConditionMemory } from './conditions/judge.js';
import type { ChannelDelivery, Untold } from './delivery/channel.js';
import type { FieldValues } from './fields/fields.js';
import type { Market } from './market.js';

/** What is asked for. `exchange` undefined means the first exchange that lists the symbol. */
export interface Asked extends FieldValues {
  readonly id: string;
}

/** A row's own words. A stored alert is none: laid over another, it would bring its status and its times along. */
export interface AlertSpec extends Asked {
  readonly status?: never;
}

/** What belongs to a rate; `nextAt` in ms. */
export interface FundingFacts {
  readonly intervalHours: number;
  readonly nextAt: number;
}

/** The facts of a touch, kept on the item from the claim on, so that any later run can send the same message. Instants in ms. */
export interface Trigger {
  /** Where the price was seen; not the alert's own exchange when that one failed. */
  readonly market: Market;
  /** How far the price went. */
  readonly price: string;
  readonly touchedAt: number;
  readonly lastPrice: string;
  readonly lastPriceAt: number;
  /** The earlier price that a rise, a fall or a trail is measured from. */
  readonly reference?: { readonly price: string; readonly at: number } | undefined;
  /** Of a condition on the funding; the two prices above are then the rate, a share with its sign. */
  readonly funding?: FundingFacts | undefined;
}

/**
 * What is kept from check to check for a condition that compares prices: the market, since a high of one and a low of
 * another prove nothing, and what the condition has to remember. Arming begins anew.
 */
export interface AlertMemory {
  readonly market: Market;
  readonly judged: ConditionMemory | undefined;
}

/** What has to be seen before the alert is armed again. Instants in ms. */
export interface Rearm {
  /** The claim: a price from then on may prove the other side. */
  readonly since: number;
  readonly notBefore: number;
  /** How far the price went when it fired. */
  readonly fired: string;
  /** Nobody has looked at the market since the claim, while others may have moved its watermark. */
  readonly isBehind: boolean;
}

/** Of an urgent notification that rings, or may. Instants in ms. */
export interface Receipt {
  readonly channel: string;
  /** Undefined where the answer was lost, and with it what it may ring under. */
  readonly receipt: string | undefined;
  readonly fireId: string;
  readonly rungAt: number;
  /** Of the fire; undefined of one that an earlier version claimed. */
  readonly claimedAt?: number | undefined;
  readonly acknowledgedAt: number | undefined;
}

/** Where a claimed notification stands. Instants in ms. */
export interface Delivery {
  readonly fireId: string;
  readonly trigger: Trigger;
  readonly claimedAt: number;
  readonly attempts: number;
  /** The run that holds the lease, or held it last. */
  readonly leaseBy: string;
  /** Undefined once the holder gave it back. */
  readonly leaseUntil: number | undefined;
  /** Of the user, as the claim found them. */
  readonly channels: readonly ChannelDelivery[];
  /** The first of the channels'. */
  readonly nextAttemptAt: number | undefined;
  /** On one channel at least, the next message may repeat an earlier one. */
  readonly isPossibleRepeat: boolean;
  /** Of each channel that has to be tried again. */
  readonly lastError: string | undefined;
}

interface Stored extends Asked {
  /** No price from before this instant (ms) may fire the alert. */
  readonly armedAt: number;
  readonly createdAt: number;
  readonly triggeredAt: number | undefined;
  readonly triggeredCount: number;
  readonly memory?: AlertMemory | undefined;
  /** What stands on the item in place of a memory, and is none: the next one is written over it. */
  readonly unreadableMemory?: unknown;
  /** It has fired and waits for a price on the other side of its target. */
  readonly rearm?: Rearm | undefined;
  /** Of an alert that repeats: its claims of the last hour before the latest, and that one. Instants in ms, oldest first. */
  readonly recentFires?: readonly number[] | undefined;
  /** Of urgent notifications that ring until somebody acknowledges them. */
  readonly receipts?: readonly Receipt[] | undefined;
  /** Of its last fire, which another channel has accepted. */
  readonly untold?: readonly Untold[] | undefined;
  /** Its window has closed, and all of it was looked at (ms). */
  readonly overAt?: number | undefined;
}

export interface WaitingAlert extends Stored {
  readonly status: 'pending' | 'triggered';
}

export interface ExpiredAlert extends Stored {
  readonly status: 'expired';
  readonly expiredAt: number;
  readonly statusBefore: 'pending' | 'triggered';
}

export interface NotifyingAlert extends Stored {
  readonly status: 'notifying';
  readonly delivery: Delivery;
}

export type Alert = WaitingAlert | ExpiredAlert | NotifyingAlert;
export type AlertStatus = Alert['status'];

/** A stored item that an edit by hand has damaged. `isWatched`: only what the alert remembers, and it is listed without that. */
export interface UnreadableItem {
  readonly id: string;
  readonly message: string;
  readonly isWatched?: true;
}

export const unreadableText = ({ id, message, isWatched }: UnreadableItem): string =>
  `${isWatched ? `what alert ${id} remembers` : `stored item ${id}`} cannot be read: ${message}`;

/** Armed alerts are the ones whose market is asked. */
export function isArmed(alert: Alert): alert is WaitingAlert & { status: 'pending' } {
  const { status, active, rearm, overAt } = alert;
  return status === 'pending' && active && rearm === undefined && overAt === undefined;
}
