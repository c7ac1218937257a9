import { describe, expect, test } from '@jest/globals';
import { exchangeDimension, fanOutMetricNames, metricNames, metricNamespace } from '../../src/adapters/metrics.js';
import { exchangeNames } from '../../src/domain/market.js';
import { everySource } from '../support/every-exchange.js';
import { properties, resourcesOfType } from '../support/template.js';

type Options = Readonly<Record<string, string | number>>;

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly region?: string;
    readonly view?: string;
    readonly stat?: string;
    readonly period?: number;
    readonly metrics?: readonly (readonly (string | Options)[])[];
    readonly annotations?: { horizontal: readonly { label: string; value: number }[] };
    readonly alarms?: readonly string[];
    readonly markdown?: string;
    readonly query?: string;
  };
}

function readDashboard(parameters: Record<string, string> = {}): { start: string; widgets: Widget[] } {
  return JSON.parse(properties<{ DashboardBody: string }>('Dashboard', { parameters }).DashboardBody);
}

const { widgets, start } = readDashboard();
const graphs = widgets.filter(({ type }) => type === 'metric');
const withFanOut = readDashboard({ FanOut: 'true' }).widgets;
/** Of a stack with the fan-out alone. */
const added = withFanOut.filter(({ properties: { title = '' } }) => title.startsWith('Fan-out'));

interface Line {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
}

function linesOf({ properties: { metrics = [], stat = 'Average' } }: Widget): Line[] {
  return metrics.map((metric) => {
    const words = metric.filter((word): word is string => typeof word === 'string');
    const options = metric.find((word): word is Options => typeof word === 'object') ?? {};
    const [namespace = '', name = '', ...dimensions] = words;
    const pairs = dimensions.flatMap((word, index) => (index % 2 === 0 ? [[word, dimensions[index + 1] ?? '']] : []));
    return { namespace, name, dimensions: Object.fromEntries(pairs), stat: String(options.stat ?? stat) };
  });
}

/** What AWS itself reports. */
const reported: Readonly<Record<string, { names: readonly string[]; dimensions: readonly Record<string, string>[] }>> =
  {
    'AWS/Lambda': {
      names: ['Errors', 'Throttles', 'Duration'],
      dimensions: [{ FunctionName: 'CheckFunction' }, { FunctionName: 'DeliverFunction' }],
    },
    'AWS/SQS': {
      names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
      dimensions: ['DeadLetters', 'Doorbells', 'UnheardDoorbells'].map((id) => ({ QueueName: `${id}.QueueName` })),
    },
    'AWS/DynamoDB': {
      names: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'WriteThrottleEvents'],
      dimensions: [
        { TableName: 'AlertTable' },
        { TableName: 'AlertTable', GlobalSecondaryIndexName: 'entity_type-index' },
      ],
    },
  };

const service = { service: 'my-stack' };

describe.each([...graphs, ...added].map((widget) => [widget.properties.title ?? '', widget] as const))(
  '%s',
  (_, widget) => {
    test('shows metrics that the code emits or AWS reports', () => {
      expect(linesOf(widget)).not.toEqual([]);
      for (const { namespace, name, dimensions } of linesOf(widget)) {
        if (namespace === metricNamespace) {
          expect([...metricNames, ...(added.includes(widget) ? fanOutMetricNames : [])]).toContain(name);
          if (exchangeDimension in dimensions) {
            expect(name).toBe('MarketsFailed');
            expect(dimensions).toEqual({ ...service, [exchangeDimension]: expect.stringMatching(/^[a-z]+$/) });
          } else expect(dimensions).toEqual(service);
        } else {
          expect(reported[namespace]?.names).toContain(name);
          expect(reported[namespace]?.dimensions).toContainEqual(dimensions);
        }
      }
    });

    test('writes each metric as CloudWatch reads it: namespace, name, dimensions in pairs, options last', () => {
      for (const metric of widget.properties.metrics ?? []) {
        const kinds = metric.map((word) => (typeof word === 'string' ? 's' : typeof word === 'object' ? 'o' : '?'));
        expect(kinds.join('')).toMatch(/^ss(ss)+o?$/);
      }
    });

    test('has a region, a view, a period and statistics that CloudWatch knows', () => {
      const { region, view, period = 0 } = widget.properties;
      expect(region).toBe('eu-central-1');
      expect(['timeSeries', 'singleValue']).toContain(view);
      expect(period > 0 && period % 60 === 0).toBe(true);
      const statistics = /^(Sum|Average|Maximum|Minimum|SampleCount|p(100|\d{1,2}(\.\d+)?))$/;
      expect(linesOf(widget).filter(({ stat }) => !statistics.test(stat))).toEqual([]);
    });
  },
);

