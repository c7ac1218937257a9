import { expect, test } from '@jest/globals';
import { tell } from '../../src/cli/print.js';
import { runKills } from './kills.js';

/** A few only; `npm run test:kills` does hundreds. */
const kills = Number(process.env.KILLS ?? 4);

test.each([
  { what: 'the built bundle', hasWorkers: false },
  { what: 'with built workers beside it', hasWorkers: true },
])(`$what, killed ${kills} times, loses no push and doubles none without saying so`, async ({ hasWorkers }) => {
  const report = await runKills({ kills, seed: 1, hasWorkers });
  tell(
    `kills: ${report.kills} (${report.workerKills} of workers), ${report.messages} messages, ${report.fires} fires (${report.repeats} of alerts that repeat), ${report.accepted} pushes, ${report.labelledRepeats} repeats that say so`,
  );
  expect(report.problems).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(kills);
  expect(report.accepted).toBe(report.due + report.labelledRepeats);
  expect(report.repeats).toBeGreaterThan(2);
  expect(report.messages > 0).toBe(hasWorkers);
});
