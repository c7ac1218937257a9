import { secretsFile } from '../laptop.js';
import { print } from '../print.js';
import { examine } from './doctor.js';
import { findingsOf, isAllRight, type Section, shownSections } from './findings.js';
import type { DoctorOptions, Outside } from './surroundings.js';

/** Resolves to the exit code: 0 only where nothing is wrong. */
export async function runDoctor(options: DoctorOptions & { readonly json?: true }, outside: Outside): Promise<number> {
  const sections = await examine(options, outside);
  print(options.json ? JSON.stringify(findingsOf(sections)) : shownSections(sections));
  return isAllRight(sections) ? 0 : 1;
}

/** As this process has them. */
const thisMachine = (): Outside => ({
  ...{ environment: process.env, nodeVersion: process.version, secretsFile, timeoutMs: 5_000 },
  now: Date.now,
});

export const runDoctorHere = (options: Parameters<typeof runDoctor>[0]): Promise<number> =>
  runDoctor(options, thisMachine());

/** For who shows it elsewhere than in the terminal. */
export const examineHere = (options: DoctorOptions): Promise<Section[]> => examine(options, thisMachine());
