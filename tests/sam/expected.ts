import assert from 'node:assert/strict';
import { metricNames, metricNamespace } from '../../src/adapters/metrics.js';
import type { Summary } from '../../src/flows/summary.js';
import type { Simulators } from '../../src/simulators/start.js';

/** What a check of `rows` in services.ts must answer, whatever runs it. */
export function assertAnswer(
  answer: Summary,
  expected: { dryRun: boolean; fired: readonly string[]; rowErrors: readonly number[] },
): void {
  const { dryRun, sheet, markets, fired, problems } = answer;
  assert.deepEqual(
    {
      dryRun,
      sheet: { status: sheet?.status, rows: sheet?.rows, wrong: sheet?.rowErrors.map(({ row }) => row) },
      failed: markets?.failed,
      fired: fired?.map(({ symbol, exchange, price, outcome }) => `${symbol} ${exchange} ${price} ${outcome}`),
      problems,
    },
    {
      dryRun: expected.dryRun,
      sheet: { status: 'ok', rows: 3, wrong: expected.rowErrors },
      failed: [],
      fired: expected.fired.map((outcome) => `BTCUSDT binance 95180.00000000 ${outcome}`),
      problems: [],
    },
    `an unexpected answer: ${JSON.stringify(answer)}`,
  );
}

interface MetricLine {
  readonly _aws: {
    CloudWatchMetrics: readonly { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
  readonly service: string;
  readonly [metric: string]: unknown;
}

/** The metrics among the log lines, as CloudWatch would find them. */
export function assertMetrics(log: string, service: string): void {
  const lines = log.split('\n').flatMap((line): MetricLine[] => (line.startsWith('{"_aws"') ? [JSON.parse(line)] : []));
  assert.equal(lines.length, 1, `expected one line of metrics, got: ${log}`);
  for (const line of lines) {
    const [told] = line._aws.CloudWatchMetrics;
    assert.equal(told?.Namespace, metricNamespace);
    assert.deepEqual(told.Dimensions, [['service']]);
    assert.equal(line.service, service);
    const unknown = told.Metrics.map(({ Name }) => Name).filter((name) => !metricNames.some((known) => known === name));
    assert.deepEqual(unknown, []);
    assert.deepEqual([line.RunCompleted, line.AlertsFired, line.RowErrors], [1, 1, 1]);
  }
}

/** The alert once, and once the row with the mistake; both to the user whom the rows name. */
export function assertTold({ pushover, secret }: Simulators): void {
  const told = pushover.received.map(({ title, user }) => ({ title, user }));
  const user = secret.pushover_users.dmitry;
  const byTitle = told.toSorted((a, b) => a.title.localeCompare(b.title));
  assert.deepEqual(byTitle, [
    { title: 'BTCUSDT above 95000', user },
    { title: 'Row 4 of the sheet is wrong', user },
  ]);
}
