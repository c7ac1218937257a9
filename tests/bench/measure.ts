import { fileURLToPath } from 'node:url';
import { type Case, chainOf, type Link, limitMs, touchedAlerts } from './cases.js';
import { type Child, startChild } from './child.js';
import { type MonthsCost, monthsCost } from './cost.js';
import type { Invocation } from './measured.js';
import type { Asking, Counts, Opened } from './servers/main.js';
import { candleMarkets } from './staged-markets.js';

const built = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The bench itself is built into dist/bench. */
const programs = { 'trading-alerts': built('../check.mjs'), 'as-planned': built('./as-planned.mjs') };

/** What Lambda gives a function of this size. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const lambda = { memoryMb: 512, cpuShare: 512 / 1769 };

/** The heap that fits: nine tenths for the old space, a twentieth for each half of the new one. */
const heap = [
  `--max-old-space-size=${process.env.OLD ?? Math.floor(lambda.memoryMb * 0.9)}`,
  `--max-semi-space-size=${Math.floor(lambda.memoryMb * 0.05)}`,
];

export interface Measured extends Case {
  /** The median of so many runs; memory: the most. */
  readonly runs: number;
  readonly wallMs: number;
  readonly importMs: number;
  readonly chain: readonly Link[];
  readonly limitMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  /** With the share of a processor that the Lambda has. */
  readonly lambdaMs: number;
  readonly requests: Counts['requests'];
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly listed: Counts['listed'];
  readonly exchangesInUse: number;
  readonly month: MonthsCost;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
};

/** The services, and the programs that run against them one invocation at a time. */
export interface Lab {
  readonly opened: Opened;
  /** A program in a new process, with a heap as on Lambda. */
  start(program: string): Child<unknown>;
  /** One invocation, and what the services saw of it. */
  invoke(child: Child<unknown>, mood: Case['mood'], event?: unknown): Promise<{ invocation: Invocation; counts: Counts }>;
  close(): Promise<void>;
}

export async function openLab(program: Case['program'], alerts: number, markets: number): Promise<Lab> {
  const servers = startChild<Asking>(built('./servers/main.mjs'));
  const opened = await servers.ask<Opened>({ open: { program, alerts, markets } });
  return {
    opened,
    start: (path) =>
      startChild(built('./measured.mjs'), { arguments: [path], environment: opened.environment, node: [...heap, ...(process.env.PROF ? ['--cpu-prof', `--cpu-prof-dir=${process.env.PROF}`] : [])] }),
    async invoke(child, mood, event = { source: 'schedule' }) {
      await servers.ask({ arrange: mood });
      const invocation = await child.ask<Invocation>(event);
      return { invocation, counts: await servers.ask<Counts>('count') };
    },
    close: () => servers.end(),
  };
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
  const isWhole =
    problems.length === 0 &&
    accepted === touchedAlerts(measured) &&
    (measured.program === 'as-planned' ||
      (sheet?.status === 'ok' && sheet.rowErrors.length === 0 && armed === measured.alerts && markets?.failed.length === 0));
  if (!isWhole) throw new Error(`${JSON.stringify(measured)} was not done whole: ${JSON.stringify(answer).slice(0, 2_000)}`);
}

/** So many runs of a case: cold ones in a new process each, warm ones in one that has run before. */
export async function measure(lab: Lab, measured: Case, runs: number): Promise<Measured> {
  const program = programs[measured.program];
  const seen: { invocation: Invocation; counts: Counts }[] = [];
  let child = lab.start(program);
  if (!measured.isCold) await lab.invoke(child, 'quiet');
  for (let run = 0; run < runs; run += 1) {
    if (measured.isCold && run > 0) {
      await child.end();
      child = lab.start(program);
    }
    const each = await lab.invoke(child, measured.mood);
    verify(measured, each.invocation.answer);
    seen.push(each);
  }
  await child.end();
  const of = (pick: (invocation: Invocation) => number): number => median(seen.map(({ invocation }) => pick(invocation)));
  const wallMs = of((invocation) => invocation.wallMs);
  const cpuMs = of((invocation) => invocation.cpuMs);
  const lambdaMs = wallMs - cpuMs + cpuMs / lambda.cpuShare;
  const { requests, read, write, listed } = (seen.at(-1) as (typeof seen)[number]).counts;
  const chain = chainOf(measured, listed.pages, candleMarkets(measured));
  return {
    ...measured,
    runs,
    wallMs,
    importMs: of((invocation) => invocation.importMs),
    chain,
    limitMs: limitMs(chain),
    cpuMs,
    peakMb: Math.max(...seen.map(({ invocation }) => invocation.peakMb)),
    lambdaMs,
    requests,
    readUnits: read,
    writeUnits: write,
    listed,
    exchangesInUse: lab.opened.exchangesInUse,
    month: monthsCost({
      lambdaMs,
      memoryMb: lambda.memoryMb,
      readUnits: read,
      writeUnits: write,
      secretReads: requests.secret ?? 0,
      hasSecret: measured.program === 'trading-alerts',
    }),
  };
}
