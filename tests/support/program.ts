import { execFile } from 'node:child_process';
import { join } from 'node:path';

export const program = join(process.cwd(), 'dist', 'trading-alerts.mjs');

interface Surroundings {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What is typed, a line each. */
  readonly answers?: readonly string[];
}

/** The built command line as a process of its own, to its end. Of this machine's environment it has PATH alone. */
export function runProgram(
  words: readonly string[],
  { folder, environment = {}, answers = [] }: Surroundings,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = { cwd: folder, env: { PATH: process.env.PATH, ...environment } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined).end(answers.map((answer) => `${answer}\n`).join(''));
  });
}
