import type { Alert, AlertStatus, Trigger } from '../domain/alert.js';
import type { ChannelReport } from '../domain/delivery/report.js';
import type { NotFiredReason } from '../domain/evaluation.js';
import type { Outages } from '../domain/exchange-health.js';
import { reachedText } from '../domain/funding.js';
import { type Market, type SourceName, shownSymbol, sourceNames } from '../domain/market.js';

/** `rung`: claimed, and left to another function to tell. */
export type Outcome = 'accepted' | 'deferred' | 'rejected' | 'rung' | 'dry-run';

export interface FiredAlert {
  readonly alertId: string;
  readonly symbol: string;
  /** The exchange that gave the price. */
  readonly exchange: string;
  readonly condition: string;
  readonly targetPrice: string;
  readonly price: string;
  /** ISO 8601, UTC. */
  readonly touchedAt: string;
  readonly outcome: Outcome;
  /** Why it was not accepted, and when it is tried again. */
  readonly detail?: string;
  readonly channels: readonly ChannelReport[];
}

export interface FailedMarket extends Pick<Market, 'exchange' | 'symbol'> {
  readonly reason: string;
}

/** What a run sent to an exchange, or to its perpetuals; in the times, what it waited to keep to the exchange's pace. */
export interface SourceRequests {
  readonly sent: number;
  /** Without an answer, or with HTTP 4xx or 5xx. */
  readonly failed: number;
  readonly meanMs: number;
  readonly longestMs: number;
}

/** `blocked` does not pass by itself, `down` does. */
export interface ExchangeState {
  /** Its perpetuals by themselves, as `binance.P`. */
  readonly exchange: SourceName;
  readonly state: 'up' | 'down' | 'blocked';
  /** ISO 8601, UTC; of an exchange that is not up. */
  readonly since?: string;
  readonly reason?: string;
}

/** What became of the sheet's answer columns. */
export interface AnswersSummary {
  /** Cells. */
  readonly written: number;
  /** What was not written, and why. */
  readonly refused: readonly string[];
}

export interface SheetSummary {
  readonly status: 'ok' | 'refused' | 'unavailable';
  readonly rows: number;
  readonly rowErrors: readonly { row: number; message: string }[];
  /** Why the sheet was refused or unavailable, and what to do. */
  readonly message?: string;
  readonly warnings: readonly string[];
  /** Left out where the sheet has no columns for answers, and in a dry run. */
  readonly answers?: AnswersSummary;
}

/** A channel on which one user was not told, and will not be by itself. */
export interface Untold {
  readonly user: string;
  readonly channel: string;
  /** `rejected`: refused for good. `given-up`: tried for long enough, and told on another channel. */
  readonly outcome: 'rejected' | 'given-up';
  /** How many alerts it concerns; `alertId` is the first of them, and `detail` what its channel said. */
  readonly alerts: number;
  readonly alertId: string;
  readonly detail?: string;
}

/** The answer of a check: the Lambda's return value, its one log line, and what the terminal shows. */
export interface Summary {
  readonly runId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly dryRun: boolean;
  readonly sheet: SheetSummary;
  readonly alerts: Readonly<Record<AlertStatus | 'paused', number>>;
  /** How many were armed when the prices were asked for. */
  readonly armed: number;
  readonly markets: { readonly checked: number; readonly failed: readonly FailedMarket[] };
  /** The exchanges that were asked. */
  readonly exchanges: readonly ExchangeState[];
  readonly requests: Readonly<Partial<Record<SourceName, SourceRequests>>>;
  readonly fired: readonly FiredAlert[];
  /** On which channels of which users nothing more is tried, though they are channels of the alert. */
  readonly untold: readonly Untold[];
  /** Claimed, and not yet accepted by every channel. */
  readonly undelivered: { readonly count: number; readonly oldestSeconds: number };
  /** How many armed alerts stayed silent, by reason. */
  readonly silent: Readonly<Partial<Record<NotFiredReason, number>>>;
  /** What the time did not suffice for; the next run goes on with it. */
  readonly left: { readonly rows: number; readonly markets: number; readonly pushes: number };
  /** Faults that stopped nothing else. */
  readonly problems: readonly string[];
  /** What the owner should do soon, though nothing failed. */
  readonly advice: readonly string[];
}

/** The last answer as it is kept: the first entries of its lists, and how many were left out of which, as `markets.failed`. */
export interface KeptSummary {
  readonly summary: Summary;
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Where there is but one channel, its own words. */
function detailOf(channels: readonly ChannelReport[]): string | undefined {
  const [only] = channels;
  if (channels.length <= 1) return only?.detail;
  const details = channels.flatMap(({ channel, detail }) => (detail === undefined ? [] : [`${channel}: ${detail}`]));
  return details.length === 0 ? undefined : details.join('. ');
}

export function firedAlert(
  alert: Alert,
  trigger: Trigger,
  outcome: Outcome,
  channels: readonly ChannelReport[],
): FiredAlert {
  const detail = detailOf(channels);
  return {
    alertId: alert.id,
    symbol: shownSymbol(trigger.market),
    exchange: trigger.market.exchange,
    condition: alert.condition.kind,
    targetPrice: alert.condition.target.text,
    price: reachedText(trigger),
    touchedAt: new Date(trigger.touchedAt).toISOString(),
    outcome,
    ...(detail === undefined ? {} : { detail }),
    channels,
  };
}

export function undeliveredOf(alerts: Iterable<Alert>, now: number): Summary['undelivered'] {
  const ages = [...alerts].flatMap((alert) => (alert.status === 'notifying' ? [now - alert.delivery.claimedAt] : []));
  return { count: ages.length, oldestSeconds: Math.round(ages.reduce((a, b) => Math.max(a, b), 0) / 1000) };
}

export function exchangeStates(observed: ReadonlyMap<SourceName, unknown>, outages: Outages): readonly ExchangeState[] {
  return sourceNames
    .filter((exchange) => observed.has(exchange))
    .map((exchange) => {
      const outage = outages[exchange];
      if (outage === undefined) return { exchange, state: 'up' };
      const state = outage.isPermanent ? 'blocked' : 'down';
      return { exchange, state, since: new Date(outage.since).toISOString(), reason: outage.reason };
    });
}

/** A paused alert is counted as paused only, whatever else it is. */
export function countAlerts(alerts: Iterable<Alert>): Summary['alerts'] {
  const counts = { pending: 0, notifying: 0, triggered: 0, expired: 0, paused: 0 };
  for (const alert of alerts) counts[alert.status === 'pending' && !alert.active ? 'paused' : alert.status] += 1;
  return counts;
}
