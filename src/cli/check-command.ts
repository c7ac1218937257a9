import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app.js';
import { NothingChecked } from '../flows/check.js';
import type { Summary } from '../flows/summary.js';
import { createLaptopApp, isStoreFailure, openLaptop, readLocalConfig } from './laptop.js';
import { print, tell } from './print.js';
import { shownSummary } from './show-summary.js';

export interface CheckOptions {
  readonly sheet: string;
  /** The CSV file in place of the tab `Users`; undefined: `users.csv` beside the sheet. */
  readonly users?: string;
  readonly dryRun?: true;
  readonly json?: true;
  /** ms between two checks; undefined checks once. */
  readonly watch?: number;
}

/** As long as the Lambda has; shorter than the lease of a claim. */
const timeForCheckMs = 120_000;

/** 0: all well. 1: something needs the trader's eye. A wrong row is one of them, a fired alert is not. */
function exitCode(summary: Summary): number {
  const { sheet, markets, fired, problems } = summary;
  const isWell =
    sheet.status === 'ok' &&
    sheet.rowErrors.length === 0 &&
    markets.failed.length === 0 &&
    problems.length === 0 &&
    fired.every(({ outcome }) => outcome === 'accepted' || outcome === 'dry-run');
  return isWell ? 0 : 1;
}

/** What a check answered; undefined where the store failed a watch, which goes on. */
export async function checkOnce(
  app: App,
  options: Pick<CheckOptions, 'dryRun' | 'watch'>,
  begunAt: number,
): Promise<Summary | undefined> {
  try {
    return await app.check({ isDryRun: options.dryRun ?? false, deadline: begunAt + timeForCheckMs });
  } catch (error) {
    if (error instanceof NothingChecked) {
      tell(error.message);
      return error.summary;
    }
    if (options.watch === undefined || !isStoreFailure(error)) throw error;
    tell(`${error.message}; the next check tries again`);
    return undefined;
  }
}

/** Resolves to the exit code of the last check; with `watch`, when `signal` is aborted. */
export async function runCheck(options: CheckOptions, signal: AbortSignal): Promise<number> {
  if (options.sheet === 'google' && options.users !== undefined) {
    throw new Error('--users is for a CSV file: a Google sheet has a tab for it, which USERS_TAB names');
  }
  const config = readLocalConfig(options.sheet);
  const laptop = await openLaptop(config);
  let before: Summary | undefined;
  try {
    // With --json standard output belongs to the program that reads it.
    const app = await createLaptopApp(config, laptop, options, options.json ? tell : print);
    for (;;) {
      const begunAt = Date.now();
      const summary = await checkOnce(app, options, begunAt);
      if (summary !== undefined) print(options.json ? JSON.stringify(summary) : `${shownSummary(summary, before)}\n`);
      const code = summary === undefined ? 1 : exitCode(summary);
      before = summary ?? before;
      if (options.watch === undefined) return code;
      await untilNext(begunAt + options.watch, signal);
      if (signal.aborted) return code;
    }
  } finally {
    await laptop.close();
  }
}

/** Resolves early where `signal` is aborted. */
export async function untilNext(at: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(Math.max(0, at - Date.now()), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
