import { expect, jest, test } from '@jest/globals';
import { createMetrics, exchangeDimension, metricNames, metricNamespace } from '../../src/adapters/metrics.js';
import { fired, quietSummary } from '../support/summary.js';

const summary = quietSummary({
  sheet: { status: 'refused', rows: 3, rowErrors: [{ row: 2, message: 'wrong' }], warnings: [] },
  undelivered: { count: 1, oldestSeconds: 61 },
  markets: {
    checked: 4,
    failed: [
      { exchange: 'bybit', symbol: 'A', reason: 'x' },
      { exchange: 'bybit', symbol: 'B', reason: 'x' },
      { exchange: 'coinbase', symbol: 'C', reason: 'x' },
    ],
  },
  fired: (['accepted', 'accepted', 'deferred', 'rejected'] as const).map((outcome) => fired({ outcome })),
  untold: [
    { user: 'anna', channel: 'telegram', outcome: 'rejected', alerts: 2, alertId: '1' },
    { user: 'anna', channel: 'discord', outcome: 'given-up', alerts: 1, alertId: '1' },
  ],
  exchanges: [
    { exchange: 'bybit', state: 'down', since: '2026-11-20T11:00:00.000Z', reason: 'x' },
    { exchange: 'binance', state: 'up' },
  ],
  requests: {
    bybit: { sent: 3, failed: 3, meanMs: 5000, longestMs: 5000 },
    'binance.P': { sent: 4, failed: 1, meanMs: 120, longestMs: 300 },
  },
  left: { rows: 1, markets: 2, pushes: 3 },
  problems: ['one'],
});

/** The lines that CloudWatch reads: JSON objects on standard output, each with its directive. */
function emitted(act: () => void): Record<string, unknown>[] {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    act();
  } finally {
    write.mockRestore();
  }
  return written
    .join('')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

test('a run is one line in the embedded metric format, and one for each exchange that failed', () => {
  process.env.POWERTOOLS_SERVICE_NAME = 'my-stack';
  const [run, ...byExchange] = emitted(() => createMetrics()(summary, true));
  expect(run).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Namespace: metricNamespace, Dimensions: [['service']] }] },
    service: 'my-stack',
    RunCompleted: 1,
    RunDuration: 432,
    ArmedAlerts: 5,
    AlertsFired: 4,
    PushesAccepted: 2,
    PushesDeferred: 1,
    PushesRejected: 1,
    ChannelsRefused: 2,
    ChannelsGivenUp: 1,
    SheetRefused: 1,
    RowErrors: 1,
    MarketsChecked: 4,
    MarketsFailed: 3,
    ExchangesDown: 1,
    RequestsFailed: 4,
    OldestUndelivered: 61,
    WorkLeft: 6,
    Problems: 1,
  });
  const { _aws } = run as { _aws: { CloudWatchMetrics: { Metrics: { Name: string; Unit: string }[] }[] } };
  const metrics = _aws.CloudWatchMetrics[0]?.Metrics ?? [];
  expect(metrics.map(({ Name }) => Name).toSorted()).toEqual(
    metricNames.filter((name) => name !== 'SheetUnavailable').toSorted(),
  );
  expect(metrics.filter(({ Unit }) => Unit !== 'Count')).toEqual([
    { Name: 'RunDuration', Unit: 'Milliseconds' },
    { Name: 'OldestUndelivered', Unit: 'Seconds' },
  ]);
  expect(byExchange.map((line) => [line[exchangeDimension], line.MarketsFailed])).toEqual([
    ['bybit', 2],
    ['coinbase', 1],
  ]);
});

test('a run that checked nothing is not counted as completed', () => {
  expect(emitted(() => createMetrics()(summary, false))[0]).toMatchObject({ RunCompleted: 0 });
});

test('a dry run says nothing', () => {
  expect(emitted(() => createMetrics()({ ...summary, dryRun: true }, true))).toEqual([]);
});

test('a quiet run tells seven metrics, as many as are free, so that the others cost nothing until they are needed', () => {
  const [run, ...more] = emitted(() => createMetrics()(quietSummary(), true));
  const { _aws } = run as { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };
  expect(_aws.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name)).toEqual([
    'RunCompleted',
    'RunDuration',
    'ArmedAlerts',
    'AlertsFired',
    'PushesAccepted',
    'MarketsChecked',
    'OldestUndelivered',
  ]);
  expect(more).toEqual([]);
});
