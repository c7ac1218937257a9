import { describe, expect, test } from '@jest/globals';
import type { Cell } from '../../../src/domain/columns.js';
import { readConditionName } from '../../../src/domain/conditions/read-condition.js';
import { blanks, cutQuote, endless, error, formulaErrors, prototypeNames, value } from '../../support/cells.js';
import { shownWords } from '../../support/conditions.js';

describe('the words of a condition', () => {
  test.each(['above', 'Above', ' ABOVE ', '>', '>=', '≥', 'выше', 'Выше', 'ВЫШЕ'])('%s is above', (cell) =>
    expect(readConditionName(cell)).toEqual(value('above')),
  );
  test.each(['below', 'Below', ' BELOW ', '<', '<=', '≤', 'ниже', 'Ниже', 'НИЖЕ'])('%s is below', (cell) =>
    expect(readConditionName(cell)).toEqual(value('below')),
  );

  test.each(blanks)('%p is blank', (cell) =>
    expect(readConditionName(cell)).toEqual(error('condition is blank: write above or below')),
  );
  test.each(formulaErrors)('%s is a broken formula', (cell) =>
    expect(readConditionName(cell)).toEqual(
      error(`condition holds the formula error ${cell.trim()}: repair the formula or write above or below`),
    ),
  );

  test.each<{ cell: Cell; got: string }>([
    ...prototypeNames.map((cell) => ({ cell, got: `"${cell}"` })),
    { cell: '=', got: '"="' },
    { cell: '=>', got: '"=>"' },
    { cell: '> =', got: '"> ="' },
    { cell: 'above 95000', got: '"above 95000"' },
    { cell: 'moon', got: '"moon"' },
    { cell: 95000, got: '95000' },
    { cell: 0, got: '0' },
    { cell: true, got: 'true' },
    { cell: '🚀', got: '"🚀"' },
    { cell: endless, got: cutQuote },
  ])('$got is none', ({ cell, got }) =>
    expect(readConditionName(cell)).toEqual(error(`condition: expected one of ${shownWords}, got ${got}`)),
  );
});
