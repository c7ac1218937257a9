import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KeptSummary, Summary } from '../../../src/flows/summary.js';
import { createCheckMetrics } from '../../../src/page/server/check-metrics.js';
import { oneForAll } from '../../support/lifetime.js';
import { openTestPage } from '../../support/page.js';
import { hasPromtool, namingFaults, parseMetrics, promtool } from '../../support/prometheus.js';
import { fired, quietSummary } from '../../support/summary.js';

const csv = [
  'symbol,condition,price,id,active',
  'BTCUSDT,above,94000,fires,',
  'BTCUSDT,below,50000,armed,',
  'ETHUSDT,above,9000,paused,FALSE',
  'NOSUCHUSDT,above,1,nosuch,',
  'ETHUSDT,above,"9,000",,',
].join('\n');

const page = oneForAll(() => openTestPage(csv));

const scraped = async () => {
  const response = await fetch(`${page.url}/metrics`);
  return { type: response.headers.get('content-type'), text: await response.text() };
};

test('a scraper reads what the check did, by the rules of the format and of names', async () => {
  await page.check();
  const { type, text } = await scraped();
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
  const families = parseMetrics(text);
  const samples = (name: string) => Object.fromEntries(families.get(`trading_alerts_${name}`)?.samples ?? []);
  expect(namingFaults(families)).toEqual([]);
  expect(samples('checks_total')).toEqual({ '{outcome="checked"}': 1, '{outcome="nothing-checked"}': 0 });
  expect(samples('check_duration_seconds')).toMatchObject({ '_bucket{le="+Inf"}': 1, _count: 1 });
  expect(samples('last_check_timestamp_seconds')['']).toBeGreaterThan(Date.now() / 1_000 - 600);
  expect(samples('fires_total')).toEqual({ '': 1 });
  expect(samples('notifications_total')).toMatchObject({
    '{channel="pushover",outcome="accepted"}': 1,
    '{channel="pushover",outcome="deferred"}': 0,
    '{channel="telegram",outcome="accepted"}': 0,
  });
  expect(samples('alerts')).toMatchObject({ '{status="triggered"}': 1, '{status="paused"}': 1 });
  expect(samples('armed_alerts')).toEqual({ '': 3 });
  expect(samples('row_errors')).toEqual({ '': 1 });
  expect(samples('sheet_ok')).toEqual({ '': 1 });
  expect(samples('markets_failed')).toEqual({ '': 1 });
  expect(samples('undelivered_notifications')).toEqual({ '': 0 });
  expect(samples('exchange_requests_total')['{exchange="binance"}']).toBeGreaterThan(0);
  expect(samples('exchange_request_failures_total')).toMatchObject({
    '{exchange="binance"}': 0,
    '{exchange="okx"}': 0,
  });
  expect(samples('exchange_up')).toMatchObject({ '{exchange="binance"}': 1 });
  const buckets = [...(families.get('trading_alerts_check_duration_seconds')?.samples ?? [])];
  const counts = buckets.filter(([key]) => key.startsWith('_bucket')).map(([, count]) => count);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  if (hasPromtool()) expect(promtool(['check', 'metrics'], text)).toBe('');
});

test('what is no text of the format, or named against the rules, is found', () => {
  const gauge = '# HELP trading_alerts_rows Rows\n# TYPE trading_alerts_rows gauge\n';
  expect(() => parseMetrics(`${gauge}trading_alerts_rows 1\ntrading_alerts_rows 2\n`)).toThrow('said twice');
  expect(() => parseMetrics(`${gauge}trading_alerts_rows{a="b} 1\n`)).toThrow('no sample');
  expect(() => parseMetrics('trading_alerts_rows 1\n')).toThrow('expected a help first');
  const named = '# HELP trading_alerts_age_ms age.\n# TYPE trading_alerts_age_ms counter\ntrading_alerts_age_ms 1\n';
  expect(namingFaults(parseMetrics(named))).toHaveLength(3);
});

