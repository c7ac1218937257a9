import { cpus, totalmem } from 'node:os';
import { InvalidArgumentError, program } from 'commander';
import { aloneSessions, besideSessions, type Session, sizes } from './cases.js';
import { measureFanOut } from './fan-out.js';
import { holdsOf } from './holds.js';
import type { LabOptions } from './lab.js';
import { runSession, type Sample, summarizeAll } from './measure.js';
import { measurePriceStep } from './price-step.js';
import { measureStartUp } from './startup.js';
import { type Report, reportText } from './table.js';

interface Options {
  readonly alerts: readonly number[];
  readonly json?: true;
  readonly ccxt: boolean;
  readonly startup?: true;
  readonly profile?: string;
}

const known = sizes.map(({ alerts }) => alerts);

function readAlerts(text: string): readonly number[] {
  const wanted = text === 'none' ? [] : text.split(',').map(Number);
  if (wanted.every((alerts) => known.includes(alerts))) return wanted;
  throw new InvalidArgumentError(`expected some of ${known.join(',')}, or none`);
}

const begun = performance.now();
const tell = (what: string): void => {
  process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${what}\n`);
};

async function runAll(sessions: readonly Session[], options: LabOptions): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const session of sessions) {
    const { program: measured, alerts, moods, times } = session;
    tell(`${measured}, ${alerts} alerts: ${moods.join(', ')}${times > 1 ? `, ${times} times` : ''}`);
    samples.push(...(await runSession(session, options)));
  }
  return samples;
}

/** Loopback only: every service is a simulator with a fixed latency. */
async function bench({ alerts, ccxt, startup, profile }: Options): Promise<Report> {
  const isWanted = (session: Session): boolean => alerts.includes(session.alerts);
  const options = profile === undefined ? {} : { profiles: profile };
  const fannedOut = await measureFanOut(alerts, tell);
  const alone = await runAll(aloneSessions.filter(isWanted), options);
  const beside = await Promise.all(besideSessions.filter(isWanted).map((session) => runAll([session], options)));
  const measured = summarizeAll([...alone, ...beside.flat()]);
  if (ccxt) tell('the price step');
  const priceStep = ccxt ? await measurePriceStep() : undefined;
  if (startup) tell('start-up, with packages from the npm registry');
  const startUp = startup ? await measureStartUp() : undefined;
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return {
    machine: `${cpus().length} × ${processor?.model ?? 'unknown processor'}, ${memory}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
    measured,
    fannedOut,
    priceStep,
    startUp,
    holds: holdsOf(measured, fannedOut, startUp === undefined || 'skipped' in startUp ? undefined : startUp),
  };
}

program
  .name('npm run bench --')
  .description('Measures the built Lambda against simulators with fixed latencies, beside the plan as it was written')
  .option('--alerts <list>', `some of ${known.join(',')}, or none`, readAlerts, known)
  .option('--json', 'the figures for programs, on standard output')
  .option('--no-ccxt', 'without the price step of ccxt')
  .option('--startup', 'also the time to load the bundle; needs the npm registry')
  .option('--profile <folder>', 'leave a processor profile of each measured process there (node --cpu-prof)');

const options = program.parse().opts<Options>();
const report = await bench(options);
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
process.exitCode = report.holds.some(({ holds }) => holds === false) ? 1 : 0;
