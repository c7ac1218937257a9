import { expect, test } from '@jest/globals';
import { Big } from 'big.js';
import fc from 'fast-check';
import { decimalText } from '../../src/domain/number-text.js';

const roundedTo15Digits = (cell: number): string => new Big(cell.toPrecision(15)).toFixed();

test.each([
  [95000, '95000'],
  [95000.1, '95000.1'],
  [100 * 1.1, '110'],
  [1e-7, '0.0000001'],
  [1e21, '1000000000000000000000'],
  [123456789012345.6, '123456789012346'],
  [-5.5, '-5.5'],
  [-0, '0'],
])('%p is written %p', (cell, text) => expect(decimalText(cell)).toBe(text));

test('any number is written as its first fifteen digits', () => {
  const short = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([units, places]) => units / 10 ** places);
  const cells = fc.oneof(short, fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(fc.property(cells, (cell) => expect(decimalText(cell)).toBe(roundedTo15Digits(cell))));
});
