import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { seedsOf } from './seeds.js';

describe('a proof plays', () => {
  test('the fixed seed and those that failed once', () => {
    expect(seedsOf('PROOF_SEED', [], {})).toEqual([1]);
    expect(seedsOf('PROOF_SEED', [7, 8], { FAULTS_SEED: '5' })).toEqual([1, 7, 8]);
  });

  test('that of the environment alone', () => {
    expect(seedsOf('PROOF_SEED', [7, 8], { PROOF_SEED: '5' })).toEqual([5]);
  });

  test.each(['', 'x', '-1', '1.5', '2147483648'])('no seed such as "%s"', (text) => {
    expect(() => seedsOf('FUZZ_SEED', [], { FUZZ_SEED: text })).toThrow(
      `FUZZ_SEED: expected a whole number below 2147483648, got "${text}"`,
    );
  });
});

test('fast-check draws from the seed of the run', () => {
  expect(fc.readConfigureGlobal()?.seed).toBe(seedsOf('FUZZ_SEED')[0]);
});
