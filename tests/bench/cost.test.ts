import { expect, test } from '@jest/globals';
import { monthsCost } from './cost.js';

test('a check that puts a hundred alerts every five minutes', () => {
  const check = { lambdaMs: 2_000, memoryMb: 512, readUnits: 10, writeUnits: 100, secretReads: 0, hasSecret: false };
  const month = monthsCost(check);
  expect(month.dynamodb).toBeCloseTo(0.010_95 + 0.547_5, 6);
  // 8,760 GB-seconds and as many invocations.
  expect(month.lambda).toBeCloseTo(8_760 * 0.000_013_333_4 + 0.001_752, 6);
  expect(month.lambdaBeyondFree).toBe(0);
  expect(month.withoutSecretAndFreeTier).toBeCloseTo(month.dynamodb + month.lambda, 9);
});

test('a secret that is kept for ten minutes is read by every second check', () => {
  const check = { lambdaMs: 500, memoryMb: 512, readUnits: 4, writeUnits: 1, secretReads: 0, hasSecret: true };
  expect(monthsCost(check).secret).toBe(0.4);
  expect(monthsCost(check).secretReads).toBeCloseTo(0.0219, 9);
  expect(monthsCost({ ...check, secretReads: 1 }).secretReads).toBeCloseTo(0.0438, 9);
});
