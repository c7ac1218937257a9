import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { grafanaDashboard } from '../../src/cli/grafana-dashboard.js';
import { createCheckMetrics } from '../../src/page/server/check-metrics.js';
import { openTestLaptop } from '../support/laptop.js';
import { oneForAll, openFolder } from '../support/lifetime.js';
import { hasPromtool, parseMetrics, promtool } from '../support/prometheus.js';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
}

const laptop = oneForAll(openTestLaptop);
const folder = oneForAll(openFolder);
const dashboard = grafanaDashboard();
const panels: readonly Panel[] = dashboard.panels;
const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

test('is printed, and nothing else is', async () => {
  const { code, stdout, stderr } = await laptop.run('grafana');
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual(dashboard);
});

/** Every metric, by its whole name. */
async function metricNames(): Promise<string[]> {
  const metrics = createCheckMetrics({
    store: { readSummary: async () => undefined },
    notifiers: { channelNames: [] },
  });
  return [...parseMetrics(await metrics.text()).keys()].sort();
}

test('the page’s README names every metric, and none that is not', async () => {
  const [, table = ''] = /\n\| metric ([\s\S]*)$/.exec(readFileSync('src/page/README.md', 'utf8')) ?? [];
  const rows = table.split('\n').slice(2);
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z_]{5,})(?:\{[^}]*\})?`/g)]);
  const names = named.map(([, name]) => `trading_alerts_${name}`).filter((name) => name !== 'trading_alerts_exchange');
  expect(names.sort()).toEqual(await metricNames());
});

describe('the dashboard', () => {
  test('shows every metric that there is, and none that is not', async () => {
    const named = queries.flatMap((expr) => expr.match(/trading_alerts_[a-z_]+/g) ?? []);
    expect([...new Set(named.map((name) => name.replace(/_bucket$/, '')))].sort()).toEqual(await metricNames());
  });

  test('asks by labels that its metrics have', async () => {
    const text = await createCheckMetrics({
      store: { readSummary: async () => undefined },
      notifiers: { channelNames: ['ntfy'] },
    }).text();
    const labels = new Set([...text.matchAll(/[{,]([a-z]+)="/g)].map(([, label]) => label));
    const asked = queries.flatMap((expr) =>
      [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(', ')),
    );
    expect(asked.filter((label) => !labels.has(label))).toEqual([]);
  });

  test('has panels of their own place, title, words and unit', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { description, fieldConfig, targets, gridPos } of panels) {
      expect(description).toMatch(/^[A-Z]/);
      expect(fieldConfig.defaults.unit).toMatch(/^(short|s|bool_yes_no)$/);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  test('has queries that Prometheus reads', async () => {
    const rules = queries.map((expr, index) => ({ record: `asked:${index}`, expr }));
    await writeFile(folder.pathOf('rules.json'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    expect(queries.filter((expr) => expr.split('(').length !== expr.split(')').length)).toEqual([]);
    if (hasPromtool()) {
      expect(promtool(['check', 'rules', folder.pathOf('rules.json')])).toContain(`${rules.length} rules found`);
    }
  });
});
