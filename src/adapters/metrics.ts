import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeliveryReport } from '../flows/ports/delivery-report.js';
import type { Summary } from '../flows/summary.js';

/** Shared with template.yaml, whose alarms and dashboard read these names; a test holds them together. */
export const metricNamespace = 'TradingAlerts';

export const metricNames = [
  'RunCompleted',
  'RunDuration',
  'ArmedAlerts',
  'AlertsFired',
  'PushesAccepted',
  'PushesDeferred',
  'PushesRejected',
  'ChannelsRefused',
  'ChannelsGivenUp',
  'SheetRefused',
  'SheetUnavailable',
  'RowErrors',
  'MarketsChecked',
  'MarketsFailed',
  'ExchangesDown',
  'RequestsFailed',
  'OldestUndelivered',
  'WorkLeft',
  'Problems',
] as const;
type MetricName = (typeof metricNames)[number];

/** Of a stack with the fan-out alone. The worker counts what it sends under the names above. */
export const fanOutMetricNames = ['AlertsRung', 'DeliveriesUnfinished', 'MessagesDropped'] as const;

/** `MarketsFailed` is counted by exchange too. */
export const exchangeDimension = 'exchange';

const units: Partial<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  RunDuration: MetricUnit.Milliseconds,
  OldestUndelivered: MetricUnit.Seconds,
};

/**
 * Told at every run. CloudWatch charges by the metric and the hour, and the first ten are free: so what went wrong is told
 * only when something did, and its alarms take silence for well. https://aws.amazon.com/cloudwatch/pricing/
 */
const steady: ReadonlySet<string> = new Set<MetricName>([
  'RunCompleted',
  'RunDuration',
  'ArmedAlerts',
  'AlertsFired',
  'PushesAccepted',
  'MarketsChecked',
  'OldestUndelivered',
]);

/** What became of what was sent, whoever sent it. */
function pushMetrics({ fired, untold }: Pick<Summary, 'fired' | 'untold'>) {
  const count = (outcome: string): number => fired.filter((each) => each.outcome === outcome).length;
  const onChannels = (outcome: string): number =>
    untold.reduce((sum, each) => (each.outcome === outcome ? sum + each.alerts : sum), 0);
  return {
    PushesAccepted: count('accepted'),
    PushesDeferred: count('deferred'),
    PushesRejected: count('rejected'),
    // Also where another channel accepted, so that the alert as a whole was told.
    ChannelsRefused: onChannels('rejected'),
    ChannelsGivenUp: onChannels('given-up'),
  };
}

/** Everything that is counted of a run. */
export function metricsOf(
  summary: Summary,
  isComplete: boolean,
): Readonly<Record<MetricName, number> & { AlertsRung?: number }> {
  const { sheet, fired, markets, left } = summary;
  const rung = fired.filter(({ outcome }) => outcome === 'rung').length;
  return {
    RunCompleted: isComplete ? 1 : 0,
    RunDuration: summary.durationMs,
    ArmedAlerts: summary.armed,
    AlertsFired: fired.length,
    ...pushMetrics(summary),
    SheetRefused: sheet.status === 'refused' ? 1 : 0,
    SheetUnavailable: sheet.status === 'unavailable' ? 1 : 0,
    RowErrors: sheet.rowErrors.length,
    MarketsChecked: markets.checked,
    MarketsFailed: markets.failed.length,
    ExchangesDown: summary.exchanges.filter(({ state }) => state !== 'up').length,
    RequestsFailed: Object.values(summary.requests).reduce((sum, { failed }) => sum + failed, 0),
    OldestUndelivered: summary.undelivered.oldestSeconds,
    WorkLeft: left.rows + left.markets + left.pushes,
    Problems: summary.problems.length,
    ...(rung > 0 && { AlertsRung: rung }),
  };
}

/** Everything that is counted of a batch of messages. */
export const deliveryMetricsOf = (report: DeliveryReport): Readonly<Record<string, number>> => ({
  ...pushMetrics(report),
  AlertsRung: report.rungAgain.length,
  DeliveriesUnfinished: report.unfinished.length,
  MessagesDropped: report.dropped.length,
  Problems: report.problems.length,
});

function publish(metrics: Metrics, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value > 0 || steady.has(name)) metrics.addMetric(name, units[name as MetricName] ?? MetricUnit.Count, value);
  }
  metrics.publishStoredMetrics();
}

/** One line a batch, beside those of the checks: what is sent adds up. */
export function createDeliveryMetrics(): (report: DeliveryReport) => void {
  const metrics = new Metrics({ namespace: metricNamespace });
  return (report) => publish(metrics, deliveryMetricsOf(report));
}

/**
 * One line a run in CloudWatch's embedded metric format, and one more for each exchange that failed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * The service is the stack's name, so that two stacks are told apart.
 */
export function createMetrics(): (summary: Summary, isComplete: boolean) => void {
  const metrics = new Metrics({ namespace: metricNamespace });
  return (summary, isComplete) => {
    // A dry run says nothing about the real ones.
    if (summary.dryRun) return;
    publish(metrics, metricsOf(summary, isComplete));
    const exchanges = new Set(summary.markets.failed.map(({ exchange }) => exchange));
    for (const exchange of exchanges) {
      const failed = summary.markets.failed.filter((market) => market.exchange === exchange).length;
      metrics
        .singleMetric()
        .addDimension(exchangeDimension, exchange)
        .addMetric('MarketsFailed', MetricUnit.Count, failed);
    }
  };
}
