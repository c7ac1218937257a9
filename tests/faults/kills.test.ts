import { expect, test } from '@jest/globals';
import { tell } from '../../src/cli/print.js';
import { runKills } from './kills.js';

/** A few only; `npm run test:kills` does hundreds. */
const kills = Number(process.env.KILLS ?? 8);

test(`the built bundle, killed ${kills} times, loses no push and doubles none without saying so`, async () => {
  const report = await runKills(kills, 1);
  tell(
    `kills: ${report.kills}, ${report.fires} fires (${report.repeats} of alerts that repeat), ${report.accepted} messages, ${report.labelledRepeats} repeats that say so`,
  );
  expect(report.problems).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(kills);
  expect(report.accepted).toBe(report.due + report.labelledRepeats);
  expect(report.repeats).toBeGreaterThan(2);
});
