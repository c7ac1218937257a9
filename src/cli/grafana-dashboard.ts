/** A query, and what its lines are called. */
type Query = readonly [expr: string, legend: string];

interface PanelSpec {
  readonly title: string;
  /** What it shows, and what to do about it where it is not well. */
  readonly description: string;
  /** https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/#unit */
  readonly unit: 'short' | 's' | 'bool_yes_no';
  readonly queries: readonly Query[];
  /** One number in place of a course; from these on it is orange, and red. */
  readonly levels?: readonly [orange: number, red: number];
  readonly isStacked?: true;
}

const prefix = 'trading_alerts_';
const perHour = (counter: string, by: string) => `sum by (${by}) (increase(${prefix}${counter}[1h])) > 0`;
const quantile = (share: number) =>
  `histogram_quantile(${share}, sum by (le) (rate(${prefix}check_duration_seconds_bucket[1h])))`;

const numbers: readonly PanelSpec[] = [
  {
    title: 'Since the last check',
    description: 'Longer than two intervals: nothing checks. Is the schedule on, or the watch running?',
    ...{ unit: 's', levels: [900, 3_600] },
    queries: [[`time() - ${prefix}last_check_timestamp_seconds`, 'age']],
  },
  {
    title: 'Armed alerts',
    description: 'Alerts that the last check watched',
    ...{ unit: 'short', queries: [[`${prefix}armed_alerts`, 'armed']] },
  },
  {
    title: 'Not yet delivered',
    description: 'Fired, and not settled by every channel: a quota is used up, or a service is down',
    ...{ unit: 'short', levels: [1, 10], queries: [[`${prefix}undelivered_notifications`, 'notifications']] },
  },
  {
    title: 'Wrong rows',
    description: 'Rows of the sheet that cannot be read; the page says what to write instead',
    ...{ unit: 'short', levels: [1, 10], queries: [[`${prefix}row_errors`, 'rows']] },
  },
  {
    title: 'Sheet not read',
    description: 'Yes: it could not be read, or was not believed. The last check says what to do',
    ...{ unit: 'bool_yes_no', levels: [1, 1], queries: [[`1 - ${prefix}sheet_ok`, 'not read']] },
  },
  {
    title: 'Problems in the last check',
    description: 'Faults that stopped nothing else',
    ...{ unit: 'short', levels: [1, 10], queries: [[`${prefix}check_problems`, 'problems']] },
  },
];

const courses: readonly PanelSpec[] = [
  {
    title: 'Alerts fired in the last hour',
    description: 'Each fire once, whatever became of its notifications',
    ...{ unit: 'short', queries: [[`increase(${prefix}fires_total[1h])`, 'fired']] },
  },
  {
    title: 'Notifications in the last hour',
    description: 'Rejected: a key or an address is wrong. Given up: tried for an hour, and told on another channel',
    unit: 'short',
    queries: [[perHour('notifications_total', 'channel, outcome'), '{{channel}} {{outcome}}']],
  },
  {
    title: 'Time of a check',
    description: 'Half of the checks of an hour took less than the first, 95 of 100 less than the second',
    unit: 's',
    queries: [
      [quantile(0.5), 'half'],
      [quantile(0.95), '95 of 100'],
    ],
  },
  {
    title: 'Checks in the last hour',
    description: 'Nothing-checked: no exchange gave a price',
    ...{ unit: 'short', queries: [[perHour('checks_total', 'outcome'), '{{outcome}}']] },
  },
  {
    title: 'Stored alerts',
    description: 'After the last check, by where they stand',
    ...{ unit: 'short', isStacked: true, queries: [[`${prefix}alerts`, '{{status}}']] },
  },
  {
    title: 'Markets',
    description: 'With and without a price; the windows of the latter stay open until they are seen',
    unit: 'short',
    queries: [
      [`${prefix}markets_checked`, 'with a price'],
      [`${prefix}markets_failed`, 'without a price'],
    ],
  },
  {
    title: 'Exchanges that do not answer',
    description: 'As the last check found them; other exchanges are asked in their place',
    ...{ unit: 'bool_yes_no', queries: [[`1 - ${prefix}exchange_up`, '{{exchange}}']] },
  },
  {
    title: 'Requests in the last hour',
    description: 'To each exchange, and those of them that failed',
    unit: 'short',
    queries: [
      [perHour('exchange_requests_total', 'exchange'), '{{exchange}}'],
      [perHour('exchange_request_failures_total', 'exchange'), '{{exchange}} failed'],
    ],
  },
  {
    title: 'Time of a request',
    description: 'The mean of an hour, and the longest of the last check; waiting for a turn counts',
    unit: 's',
    queries: [
      [
        `rate(${prefix}exchange_request_seconds_total[1h]) / (rate(${prefix}exchange_requests_total[1h]) > 0)`,
        '{{exchange}}',
      ],
      [`${prefix}exchange_longest_request_seconds`, '{{exchange}} longest'],
    ],
  },
  {
    title: 'Longest wait for a channel',
    description: 'Of what is not yet delivered, at the last check',
    ...{ unit: 's', queries: [[`${prefix}oldest_undelivered_seconds`, 'oldest']] },
  },
];

/** In a grid of 24 columns. */
interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const datasource = { type: 'prometheus', uid: '$datasource' };
const green = { color: 'green', value: null };

function panel(spec: PanelSpec, id: number, gridPos: GridPos) {
  const { title, description, unit, levels, isStacked, queries } = spec;
  const isNumber = numbers.includes(spec);
  const steps = [green, ...(levels ?? []).map((value, index) => ({ color: index === 0 ? 'orange' : 'red', value }))];
  const stacking = { mode: isStacked ? 'normal' : 'none' };
  const custom = { drawStyle: 'line', fillOpacity: isStacked ? 30 : 10, showPoints: 'never', stacking };
  return {
    id,
    type: isNumber ? 'stat' : 'timeseries',
    ...{ title, description, datasource, gridPos },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      ...{ datasource, expr, legendFormat, range: !isNumber, instant: isNumber },
    })),
    fieldConfig: {
      defaults: {
        ...{ unit, min: 0, decimals: unit === 's' ? 1 : 0 },
        thresholds: { mode: 'absolute', steps },
        ...(isNumber ? {} : { custom }),
      },
      overrides: [],
    },
    options: isNumber
      ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'none' }
      : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

/** Grafana's own form, for its import. https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export function grafanaDashboard() {
  const size = { number: { w: 4, h: 4 }, course: { w: 12, h: 8 } };
  const top = numbers.map((spec, index) => panel(spec, index + 1, { x: index * size.number.w, y: 0, ...size.number }));
  const rest = courses.map((spec, index) => {
    const place = { x: (index % 2) * size.course.w, y: size.number.h + Math.floor(index / 2) * size.course.h };
    return panel(spec, numbers.length + index + 1, { ...place, ...size.course });
  });
  return {
    ...{ uid: 'trading-alerts', title: 'Trading alerts', tags: ['trading-alerts'], schemaVersion: 39, version: 1 },
    ...{ editable: true, timezone: 'browser', refresh: '1m', time: { from: 'now-24h', to: 'now' } },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: [...top, ...rest],
  };
}
