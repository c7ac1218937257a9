import { type Case, type Session, touchedAlerts } from './cases.js';
import { chainOf, type Link, limitMs } from './chain.js';
import { type MonthsCost, monthsCost } from './cost.js';
import { type Lab, type LabOptions, lambda, openLab, programs, type Seen } from './lab.js';
import type { Invocation } from './measured.js';
import type { Counts } from './servers/main.js';

/** Medians of the runs; of the memory the most. */
export interface Measured extends Case {
  readonly runs: number;
  readonly wallMs: number;
  /** Of the wall time: loading the program. */
  readonly importMs: number;
  readonly chain: readonly Link[];
  readonly limitMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  /** With the share of a processor that the Lambda has. */
  readonly lambdaMs: number;
  readonly requests: Counts['requests'];
  /** The most of its runs. */
  readonly limits: Counts['limits'];
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly listed: Counts['listed'];
  readonly exchangesInUse: number;
  readonly month: MonthsCost;
}

export interface Sample extends Case, Seen {
  readonly exchangesInUse: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

interface Answer {
  readonly problems: readonly string[];
  readonly fired: number | readonly { readonly outcome: string }[];
  readonly sheet?: { readonly status: string; readonly rowErrors: readonly unknown[] };
  readonly armed?: number;
  readonly markets?: { readonly failed: readonly unknown[] };
}

/** A fast run that did not do its work is no measurement. */
function verify(measured: Case, answer: unknown): void {
  const { problems, fired, sheet, armed, markets } = answer as Answer;
  const accepted = typeof fired === 'number' ? fired : fired.filter(({ outcome }) => outcome === 'accepted').length;
  const hasRead = sheet?.status === 'ok' && sheet.rowErrors.length === 0 && armed === measured.alerts;
  const isWhole = measured.program === 'as-planned' || (hasRead && markets?.failed.length === 0);
  if (problems.length > 0 || accepted !== touchedAlerts(measured) || !isWhole) {
    throw new Error(`${JSON.stringify(measured)} was not done: ${JSON.stringify(answer).slice(0, 2_000)}`);
  }
}

async function runOnce(lab: Lab, session: Session): Promise<Sample[]> {
  const { program, alerts, markets, asks } = session;
  const child = lab.start(programs[program]);
  const samples: Sample[] = [];
  if (session.hasRunBefore) await lab.invoke(child, 'quiet');
  for (const mood of session.moods) {
    const isCold = samples.length === 0 && !session.hasRunBefore;
    const measured: Case = { program, alerts, markets, asks, mood, isCold };
    const seen = await lab.invoke(child, mood);
    verify(measured, seen.invocation.answer);
    samples.push({ ...measured, ...seen, exchangesInUse: lab.opened.exchangesInUse });
  }
  await child.end();
  return samples;
}

/** Every invocation of a session, with services of its own. */
export async function runSession(session: Session, options: LabOptions): Promise<readonly Sample[]> {
  const lab = await openLab(session.program, session, options);
  const samples: Sample[] = [];
  for (let time = 0; time < session.times; time += 1) samples.push(...(await runOnce(lab, session)));
  await lab.close();
  return samples;
}

function mostOf(all: readonly Counts['limits'][]): Counts['limits'] {
  const most = new Map<string, Counts['limits'][string]>();
  for (const [exchange, limit] of all.flatMap((each) => Object.entries(each))) {
    if (limit.used > (most.get(exchange)?.used ?? 0)) most.set(exchange, limit);
  }
  return Object.fromEntries(most);
}

function summarize(samples: readonly [Sample, ...Sample[]]): Measured {
  const [{ program, alerts, markets, asks, mood, isCold, exchangesInUse, counts }] = samples;
  const measured: Case = { program, alerts, markets, asks, mood, isCold };
  const of = (pick: (invocation: Invocation) => number) => samples.map(({ invocation }) => pick(invocation));
  const wallMs = median(of((invocation) => invocation.wallMs));
  const cpuMs = median(of((invocation) => invocation.cpuMs));
  const lambdaMs = Math.max(0, wallMs - cpuMs) + cpuMs / lambda.cpuShare;
  const chain = chainOf(measured, counts.listed.pages);
  const { requests, read: readUnits, write: writeUnits, listed } = counts;
  return {
    ...measured,
    runs: samples.length,
    wallMs,
    importMs: median(of((invocation) => invocation.importMs)),
    chain,
    limitMs: limitMs(chain),
    cpuMs,
    peakMb: Math.max(...of((invocation) => invocation.peakMb)),
    lambdaMs,
    requests,
    limits: mostOf(samples.map(({ counts: { limits } }) => limits)),
    readUnits,
    writeUnits,
    listed,
    exchangesInUse,
    month: monthsCost({
      lambdaMs,
      memoryMb: lambda.memoryMb,
      readUnits,
      writeUnits,
      secretReads: requests.secret ?? 0,
      hasSecret: program === 'trading-alerts',
    }),
  };
}

const keyOf = ({ program, alerts, asks, mood, isCold }: Case): string =>
  `${program} ${alerts} ${asks} ${mood} ${isCold}`;

/** By size; the plan after ours, warm before cold. */
export function summarizeAll(samples: readonly Sample[]): readonly Measured[] {
  const groups = new Map<string, [Sample, ...Sample[]]>();
  for (const sample of samples) {
    const group = groups.get(keyOf(sample));
    if (group === undefined) groups.set(keyOf(sample), [sample]);
    else group.push(sample);
  }
  const moods: readonly Case['mood'][] = ['quiet', 'one-percent', 'in-range', 'all', 'new-extremes'];
  const asked: readonly Case['asks'][] = ['plain', 'mixed', 'look-backs', 'trails', 'answered'];
  const place = ({ alerts, program, asks, mood, isCold }: Case): number =>
    alerts * 100 +
    (program === 'as-planned' ? 80 : 0) +
    asked.indexOf(asks) * 16 +
    moods.indexOf(mood) * 2 +
    (isCold ? 1 : 0);
  return [...groups.values()].map(summarize).toSorted((a, b) => place(a) - place(b));
}
