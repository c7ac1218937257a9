/** What the page asks for when somebody looks at it, beside the state that every page has. */
import type { MarketView } from './protocol.js';

/** What became of a fire on one channel. */
export interface OutcomeView {
  readonly channel: string;
  readonly outcome: 'accepted' | 'refused' | 'given-up';
  readonly detail?: string | undefined;
  readonly at?: number | undefined;
  readonly acknowledgedAt?: number | undefined;
}

/** Something that happened: a fire, or a change of a row. What the alert asked for is as it was then. */
export interface HistoryEntry {
  readonly at: number;
  readonly what: string;
  readonly alertId: string;
  readonly symbol: string;
  readonly condition: string;
  readonly target: string;
  readonly user: string;
  readonly name: string;
  /** Of a change: the fields that say something else than before. */
  readonly fields: readonly string[];
  readonly fire?: {
    readonly market: MarketView;
    /** How far it went: a price, or a rate of funding. */
    readonly reached: string;
    readonly touchedAt: number;
    readonly deliveredAt: number | undefined;
    readonly channels: readonly OutcomeView[];
  };
}

/** `GET /api/history?from=&to=&alert=&user=&atMost=`; instants in ms, `to` left out is now. */
export interface HistoryView {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** There is more, older than these. */
  readonly isCut: boolean;
  /** Items that were edited by hand into nonsense. */
  readonly unreadable: readonly string[];
}

/** `GET /api/alerts/:id/why`: the sentences of `trading-alerts why`. */
export interface WhyView {
  readonly at: number;
  readonly lines: readonly string[];
}

/** `GET /api/funding?symbol=`: one for each exchange with perpetuals. */
export interface FundingView {
  readonly exchange: string;
  readonly symbol: string;
  /** Why there is no rate. */
  readonly problem?: string;
  readonly rate?: {
    /** `0.0612 %` */
    readonly shown: string;
    readonly everyHours: number;
    /** `67 %` a year. */
    readonly annual: string;
    readonly payer: 'longs pay' | 'shorts pay' | 'nobody pays';
    readonly nextAt: number;
  };
}

/** `GET /api/status`: the last check, beyond what every state tells. */
export interface StatusView {
  readonly checkedAt: number | undefined;
  /** By the pace of the last two. */
  readonly nextAt: number | undefined;
  /** Undefined where none was kept. */
  readonly check?: {
    readonly startedAt: number;
    readonly durationMs: number;
    readonly markets: number;
    readonly failed: readonly { readonly market: string; readonly reason: string }[];
    readonly exchanges: readonly ExchangeView[];
    readonly untold: readonly { readonly user: string; readonly channel: string; readonly text: string }[];
    readonly warnings: readonly string[];
    readonly problems: readonly string[];
    readonly advice: readonly string[];
  };
  /** Channels whose whole account waits: a quota is used up, a key is refused. */
  readonly waits: readonly { readonly channel: string; readonly until: number; readonly detail: string }[];
}

/** An exchange, or its perpetuals, and what the last check sent there. */
export interface ExchangeView {
  readonly name: string;
  readonly state: 'up' | 'down' | 'blocked';
  readonly since?: number;
  readonly reason?: string;
  readonly sent: number;
  readonly failed: number;
  readonly longestMs: number;
}

/** `POST /api/doctor` answers with these; nothing is sent or written. */
export interface DoctorSection {
  readonly title: string;
  readonly findings: readonly {
    readonly check: string;
    readonly status: 'ok' | 'wrong' | 'skipped';
    readonly detail: string;
    readonly remedy?: string;
  }[];
}

export interface BacktestView {
  readonly market: MarketView;
  readonly from: number;
  readonly to: number;
  /** From the oldest on. */
  readonly fires: readonly { readonly touchedAt: number; readonly firedAt: number; readonly reached: string }[];
  /** What the answer rests on, and what it leaves out; a sentence each. */
  readonly rests: readonly string[];
}

/** `POST /api/backtest` with a row answers with lines of JSON, the last of which is no progress; it ends with its reader. */
export type BacktestLine =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'tested'; readonly test: BacktestView }
  | { readonly kind: 'failed'; readonly message: string };
