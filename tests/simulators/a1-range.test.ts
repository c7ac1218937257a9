import { describe, expect, test } from '@jest/globals';
import type { Cell } from '../../src/domain/columns.js';
import { parseRange, shownRange } from '../../src/simulators/google/a1-range.js';

const wide: Cell[] = Array.from({ length: 30 }, () => 'x');
const tabs = new Map<string, Cell[][]>([
  ['Alerts', [['symbol']]],
  ["Dmitry's 2nd", []],
  ['Wide', [wide]],
]);

describe('a range', () => {
  test.each([
    ['Alerts', 'Alerts!A1:Z1000'],
    ["'Alerts'", 'Alerts!A1:Z1000'],
    ["'Alerts'!A1:Z100", 'Alerts!A1:Z100'],
    ['Alerts!A1:C', 'Alerts!A1:C1000'],
    ['Alerts!B:C', 'Alerts!B1:C1000'],
    ['Alerts!2:3', 'Alerts!A2:Z3'],
    ['Alerts!B2', 'Alerts!B2'],
    ['Alerts!a1:b2', 'Alerts!A1:B2'],
    ['Alerts!A1:ZZ5000', 'Alerts!A1:Z1000'],
    ['A1:B2', 'Alerts!A1:B2'],
    ['Wide', 'Wide!A1:AD1000'],
    ['Wide!AA1:AB1', 'Wide!AA1:AB1'],
    ["'Dmitry''s 2nd'!A1:B2", "'Dmitry''s 2nd'!A1:B2"],
  ])('%s reads %s', (text, expected) => {
    const range = parseRange(text, tabs);
    expect(range && shownRange(range)).toBe(expected);
  });

  test.each(['Nope', "'Nope'!A1:B2", 'Nope!A1', 'Alerts!?', "Alerts'!A1", "'Dmitry's 2nd'!A1", 'Alerts!A', ''])(
    '%j cannot be read',
    (text) => {
      expect(parseRange(text, tabs)).toBeUndefined();
    },
  );
});
