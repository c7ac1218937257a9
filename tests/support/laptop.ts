import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulators, startSimulators } from '../../src/simulators/start.js';
import { program } from './program.js';
import { runHere } from './run-here.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when this holds of what the program has said so far, and fails where it ends before. */
  until(holds: (said: { stdout: string; stderr: string }) => boolean): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** A folder and the outside services of it; the command line that is built runs there as a process of its own. */
export interface TestLaptop {
  readonly folder: string;
  readonly simulators: Simulators;
  readonly environment: Record<string, string | undefined>;
  write(file: string, text: string): Promise<void>;
  /** `preload`: a module of the folder that Node loads before the program. */
  start(words: readonly string[], preload?: string): Running;
  run(...words: readonly string[]): Promise<Ended>;
  /** Within this process, see `runHere`. */
  runHere(...words: readonly string[]): Promise<Ended>;
  close(): Promise<void>;
}

function follow(child: ChildProcessWithoutNullStreams): Running {
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const hear = (stream: keyof typeof said) => (chunk: Buffer) => {
    said[stream] += chunk;
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear('stdout'));
  child.stderr.on('data', hear('stderr'));
  const ended = once(child as ChildProcess, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  const until: Running['until'] = (holds) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!holds(said)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then((end) => reject(new Error(`it ended before: ${JSON.stringify(end)}`)));
    });
  return { child, until, ended };
}

export async function openTestLaptop(): Promise<TestLaptop> {
  const folder = await mkdtemp(join(tmpdir(), 'trading-alerts-'));
  const simulators = await startSimulators({ now: Date.now });
  simulators.market.list('binance', 'BTCUSDT', { price: '95180.00000000' });
  const environment: Record<string, string | undefined> = { PATH: process.env.PATH, ...simulators.environment };
  const running = new Set<ChildProcess>();
  const start = (words: readonly string[], preload?: string): Running => {
    const options = preload === undefined ? [] : ['--import', `./${preload}`];
    const child = spawn(process.execPath, [...options, program, ...words], { cwd: folder, env: environment });
    running.add(child);
    child.once('close', () => running.delete(child));
    return follow(child);
  };
  return {
    folder,
    simulators,
    environment,
    write: (file, text) => writeFile(join(folder, file), text),
    start,
    run: (...words) => start(words).ended,
    runHere: (...words) => runHere(words, { folder, environment }),
    close: async () => {
      for (const child of running) child.kill('SIGKILL');
      await simulators.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
