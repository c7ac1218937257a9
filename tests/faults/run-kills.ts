import { SingleBar } from 'cli-progress';
import { print } from '../../src/cli/print.js';
import { runKills } from './kills.js';

/** `npm run test:kills`: the built bundles, killed at random moments; half of the kills with workers beside the checks. */

const kills = Number(process.env.KILLS ?? 300);
const begunAt = Date.now();
const seed = Number(process.env.KILLS_SEED ?? begunAt);
const bar = new SingleBar({
  format: '{bar} {value}/{total} kills, {duration_formatted}',
  noTTYOutput: true,
  notTTYSchedule: 20_000,
  stream: process.stderr,
});
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const half = Math.ceil(kills / 2);
bar.start(2 * half, 0);
for (const hasWorkers of [false, true]) {
  const before = hasWorkers ? half : 0;
  const onKill = (done: number) => bar.update(before + Math.min(done, half));
  const report = await runKills({ kills: half, seed, hasWorkers, onKill });
  for (const problem of report.problems) print(problem);
  print(
    `${hasWorkers ? 'with workers' : 'without workers'}: ${report.kills} kills, ${report.workerKills} of them of workers, ` +
      `${report.killsBetweenClaimAndCommit} times with an alert between claim and commit. ` +
      `${report.fires} fires, ${report.repeats} of them of alerts that repeat, ${report.messages} messages of the queue, ` +
      `${report.accepted} pushes accepted, ${report.labelledRepeats} of them repeats that say so, ` +
      `${report.problems.length} problems. ${Math.round((Date.now() - begunAt) / 1000)} s`,
  );
  if (report.problems.length > 0) process.exitCode = 1;
}
bar.stop();
