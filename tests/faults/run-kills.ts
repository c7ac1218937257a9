import { SingleBar } from 'cli-progress';
import { print } from '../../src/cli/print.js';
import { runKills } from './kills.js';

/** `npm run test:kills`: the built bundle, killed at random moments. */

const kills = Number(process.env.KILLS ?? 300);
const begunAt = Date.now();
const bar = new SingleBar({
  format: '{bar} {value}/{total} kills, {duration_formatted}',
  noTTYOutput: true,
  notTTYSchedule: 20_000,
  stream: process.stderr,
});
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
bar.start(kills, 0);
const report = await runKills(kills, begunAt, (done) => bar.update(Math.min(done, kills)));
bar.stop();
for (const problem of report.problems) print(problem);
print(
  `${report.kills} kills, ${report.killsBetweenClaimAndCommit} times with an alert between claim and commit. ` +
    `${report.fires} fires, ${report.repeats} of them of alerts that repeat, ${report.accepted} messages accepted, ${report.labelledRepeats} of them repeats that say so, ` +
    `${report.problems.length} problems. ${Math.round((Date.now() - begunAt) / 1000)} s`,
);
process.exitCode = report.problems.length > 0 ? 1 : 0;
