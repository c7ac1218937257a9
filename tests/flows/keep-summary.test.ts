import { expect, test } from '@jest/globals';
import { keptSummary } from '../../src/flows/keep-summary.js';
import { fired, quietSummary } from '../support/summary.js';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, each) => make(each));

test('a summary that is small is kept as it is', () => {
  const summary = quietSummary({ fired: [fired()], problems: ['one'] });
  expect(keptSummary(summary)).toEqual({ summary, leftOut: {} });
});

test('of thousands of failed markets and wrong rows the first are kept, with how many were left out', () => {
  const failed = times(5_000, (each) => ({ exchange: 'bybit', symbol: `S${each}`, reason: 'not listed' }) as const);
  const rowErrors = times(10_000, (each) => ({ row: each + 2, message: 'price: expected a plain number' }));
  const { summary, leftOut } = keptSummary(
    quietSummary({
      markets: { checked: 7, failed },
      sheet: { status: 'ok', rows: 10_000, rowErrors, warnings: ['one'] },
    }),
  );
  expect(leftOut).toEqual({ 'markets.failed': 4_900, 'sheet.rowErrors': 9_900 });
  expect(summary.markets).toEqual({ checked: 7, failed: failed.slice(0, 100) });
  expect(summary.sheet).toEqual({ status: 'ok', rows: 10_000, rowErrors: rowErrors.slice(0, 100), warnings: ['one'] });
});

test.each(['long words '.repeat(1_000), '\u0001"\\'.repeat(4_000), '漢字 😀'.repeat(2_000)])(
  'whatever went wrong, it stays small, and every entry is kept or counted (%#)',
  (text) => {
    const channels = times(6, () => ({ channel: 'telegram', outcome: 'rejected' as const, detail: text }));
    const whole = {
      fired: times(1_000, () => fired({ detail: text, channels })),
      untold: times(300, () => {
        return { user: 'anna', channel: 'ntfy', outcome: 'given-up' as const, alerts: 1, alertId: '1', detail: text };
      }),
      problems: times(2_000, () => text),
      advice: times(200, () => text),
    };
    const kept = keptSummary(quietSummary(whole));
    expect(bytesOf(kept)).toBeLessThanOrEqual(32_768);
    for (const name of ['fired', 'untold', 'problems', 'advice'] as const) {
      expect(kept.summary[name].length + (kept.leftOut[name] ?? 0)).toBe(whole[name].length);
    }
  },
);
