import { describe, expect, test } from '@jest/globals';
import { annualRate, rate, ratePercent, reachedText, shownAnnualRate, shownFunding } from '../../src/domain/funding.js';

const of = (text: string, intervalHours: number) => ({ rate: rate(text), intervalHours });

describe('a rate', () => {
  test.each(['0.0001', '-0.00025', '0', '0.00000000', '+0.01'])('%s is one', (text) =>
    expect(rate(text).value.eq(text.replace('+', ''))).toBe(true),
  );

  test.each(['', ' ', '1e-4', '-', 'NaN', '0,01', '0.01%', '--1', '9'.repeat(61)])('%j is none', (text) =>
    expect(() => rate(text)).toThrow(/expected/),
  );
});

test.each([
  ['0.00061200', 8, '0.0612 % per 8 h (67 % a year), longs pay', '0.67014'],
  ['-0.00250000', 4, '-0.25 % per 4 h (-548 % a year), shorts pay', '-5.475'],
  ['0.00000000', 8, '0 % per 8 h (0 % a year), nobody pays', '0'],
  ['0.0000125', 1, '0.0013 % per 1 h (11 % a year), longs pay', '0.1095'],
  // What is not zero is not shown as zero.
  ['0.00000000317', 8, '0.00000032 % per 8 h (0 % a year), longs pay', '0.00000347115'],
  ['-0.00002', 8, '-0.002 % per 8 h (-2.2 % a year), shorts pay', '-0.0219'],
  ['0.0001', 24, '0.01 % per 24 h (3.7 % a year), longs pay', '0.0365'],
])('%s per %d h is shown with its sign, its interval and its rate of a year', (text, hours, shown, annual) => {
  expect(shownFunding(of(text, hours))).toBe(shown);
  expect(annualRate(of(text, hours)).toFixed()).toBe(annual);
});

test('a small rate of a year keeps its decimals', () => {
  expect([shownAnnualRate(of('0.000001', 8)), shownAnnualRate(of('-0.00001', 8))]).toEqual(['0.11 %', '-1.1 %']);
});

test('what was reached has the digits of its target', () => {
  expect(ratePercent(rate('-0.00061200'))).toBe('-0.0612%');
  expect(reachedText({ price: '-0.00061200', funding: {} })).toBe('-0.0612%');
  expect(reachedText({ price: '95180.10' })).toBe('95180.10');
});
