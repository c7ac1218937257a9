import { describe, expect, test } from '@jest/globals';
import { createCsvSheet } from '../../src/adapters/sheet/csv.js';
import { conditionNames } from '../../src/domain/conditions/registry.js';
import { columns } from '../../src/domain/fields/fields.js';
import { readRows, type SheetRows } from '../../src/domain/rows.js';
import { reading } from '../support/builders.js';

async function readExample(): Promise<SheetRows> {
  const table = await createCsvSheet('src/cli/examples/alerts.csv').read();
  if (!table.ok) throw new Error(table.error.message);
  const now = Date.UTC(2026, 10, 20, 12);
  const rows = readRows(table.value, { ...reading(['default']), now }, []);
  if (!rows.ok) throw new Error(rows.error);
  return rows.value;
}

describe('the example of a sheet', () => {
  test('has no row that is wrong', async () => {
    const { rows, specs, errors, warnings } = await readExample();
    expect([errors, warnings]).toEqual([[], []]);
    expect(specs).toHaveLength(rows);
  });

  test('shows every condition', async () => {
    const { specs } = await readExample();
    const shown = new Set(specs.map(({ condition }) => condition.kind));
    expect(conditionNames.filter((name) => !shown.has(name))).toEqual([]);
  });

  test('names every column that says how an alert is told and repeated', async () => {
    const table = await createCsvSheet('src/cli/examples/alerts.csv').read();
    const [header = []] = table.ok ? table.value : [];
    const titles = Object.values(columns).map(({ title }) => title);
    expect(titles.filter((title) => !header.includes(title))).toEqual(['id']);
  });

  test('has a row with each way to repeat, an end, and every priority', async () => {
    const { specs } = await readExample();
    expect(specs.some(({ repeat }) => repeat?.text === 'always')).toBe(true);
    expect(specs.some(({ repeat }) => repeat?.back?.share.gt(0))).toBe(true);
    expect(specs.some(({ repeat }) => repeat !== undefined && repeat.afterMs > 0)).toBe(true);
    expect(specs.some(({ expires }) => expires !== undefined)).toBe(true);
    expect([...new Set(specs.map(({ priority }) => priority))].sort()).toEqual(['high', 'low', 'normal', 'urgent']);
  });
});
