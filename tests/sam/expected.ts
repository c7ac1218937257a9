import assert from 'node:assert/strict';
import type { Summary } from '../../src/flows/summary.js';

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
