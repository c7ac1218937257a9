import type { Alert, AlertMemory, Delivery, NotifyingAlert, Receipt, WaitingAlert } from '../domain/alert.js';
import type { Table } from '../domain/columns.js';
import type { AccountWaits } from '../domain/delivery/backoff.js';
import type { ChannelDelivery } from '../domain/delivery/channel.js';
import type { Notification } from '../domain/delivery/notification.js';
import type { ChannelProblem, ReceiptState, SendOutcome } from '../domain/delivery/outcome.js';
import type { Lease } from '../domain/delivery/transition.js';
import type { Candle } from '../domain/evidence/candle.js';
import type { CandleOffer, CandleRequest } from '../domain/evidence/candle-plan.js';
import type { Watermarks } from '../domain/evidence/watermark.js';
import type { Outages } from '../domain/exchange-health.js';
import type { ExchangeName } from '../domain/market.js';
import type { Price } from '../domain/price.js';
import type { Problem } from '../domain/problem.js';
import type { Result } from '../domain/result.js';
import type { Change, Refusal } from '../domain/sync-plan.js';
import type { UserSettings } from '../domain/users.js';
import type { CandleHistory } from './candle-history.js';
import type { Summary } from './summary.js';

/** A kind exists because a check or the doctor acts differently on it. */
export interface SheetError extends Problem {
  readonly kind:
    | 'no-such-sheet'
    | 'no-such-tab'
    | 'not-shared'
    | 'api-disabled'
    | 'bad-key'
    | 'quota'
    | 'unavailable'
    | 'bad-response';
}

export interface SheetTabs {
  readonly alerts: Table;
  /** `no-such-tab` where there is none. */
  readonly users: Result<Table, SheetError>;
}

/** The users' tab, which a sheet need not have. */
export interface UsersTab {
  /** As its owner knows it. */
  readonly name: string;
  /** Looking for a tab that is not there costs a call; a file is looked for every time. */
  readonly isLookedForHourly: boolean;
  /** In the same call as the alerts. */
  readWithAlerts(): Promise<Result<SheetTabs, SheetError>>;
}

export interface Sheet {
  /** The alerts alone, in one read call; the header row first. */
  read(): Promise<Result<Table, SheetError>>;
  /** Undefined where there is nowhere to look for one. */
  readonly users?: UsersTab;
  /** One column as people see it, `3%` for a number that is shown so. Absent where `read` gives every cell as it is seen. */
  readShown?(column: number): Promise<Result<Table, SheetError>>;
}

export type PriceError =
  | { readonly kind: 'unknown-symbol' }
  /** Listed without a price: delisted, halted, not traded for a day, or an empty or zero text. */
  | { readonly kind: 'no-price'; readonly detail: string }
  | { readonly kind: 'region-blocked'; readonly status: number }
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'unavailable'; readonly detail: string }
  | { readonly kind: 'bad-response'; readonly issues: readonly string[] };

export interface Ticker {
  readonly last: Price;
  readonly high24h: Price | undefined;
  readonly low24h: Price | undefined;
}

/** Keyed by the exchange's own spelling, one entry for every symbol that was asked. */
export type Tickers = ReadonlyMap<string, Result<Ticker, PriceError>>;

/** What a request showed of its host. `unsure`: it failed, and is sent again. */
export type HostState = 'well' | 'unsure' | { readonly failure: string };

/**
 * Lets one request through in its turn, a repeated one as well; an error says why it was not sent. Judged in the turn,
 * because what was allowed when the request began to wait may not be any more.
 */
export type Gate = <Answer>(
  host: string,
  send: () => Promise<{ readonly answer: Answer; readonly host: HostState }>,
) => Promise<Result<Answer, { readonly detail: string }>>;

/** Without a gate every request is sent at once. */
export interface PriceSource {
  readonly name: ExchangeName;
  /** The exchange's spelling of a trader's symbol; undefined where it can have none. `isNamed`: the row names this exchange. */
  toExchangeSymbol(symbol: string, isNamed: boolean): string | undefined;
  /** The outer error: the exchange as a whole did not answer. `now` in ms: a price that is a day old by then is none. */
  tickers(symbols: readonly string[], now: number, gate?: Gate): Promise<Result<Tickers, PriceError>>;
  readonly candleOffer: CandleOffer;
  /** One answer's worth, oldest first; whether a stretch without trades has a candle, the offer says. */
  candles(symbol: string, request: CandleRequest, gate?: Gate): Promise<Result<readonly Candle[], PriceError>>;
}

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
  readonly watermarks: Watermarks;
  readonly outages: Outages;
  readonly refusal: Refusal | undefined;
  /** By channel. */
  readonly accountWaits: AccountWaits;
  /** Undefined where it is not known. */
  readonly usersTab?: UsersTabState | undefined;
}

/** What a fire goes through; the transitions in `domain/delivery` say what each finds and writes. */
export interface DeliverySteps {
  claim(alert: WaitingAlert, delivery: Delivery): Promise<NotifyingAlert | undefined>;
  takeOver(alert: NotifyingAlert, lease: Lease): Promise<NotifyingAlert | undefined>;
  /** With the channels as the attempts left them, as `defer`. */
  commit(alert: NotifyingAlert, now: number): Promise<boolean>;
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
  list(): Promise<{ alerts: readonly Alert[]; unreadable: readonly { id: string; message: string }[] }>;
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
  /** True for one run only, whichever is first: the one that tells the news of that key. */
  claimNews(key: string, runId: string): Promise<boolean>;
}

/** Every way to the users' phones and programs. Which there are, only the adapters know. */
export interface Notifiers {
  /** With their channels; undefined where every name is welcome. Throws where the secret cannot be read. */
  users(): Promise<ReadonlyMap<string, readonly string[]> | undefined>;
  /** Never empty and never fails: where nothing is known of the user, a channel that will say what is wrong. */
  channelsOf(user: string): Promise<readonly string[]>;
  /** How much is sent at once. `per` an address: what hangs there holds up nobody else. */
  connections(channel: string): { readonly allowed: number; readonly per: 'account' | 'address' };
  /** Nothing of it would be cut. */
  fits(channel: string, notification: Notification): boolean;
  /** One message, once. */
  send(channel: string, user: string, notification: Notification): Promise<SendOutcome>;
  /** Tells whether the channel's account has changed, and nothing else of it; read anew. Undefined where there is none. */
  accountFingerprint(channel: string): Promise<string | undefined>;
  readReceipt(channel: string, receipt: string): Promise<ReceiptState>;
  /** Ends the ringing of an urgent notification, by its receipt or its id. Undefined: it is over. */
  cancel(
    channel: string,
    what: { readonly receipt: string } | { readonly notificationId: string },
  ): Promise<ChannelProblem | undefined>;
}

export interface Log {
  debug(message: string, fields: Readonly<Record<string, unknown>>): void;
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface Ports {
  readonly sheet: Sheet;
  readonly store: AlertStore;
  readonly exchanges: readonly PriceSource[];
  readonly history: CandleHistory;
  readonly notifiers: Notifiers;
  readonly log: Log;
  /** Told of every run at its end; `isComplete` is false where nothing could be checked. */
  readonly metrics: (summary: Summary, isComplete: boolean) => void;
  /** More live alerts than this are too many for one Lambda, by the owner's rule. */
  readonly fanOutThreshold: number;
  /** The owner's, by its IANA name. */
  readonly timeZone: string;
  /** ms since 1970 */
  now(): number;
  newId(): string;
}
