import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { aligned, print, tell } from '../../src/cli/print.js';
import { playAndJudge } from './campaign.js';
import { type Done, doJob, type Job, planJobs } from './jobs.js';
import type { Scenario } from './scenario.js';
import { startStage } from './stage.js';
import { add, described, emptyTally, type Tally } from './tally.js';
import { allVariations as wrongOnes } from './variants/all.js';

/** `npm run test:faults`: the whole campaign. With a scenario as an argument, that one alone. */

const seed = Number(process.env.FAULTS_SEED ?? 1);
/** Scenarios with two or three faults; those with one fault are all played. */
const randomTimes = Number(process.env.FAULTS_RANDOM ?? 4_000);
/** The groups to play, such as `fan-out|worker`; left out, all. */
const only = new RegExp(process.env.FAULTS_ONLY ?? '');
const badShown = 10;

async function work(): Promise<void> {
  const stage = await startStage();
  process.on('message', (job: Job) => {
    void doJob(job, stage).then((done) => process.send?.(done));
  });
  process.send?.('ready');
}

/** Gives each process its next job when it is done with the last. */
function shareOut(jobs: readonly Job[], onDone: (done: Done) => void): Promise<void> {
  let next = 0;
  const serve = (child: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      child.on('message', (message: Done | 'ready') => {
        if (message !== 'ready') onDone(message);
        const job = jobs[next];
        next += 1;
        if (job === undefined) {
          child.disconnect();
          child.kill();
          resolve();
        } else child.send(job);
      });
      child.on('error', reject);
      child.on('exit', (code) => (code ? reject(new Error(`a worker ended with code ${code}`)) : resolve()));
    });
  const workers = Array.from({ length: Math.min(4, availableParallelism()) }, () =>
    serve(fork(process.argv[1] ?? '', [], { env: { ...process.env, FAULTS_WORKER: '1' } })),
  );
  return Promise.all(workers).then(() => undefined);
}

const row = (group: string, tally: Tally): string[] => [
  group,
  ...[tally.scenarios, tally.faults, tally.fires, tally.lost, tally.doubled, tally.labelledRepeats, tally.problems].map(
    String,
  ),
];

async function runAll(): Promise<number> {
  const begunAt = Date.now();
  const stage = await startStage();
  const jobs = (await planJobs(stage, seed, randomTimes)).filter(({ group }) => only.test(group));
  await stage.close();
  tell(`seed ${seed}; ${jobs.length} jobs for ${Math.min(4, availableParallelism())} processes`);
  const bar = new SingleBar({
    format: '{bar} {value}/{total} jobs, {scenarios} scenarios, {bad} with problems, {duration_formatted}',
    noTTYOutput: true,
    notTTYSchedule: 20_000,
    stream: process.stderr,
  });
  const groups = new Map<string, Tally>();
  const bad: string[] = [];
  let scenarios = 0;
  bar.start(jobs.length, 0, { scenarios, bad: 0 });
  await shareOut(jobs, (done) => {
    const tally = groups.get(done.group) ?? emptyTally();
    add(tally, done.tally);
    groups.set(done.group, tally);
    if (!(done.group in wrongOnes)) bad.push(...done.bad);
    scenarios += done.tally.scenarios;
    bar.increment({ scenarios, bad: bad.length });
  });
  bar.stop();
  const real = emptyTally();
  for (const [group, tally] of groups) if (!(group in wrongOnes)) add(real, tally);
  const isReal = ([group]: [string, Tally]) => !(group in wrongOnes);
  const header = [
    '',
    'scenarios',
    'faults',
    'fires',
    'lost',
    'unlabelled doubles',
    'labelled repeats',
    'with problems',
  ];
  const shown = [...groups].sort(([a], [b]) => a.localeCompare(b));
  print(
    aligned([
      header,
      ...shown.filter(isReal).map(([group, tally]) => row(group, tally)),
      row('in all', real),
      ...shown.filter((each) => !isReal(each)).map(([group, tally]) => row(`wrong on purpose: ${group}`, tally)),
    ]),
  );
  const missed = Object.keys(wrongOnes).filter((name) => {
    const { lost, doubled } = groups.get(name) ?? emptyTally();
    return only.test(name) && lost + doubled === 0;
  });
  for (const each of bad.slice(0, badShown)) print(`\n${each}`);
  if (bad.length > badShown) print(`\n… and ${bad.length - badShown} more`);
  for (const name of missed) print(`not found out: ${name}`);
  print(`\n${real.scenarios} scenarios in ${Math.round((Date.now() - begunAt) / 1000)} s, seed ${seed}`);
  return bad.length > 0 || missed.length > 0 ? 1 : 0;
}

async function runOne(text: string): Promise<number> {
  const stage = await startStage();
  const { trace, ...told } = await playAndJudge(stage, JSON.parse(text) as Scenario);
  for (const { run, operation, alertId, told: alerts = [], fault } of trace) {
    const labelled = alerts.filter(({ isLabelled }) => isLabelled).map((each) => each.alertId);
    const label = labelled.length === 0 ? '' : `(possible repeat: ${labelled.join(' ')})`;
    print([run, operation, alertId, label, fault?.name ?? ''].filter(Boolean).join('  '));
  }
  print(described({ trace, ...told }));
  await stage.close();
  return told.verdict.problems.length > 0 ? 1 : 0;
}

// Only the SDK's pauses and its farewell to Node 20 would come in between.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
if (process.env.FAULTS_WORKER === '1') await work();
else process.exitCode = await (process.argv[2] === undefined ? runAll() : runOne(process.argv[2]));
