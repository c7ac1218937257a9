import { print } from '../print.js';
import { examine } from './doctor.js';
import { findingsOf, isAllRight, shownSections } from './findings.js';
import type { DoctorOptions, Outside } from './surroundings.js';

/** Resolves to the exit code: 0 only where nothing is wrong. */
export async function runDoctor(options: DoctorOptions & { readonly json?: true }, outside: Outside): Promise<number> {
  const sections = await examine(options, outside);
  print(options.json ? JSON.stringify(findingsOf(sections)) : shownSections(sections));
  return isAllRight(sections) ? 0 : 1;
}
