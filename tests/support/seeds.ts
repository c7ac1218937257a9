export type SeedName = 'FAULTS_SEED' | 'PROOF_SEED' | 'FUZZ_SEED';

/** Seeds of mulberry32 and of fast-check alike. */
export const seedLimit = 2 ** 31;

/** What `npm test` plays: the same every time, so that red means wrong code; `npm run test:explore` draws others. */
const fixedSeed = 1;

/** A seed that the environment names is played alone; without one the fixed one and those that failed once. */
export function seedsOf(
  name: SeedName,
  failedOnce: readonly number[] = [],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly number[] {
  const text = environment[name];
  if (text === undefined) return [fixedSeed, ...failedOnce];
  if (!/^\d+$/.test(text) || Number(text) >= seedLimit)
    throw new Error(`${name}: expected a whole number below ${seedLimit}, got "${text}"`);
  return [Number(text)];
}
