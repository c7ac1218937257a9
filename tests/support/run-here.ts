import { jest } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { messageOf } from '../../src/domain/error-message.js';
import type { Ended } from './laptop.js';

/** Of `process.env`, whose values are always text. */
function replaceEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) process.env[name] = value;
}

/**
 * The command line within this process, which saves a second of start for each command: for what it says and does. One at
 * a time, since a process has one folder and one environment. What is typed, signals and the built file need a process.
 */
export async function runHere(
  words: readonly string[],
  { folder, environment }: { readonly folder: string; readonly environment: Record<string, string | undefined> },
): Promise<Ended> {
  const before = { folder: process.cwd(), environment: { ...process.env }, exitCode: process.exitCode };
  const said = { stdout: '', stderr: '' };
  const hear = (stream: keyof typeof said) =>
    jest.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      said[stream] += String(chunk);
      return true;
    });
  const heard = [hear('stdout'), hear('stderr')];
  process.chdir(folder);
  replaceEnvironment({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment });
  process.exitCode = 0;
  try {
    await createProgram(new Command('trading-alerts').exitOverride()).parseAsync([...words], { from: 'user' });
    return { code: Number(process.exitCode), signal: null, ...said };
  } catch (error) {
    // Commander has said it already.
    if (!(error instanceof CommanderError)) said.stderr += `${messageOf(error)}\n`;
    return { code: error instanceof CommanderError ? error.exitCode : 1, signal: null, ...said };
  } finally {
    for (const each of heard) each.mockRestore();
    process.chdir(before.folder);
    replaceEnvironment(before.environment);
    process.exitCode = before.exitCode;
  }
}
