import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeedName } from '../support/seeds.js';

/** Test files whose properties draw from one seed. */
export interface Part {
  readonly name: string;
  readonly seedName: SeedName;
  /** What else of the environment has a say in what the seed plays. */
  readonly sizeName?: string;
  readonly files: readonly string[];
}

/** Every test file with properties of fast-check, so that a new one is explored without being named. */
const fuzzFiles = (): string[] =>
  readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('tests', file))
    .filter((file) => readFileSync(file, 'utf8').includes('fc.assert('))
    .sort();

/** The very tests of `npm test`, so that each property stands once. */
export const allParts = (): Part[] => [
  {
    name: 'faults',
    seedName: 'FAULTS_SEED',
    sizeName: 'FAULTS_SCENARIOS',
    files: ['tests/faults/campaign.test.ts'],
  },
  {
    name: 'proof',
    seedName: 'PROOF_SEED',
    sizeName: 'PROOF_SCALE',
    files: ['tests/proof/production.test.ts', 'tests/proof/replay.test.ts'],
  },
  { name: 'fuzz', seedName: 'FUZZ_SEED', files: fuzzFiles() },
];

export function repeatCommand({ seedName, sizeName }: Part, seed: number, file: string): string {
  const size = sizeName === undefined ? undefined : process.env[sizeName];
  return `${size === undefined ? '' : `${sizeName}=${size} `}${seedName}=${seed} npm test -- ${file}`;
}