describe('counting', () => {
  let stored: KeptSummary | undefined;
  let metrics: ReturnType<typeof createCheckMetrics>;
  beforeEach(() => {
    stored = undefined;
    metrics = createCheckMetrics({ store: { readSummary: async () => stored }, notifiers: { channelNames: ['ntfy'] } });
  });

  const keep = (runId: string, change: Partial<Summary> = {}, leftOut: KeptSummary['leftOut'] = {}) => {
    stored = { summary: quietSummary({ runId, ...change }), leftOut };
    return stored.summary;
  };
  const read = async (name: string, labels = '') => {
    const families = parseMetrics(await metrics.text());
    return families.get(`trading_alerts_${name}`)?.samples.get(labels);
  };
  const checks = () => read('checks_total', '{outcome="checked"}');

  test('the check before the start is shown, and not counted again; later ones of other programs are, once', async () => {
    keep('before', { armed: 7, fired: [fired()] });
    expect([await checks(), await read('fires_total'), await read('armed_alerts')]).toEqual([0, 0, 7]);
    keep('later', { armed: 8, fired: [fired({ alertId: '2' })] });
    expect([await checks(), await read('fires_total'), await read('armed_alerts')]).toEqual([1, 1, 8]);
    expect([await checks(), await read('fires_total')]).toEqual([1, 1]);
  });

  test('the first check of an empty store is counted', async () => {
    expect(await checks()).toBe(0);
    keep('first');
    expect(await checks()).toBe(1);
  });

  test('a check of this program is counted whole, and its stored summary not once more', async () => {
    await metrics.look();
    metrics.note(keep('own', { requests: { 'binance.P': { sent: 3, failed: 1, meanMs: 200, longestMs: 450 } } }));
    expect([await checks(), await read('exchange_requests_total', '{exchange="binance.P"}')]).toEqual([1, 3]);
    expect(await read('exchange_request_failures_total', '{exchange="binance.P"}')).toBe(1);
    expect(await read('exchange_request_seconds_total', '{exchange="binance.P"}')).toBeCloseTo(0.6);
    expect(await read('exchange_longest_request_seconds', '{exchange="binance.P"}')).toBe(0.45);
  });

  test('a fire is counted once, a channel that waits at each try, and one that has accepted not again', async () => {
    const on = (ntfy: 'accepted' | 'deferred', slack: 'accepted' | 'deferred' | 'rejected') => {
      const outcome = [ntfy, slack].includes('deferred') ? ('deferred' as const) : ('accepted' as const);
      const channels = [
        { channel: 'ntfy', outcome: ntfy },
        { channel: 'slack', outcome: slack },
      ];
      return { fired: [fired({ outcome, channels })], undelivered: { count: 1, oldestSeconds: 90 } };
    };
    await metrics.look();
    metrics.note(keep('1', on('accepted', 'deferred')));
    metrics.note(keep('2', on('accepted', 'deferred')));
    expect([await read('undelivered_notifications'), await read('oldest_undelivered_seconds')]).toEqual([1, 90]);
    metrics.note(keep('3', on('accepted', 'rejected')));
    expect(await read('fires_total')).toBe(1);
    const sent = (channel: string, outcome: string) =>
      read('notifications_total', `{channel="${channel}",outcome="${outcome}"}`);
    expect([await sent('ntfy', 'accepted'), await sent('ntfy', 'deferred')]).toEqual([1, 0]);
    expect([await sent('slack', 'deferred'), await sent('slack', 'rejected')]).toEqual([2, 1]);
  });

  test('what the store had no room for is counted too, and a check without a price is none that checked', async () => {
    await metrics.look();
    const failed = [{ exchange: 'binance' as const, symbol: 'BTCUSDT', reason: 'HTTP 503' }];
    const rowErrors = [{ row: 2, message: 'symbol is blank' }];
    keep(
      'cut',
      {
        sheet: { status: 'refused', rows: 9, rowErrors, warnings: [] },
        markets: { checked: 0, failed },
        exchanges: [{ exchange: 'binance', state: 'down' }],
        fired: [fired()],
      },
      { fired: 4, 'sheet.rowErrors': 2, 'markets.failed': 6, problems: 1 },
    );
    expect(await read('checks_total', '{outcome="nothing-checked"}')).toBe(1);
    expect([await read('fires_total'), await read('row_errors'), await read('markets_failed')]).toEqual([5, 3, 7]);
    expect([await read('sheet_ok'), await read('exchange_up', '{exchange="binance"}')]).toEqual([0, 0]);
    expect(await read('check_problems')).toBe(1);
    keep('well');
    expect([await read('sheet_ok'), await read('exchange_up', '{exchange="binance"}')]).toEqual([1, 1]);
  });

  test('a dry run is none', async () => {
    await metrics.look();
    metrics.note(quietSummary({ dryRun: true, armed: 99 }));
    expect([await checks(), await read('armed_alerts')]).toEqual([0, 0]);
  });
});
