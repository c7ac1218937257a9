import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runProgram } from '../support/program.js';

test('the demo ends by itself, and shows at its end how the sheet answers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trading-alerts-demo-'));
  const { code, stdout, stderr } = await runProgram(['demo'], { folder });
  await rm(folder, { recursive: true });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [, table = ''] = /beside some rows:\n\n([\s\S]+?)\n\n/.exec(stdout) ?? [];
  const rows = table.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(rows[0]).toEqual(['row', 'symbol', 'condition', 'price', 'status', 'last price', 'distance', 'answer']);
  const statuses = rows
    .slice(1)
    .map(([row, , , , status = '']) => `${row} ${status.replace(/\d+ \w+ \d\d:\d\d$/, '…')}`);
  expect(statuses).toEqual([
    ...['2 fired …', '3 fired …', '5 fired …', '7 paused', '8 armed again …', '11 armed'],
    ...['15 wrong', '16 wrong', '19 wrong', '20 no price', '21 not listed'],
  ]);
  expect(rows[7]?.at(-1)).toMatch(/^price: expected a plain number, got "95,000"; write 95000/);
});