describe('the whole', () => {
  test.each(['false', 'true'])('fits the 24 columns, and no widget lies on another; fan-out: %s', (FanOut) => {
    const all = readDashboard({ FanOut }).widgets;
    const cells = all.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => `${x + (index % width)}:${y + Math.floor(index / width)}`),
    );
    expect(all.filter(({ x, width }) => x < 0 || x + width > 24)).toEqual([]);
    expect(new Set(cells).size).toBe(cells.length);
    expect(start).toBe('-PT24H');
  });

  test.each(['false', 'true'])('begins with every alarm; fan-out: %s', (FanOut) => {
    const parameters = { FanOut };
    const { type, properties: first } = readDashboard(parameters).widgets[0] as Widget;
    expect(type).toBe('alarm');
    expect(first.alarms).toEqual(resourcesOfType('AWS::CloudWatch::Alarm', { parameters }).map(([id]) => `${id}.Arn`));
  });

  test('of a stack with the fan-out shows all else as before, its metrics, and what the deliveries say', () => {
    const shown = new Set(added.flatMap(linesOf).map(({ name }) => name));
    expect(fanOutMetricNames.filter((name) => !shown.has(name))).toEqual([]);
    const others = withFanOut.filter((widget) => !added.includes(widget));
    expect(others.slice(1, -1)).toEqual(widgets.slice(1, -1));
    expect(others.at(-1)?.properties.query).toContain("message = 'check' or message = 'deliver' or level in");
  });

  test('shows every metric that the code emits', () => {
    const shown = new Set(graphs.flatMap(linesOf).map(({ name }) => name));
    expect(metricNames.filter((name) => !shown.has(name))).toEqual([]);
  });

  test('shows the failures of each exchange', () => {
    const shown = graphs.flatMap(linesOf).flatMap(({ dimensions }) => dimensions[exchangeDimension] ?? []);
    expect(shown).toEqual([...exchangeNames]);
  });

  test('shows how long each exchange takes to answer, from the log line, which costs no metric', () => {
    const asked = widgets.flatMap(({ properties: { query = '' } }) => [...query.matchAll(/`(requests\.[^`]+)`/g)]);
    expect(asked.map(([, field]) => field)).toEqual(everySource.map((name) => `requests.${name}.meanMs`));
  });

  test('shows the three rules for the fan-out, with the line of each', () => {
    const rules = readDashboard({ FanOutThreshold: '150' }).widgets.filter(({ properties: { title = '' } }) =>
      /^[123]\. /.test(title),
    );
    expect(rules.map(({ properties: { title, annotations } }) => [title, annotations?.horizontal[0]?.value])).toEqual([
      ['1. More than 150 armed alerts', 150],
      ['2. Checks over 30 seconds', 30_000],
      ['3. Single alerts worth a retry of their own', undefined],
    ]);
  });

  test('ends with the log of this stack', () => {
    const last = widgets.at(-1);
    expect(last?.type).toBe('log');
    expect(last?.properties.query).toMatch(/^SOURCE 'CheckLogGroup' \| fields @timestamp, /);
  });
});
