import type { Ports } from '../../flows/ports/ports.js';
import type { FiredAlert, KeptSummary, Summary } from '../../flows/summary.js';
import { createSeries, type Series } from './metric-series.js';

/** What Prometheus reads of the checks: those of this program, and those of others by the summary that each leaves. */
export interface CheckMetrics {
  /** A check of this program has ended. */
  note(summary: Summary): void;
  /** A check of another program is known by its stored summary. Throws the store's error. */
  look(): Promise<void>;
  /** The answer to a scraper, after a look. */
  text(): Promise<string>;
  readonly contentType: string;
}

function show(series: Series, { summary, leftOut }: KeptSummary): void {
  const { startedAt, durationMs, undelivered, alerts, sheet, markets, exchanges } = summary;
  const all = (list: readonly unknown[], name: string): number => list.length + (leftOut[name] ?? 0);
  series.lastCheck.set((Date.parse(startedAt) + durationMs) / 1_000);
  series.undelivered.set(undelivered.count);
  series.oldestUndelivered.set(undelivered.oldestSeconds);
  series.armed.set(summary.armed);
  for (const [status, count] of Object.entries(alerts)) series.alerts.set({ status }, count);
  series.rowErrors.set(all(sheet.rowErrors, 'sheet.rowErrors'));
  series.sheetOk.set(sheet.status === 'ok' ? 1 : 0);
  series.marketsChecked.set(markets.checked);
  series.marketsFailed.set(all(markets.failed, 'markets.failed'));
  series.problems.set(all(summary.problems, 'problems'));
  for (const { exchange, state } of exchanges) series.exchangeUp.set({ exchange }, state === 'up' ? 1 : 0);
  for (const [exchange, { longestMs }] of Object.entries(summary.requests)) {
    series.longestRequest.set({ exchange }, longestMs / 1_000);
  }
}

/** By fire: what became of its channels, while a later check may go on with it. */
type Waiting = Map<string, ReadonlyMap<string, string>>;

const fireKey = ({ alertId, touchedAt }: FiredAlert): string => `${alertId} ${touchedAt}`;

function remember(waiting: Waiting, fired: FiredAlert): void {
  if (fired.outcome === 'accepted') waiting.delete(fireKey(fired));
  else waiting.set(fireKey(fired), new Map(fired.channels.map(({ channel, outcome }) => [channel, outcome])));
}

/** A check tells of all channels of a fire, also of those that one before has settled. */
function countFire(series: Series, waiting: Waiting, fired: FiredAlert): void {
  const known = waiting.get(fireKey(fired));
  if (known === undefined) series.fires.inc();
  for (const { channel, outcome } of fired.channels) {
    if (outcome === 'deferred' || known?.get(channel) !== outcome) series.notifications.inc({ channel, outcome });
  }
}

function count(series: Series, waiting: Waiting, { summary, leftOut }: KeptSummary): void {
  const { markets, durationMs, requests, fired } = summary;
  const isNothing = markets.checked === 0 && markets.failed.length > 0;
  series.checks.inc({ outcome: isNothing ? 'nothing-checked' : 'checked' });
  series.duration.observe(durationMs / 1_000);
  for (const each of fired) countFire(series, waiting, each);
  series.fires.inc(leftOut.fired ?? 0);
  for (const [exchange, { sent, failed, meanMs }] of Object.entries(requests)) {
    series.requests.inc({ exchange }, sent);
    series.requestFailures.inc({ exchange }, failed);
    series.requestSeconds.inc({ exchange }, (sent * meanMs) / 1_000);
  }
}

/** More programs than this do not check one table at a time. */
const mostRemembered = 100;

export function createCheckMetrics({
  store,
  notifiers,
}: {
  readonly store: Pick<Ports['store'], 'readSummary'>;
  readonly notifiers: Pick<Ports['notifiers'], 'channelNames'>;
}): CheckMetrics {
  const { registry, series } = createSeries(notifiers.channelNames);
  const waiting: Waiting = new Map();
  const seen = new Set<string>();
  let hasLooked = false;

  function take(kept: KeptSummary, isCounted: boolean): void {
    const { runId, dryRun, fired, undelivered } = kept.summary;
    if (dryRun || seen.has(runId)) return;
    seen.add(runId);
    for (const oldest of seen) if (seen.size > mostRemembered) seen.delete(oldest);
    show(series, kept);
    if (isCounted) count(series, waiting, kept);
    for (const each of fired) remember(waiting, each);
    if (undelivered.count === 0) waiting.clear();
  }

  async function look(): Promise<void> {
    const kept = await store.readSummary();
    // A check from before the start was counted by the program that ran then.
    if (kept !== undefined) take(kept, hasLooked);
    hasLooked = true;
  }

  return {
    note: (summary) => take({ summary, leftOut: {} }, true),
    look,
    async text() {
      await look();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
