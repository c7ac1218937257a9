import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { sourceNames } from '../../domain/market.js';

const outcomes = ['accepted', 'deferred', 'rejected', 'given-up'] as const;
/** A check has two minutes at most. */
const durationBuckets = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120];

/** https://prometheus.io/docs/practices/naming/ */
export function createSeries(channels: readonly string[]) {
  const registry = new Registry();
  const named = (name: string, help: string) => ({ name: `trading_alerts_${name}`, help, registers: [registry] });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ ...named(name, help), labelNames });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ ...named(name, help), labelNames });
  const series = {
    checks: counter('checks_total', 'Checks, and those in which no exchange gave a price', 'outcome'),
    duration: new Histogram({
      ...named('check_duration_seconds', 'How long a check took'),
      buckets: durationBuckets,
    }),
    lastCheck: gauge('last_check_timestamp_seconds', 'When the last check ended, 0 where none is known'),
    fires: counter('fires_total', 'Alerts whose condition was met'),
    notifications: counter(
      'notifications_total',
      'Notifications on a channel by what became of them, deferred ones at each try',
      'channel',
      'outcome',
    ),
    undelivered: gauge('undelivered_notifications', 'Fired alerts that not every channel has settled yet'),
    oldestUndelivered: gauge(
      'oldest_undelivered_seconds',
      'How long the oldest of the undelivered had waited at the last check',
    ),
    armed: gauge('armed_alerts', 'Alerts that the last check watched'),
    alerts: gauge('alerts', 'Stored alerts after the last check', 'status'),
    rowErrors: gauge('row_errors', 'Rows of the sheet that cannot be read'),
    sheetOk: gauge('sheet_ok', '1 where the last check could read the sheet and believed it'),
    marketsChecked: gauge('markets_checked', 'Markets that the last check had a price of'),
    marketsFailed: gauge('markets_failed', 'Markets that the last check had no price of'),
    problems: gauge('check_problems', 'Faults in the last check that stopped nothing else'),
    requests: counter('exchange_requests_total', 'Requests of the checks to an exchange', 'exchange'),
    requestFailures: counter(
      'exchange_request_failures_total',
      'Requests of the checks without an answer, or with HTTP 4xx or 5xx',
      'exchange',
    ),
    requestSeconds: counter(
      'exchange_request_seconds_total',
      'How long the checks waited for their requests in all',
      'exchange',
    ),
    longestRequest: gauge('exchange_longest_request_seconds', 'The longest request of the last check', 'exchange'),
    exchangeUp: gauge('exchange_up', '1 where the exchange answered the last check that asked it', 'exchange'),
  };
  // A series that begins with its first event would hide it from `increase()`.
  for (const outcome of ['checked', 'nothing-checked']) series.checks.inc({ outcome }, 0);
  for (const channel of channels) for (const outcome of outcomes) series.notifications.inc({ channel, outcome }, 0);
  for (const exchange of sourceNames) {
    for (const each of [series.requests, series.requestFailures, series.requestSeconds]) each.inc({ exchange }, 0);
  }
  return { registry, series };
}

export type Series = ReturnType<typeof createSeries>['series'];
