import { describe, expect, test } from '@jest/globals';
import type { Cell, Table } from '../../src/domain/columns.js';
import { findPercentCells, withPercents } from '../../src/domain/percent-cells.js';

const header = ['symbol', 'condition', 'price'];
const trail = (price: Cell): Table => [header, ['BTCUSDT', 'falls from high', price]];
const cells = { column: 2, rows: [1] };

describe('a number may be a percentage', () => {
  test.each<{ condition: string; price: Cell; found: unknown }>([
    { condition: 'falls from high', price: 0.03, found: cells },
    { condition: ' Откат ', price: 0.03, found: cells },
    { condition: 'falls from high', price: '3%', found: undefined },
    { condition: 'rises', price: 0.05, found: cells },
    { condition: 'above', price: 0.03, found: undefined },
    { condition: 'moon', price: 0.03, found: undefined },
  ])('with $condition and $price: $found', ({ condition, price, found }) =>
    expect(findPercentCells([header, ['BTCUSDT', condition, price]])).toEqual(found),
  );

  test('in none of a sheet whose header cannot be read', () => {
    expect(findPercentCells([['symbol'], ['BTCUSDT', 'falls from high', 0.03]])).toBeUndefined();
  });
});

describe('the raw number in percent counts', () => {
  test.each<{ raw: number; shown: Cell; text: Cell }>([
    { raw: 0.03, shown: '3%', text: '3%' },
    { raw: 0.03255, shown: '3.26%', text: '3.255%' },
    { raw: 0.035, shown: '3,50 %', text: '3.5%' },
    { raw: 0.07 * 1.1, shown: '7.70%', text: '7.7%' },
    { raw: 12.345, shown: '1.234,50 %', text: '1234.5%' },
    { raw: 0.03, shown: '0.03', text: 0.03 },
    { raw: 1500, shown: undefined, text: 1500 },
  ])('$raw, shown as $shown, is $text', ({ raw, shown, text }) =>
    expect(withPercents(trail(raw), cells, [['price'], [shown]])).toEqual({ ok: true, value: trail(text) }),
  );
});

test('a percentage that is not that of the number says that rows have moved', () => {
  expect(withPercents(trail(0.03), cells, [['price'], ['5%']])).toEqual({
    ok: false,
    error: 'row 2 holds 0.03 and is shown as 5%',
  });
});
