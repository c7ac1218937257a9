import type {
  Alert,
  AlertMemory,
  Delivery,
  NotifyingAlert,
  Receipt,
  UnreadableItem,
  WaitingAlert,
} from '../../domain/alert.js';
import type { AccountWaits } from '../../domain/delivery/backoff.js';
import type { ChannelDelivery } from '../../domain/delivery/channel.js';
import type { Lease } from '../../domain/delivery/transition.js';
import type { Watermarks } from '../../domain/evidence/watermark.js';
import type { Outages } from '../../domain/exchange-health.js';
import type { Change, Refusal } from '../../domain/sync-plan.js';
import type { UserSettings } from '../../domain/users.js';
import type { KeptSummary } from '../summary.js';

/** Instants in ms. */
export interface UsersTabState {
  /** When it was looked for and not there. */
  readonly missingAt: number | undefined;
  /** Of what is kept of it; undefined where nothing is. */
  readonly fingerprint: string | undefined;
}

/** What is kept between runs beside the alerts; one small item. */
export interface Checkpoint {
  readonly checkedAt: number;
  /** The check before, where it is known: how often checks come, only these tell. */
  readonly lastCheckedAt?: number | undefined;
  readonly watermarks: Watermarks;
  readonly outages: Outages;
  readonly refusal: Refusal | undefined;
  /** By channel. */
  readonly accountWaits: AccountWaits;
  /** Undefined where it is not known. */
  readonly usersTab?: UsersTabState | undefined;
  /** Tells whether the wrong rows are those that somebody was told of; undefined where no row was wrong. */
  readonly toldRows?: string | undefined;
}

/** What a fire goes through; the transitions in `domain/delivery` say what each finds and writes. */
export interface DeliverySteps {
  claim(alert: WaitingAlert, delivery: Delivery): Promise<NotifyingAlert | undefined>;
  takeOver(alert: NotifyingAlert, lease: Lease): Promise<NotifyingAlert | undefined>;
  /** With the channels as the attempts left them, as `defer`. */
  commit(alert: NotifyingAlert, now: number): Promise<boolean>;
  /** With `next` as the channels, while other ones have not answered; the lease is kept. */
  noteAccepted(alert: NotifyingAlert, next: readonly ChannelDelivery[]): Promise<boolean>;
  defer(alert: NotifyingAlert): Promise<boolean>;
  armAgain(alert: WaitingAlert, to: Pick<WaitingAlert, 'armedAt' | 'rearm'>): Promise<boolean>;
  end(alert: WaitingAlert, now: number): Promise<boolean>;
  noteReceipts(alert: Alert, receipts: readonly Receipt[] | undefined): Promise<boolean>;
}

/**
 * Every write names what it must still find; `false` or undefined means that another run was there first.
 * A lost answer may be asked again: the same call by the same run finds its own write and succeeds.
 */
export interface AlertStore extends DeliverySteps {
  /** All but expired alerts. The list may be stale; the writes are not. An item edited by hand into nonsense is named. */
  list(): Promise<{ alerts: readonly Alert[]; unreadable: readonly UnreadableItem[] }>;
  get(id: string): Promise<Alert | undefined>;
  create(alert: WaitingAlert): Promise<boolean>;
  change(change: Change): Promise<boolean>;
  /** Only while the alert is armed as it was read, and over the memory that was read with it. */
  remember(alert: WaitingAlert, memory: AlertMemory): Promise<boolean>;
  readCheckpoint(): Promise<Checkpoint | undefined>;
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** What the users' tab last said; none where it never said anything. */
  readUsers(): Promise<readonly UserSettings[]>;
  writeUsers(settings: readonly UserSettings[]): Promise<void>;
  /** Over the one before. */
  saveSummary(kept: KeptSummary): Promise<void>;
  /** Of the last run that was not dry. Undefined where none was kept yet, or by another version. */
  readSummary(): Promise<KeptSummary | undefined>;
  /** True for one run only, whichever is first: the one that tells the news of that key. */
  claimNews(key: string, runId: string): Promise<boolean>;
}
