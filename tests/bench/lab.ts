import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Mood, Program, SheetCase } from './cases.js';
import { type Child, startChild } from './child.js';
import type { Invocation } from './measured.js';
import type { Asking, Counts, Opened, OpenedQueue } from './servers/main.js';

/** The bench is built into dist/bench, beside the bundle. */
export const built = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

export const programs: Readonly<Record<Program | 'worker', string>> = {
  'trading-alerts': built('../check.mjs'),
  'as-planned': built('./as-planned.mjs'),
  worker: built('../deliver.mjs'),
};

/** Memory as the template sets it, and the processor's share that comes with it. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const lambda = { memoryMb: 512, cpuShare: 512 / 1769 };

/** A heap that fits: nine tenths for the old space, a twentieth for each half of the new one. */
const heap = [
  `--max-old-space-size=${Math.floor(lambda.memoryMb * 0.9)}`,
  `--max-semi-space-size=${Math.floor(lambda.memoryMb * 0.05)}`,
];

export interface Seen {
  readonly invocation: Invocation;
  readonly counts: Counts;
}

/** The services in one process; in others the programs that run against them, one invocation at a time. */
export interface Lab {
  readonly opened: Opened;
  /** `more`: of the environment. */
  start(program: string, more?: Readonly<Record<string, string>>): Child<unknown>;
  /** One more service, which only the fan-out needs. */
  queue(): Promise<OpenedQueue>;
  invoke(child: Child<unknown>, mood: Mood, event?: unknown): Promise<Seen>;
  /** Since the last invocation began. */
  counts(): Promise<Counts>;
  close(): Promise<void>;
}

export interface LabOptions {
  /** Where each measured process leaves its processor profile. */
  readonly profiles?: string;
}

export async function openLab(
  program: Program,
  { alerts, markets, asks }: SheetCase,
  { profiles }: LabOptions = {},
): Promise<Lab> {
  const servers = startChild<Asking>(built('./servers/main.mjs'));
  const opened = await servers.ask<Opened>({ open: { program, alerts, markets, asks } });
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  return {
    opened,
    queue: () => servers.ask<OpenedQueue>('queue'),
    counts: () => servers.ask<Counts>('count'),
    start: (path, more = {}) =>
      startChild(built('./measured.mjs'), {
        arguments: [path],
        environment: { ...opened.environment, ...more },
        node: [...heap, ...profiling],
      }),
    async invoke(child, mood, event = { source: 'schedule' }) {
      // Coinbase's pace counts the second before, which in life belongs to no other check; it takes ten to notice.
      await Promise.all([servers.ask({ arrange: mood }), pause(markets > 100 ? 1_000 : 0)]);
      const invocation = await child.ask<Invocation>(event);
      return { invocation, counts: await servers.ask<Counts>('count') };
    },
    close: () => servers.end(),
  };
}
