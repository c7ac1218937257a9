import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Part } from './parts.js';

export interface Failure {
  /** From the project's folder. */
  readonly file: string;
  readonly title: string;
  readonly message: string;
}

/** What jest's `--json` says, as far as it is read. */
export interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** A file that failed without a failed test, such as one that cannot be loaded, is a failure by itself. */
export function failuresIn({ testResults }: JestReport, folder: string): Failure[] {
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(folder, name);
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [{ file, title: 'the file itself', message }];
      return failed.map(({ fullName, failureMessages }) => {
        return { file, title: fullName, message: failureMessages.join('\n') };
      });
    });
}

/** One part from one seed, as `npm test` plays it. */
export async function play({ seedName, files }: Part, seed: number): Promise<readonly Failure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trading-alerts-'));
  try {
    const report = join(folder, 'report.json');
    const jest = spawn(
      process.execPath,
      [
        ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
        ...['--json', `--outputFile=${report}`, '--runTestsByPath', ...files],
      ],
      { env: { ...process.env, [seedName]: String(seed) }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const [told, [code]] = await Promise.all([text(jest.stderr), once(jest, 'exit')]);
    const failures = await readFile(report, 'utf8').then(
      (json) => failuresIn(JSON.parse(json), process.cwd()),
      () => [],
    );
    if (code === 0 || failures.length > 0) return failures;
    return files.map((file) => ({ file, title: `jest ended with ${code} and no report`, message: told.slice(-2_000) }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
