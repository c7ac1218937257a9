import { describe, expect, test } from '@jest/globals';
import type { Cell } from '../../../src/domain/columns.js';
import type { ColumnName } from '../../../src/domain/fields/fields.js';
import { findColumns } from '../../../src/domain/fields/find-columns.js';

const found = (positions: Partial<Record<ColumnName, number>>, warnings: string[] = []) => ({
  ok: true,
  value: { positions: new Map(Object.entries(positions)), warnings },
});
const firstThree = { symbol: 0, condition: 1, price: 2 };
const required = ['symbol', 'condition', 'price'];

describe('a header', () => {
  test('of all columns is read in any order', () => {
    const header = ['id', 'notes', 'name', 'active', 'exchange', 'user_id', 'target_price', 'condition', 'symbol'];
    expect(findColumns(header)).toEqual(
      found({ symbol: 8, condition: 7, price: 6, user: 5, exchange: 4, active: 3, name: 2, notes: 1, id: 0 }),
    );
  });

  test.each<{ header: Cell[] }>([
    { header: ['SYMBOL', 'Condition', 'Price'] },
    { header: [' symbol ', 'con dition', 'TargetPrice'] },
    { header: ['_symbol_', 'CONDITION\n', 'target price'] },
    { header: ['Sym_bol', '\u00a0condition', 'TARGET_PRICE'] },
    { header: ['\ufeffsymbol', 'condition\t', 'Target__Price'] },
  ])('$header matches without regard to case, spaces and underscores', ({ header }) =>
    expect(findColumns(header)).toEqual(found(firstThree)),
  );

  test.each<{ header: Cell[]; price: number }>([
    { header: ['symbol', 'condition', 'Target'], price: 2 },
    { header: ['symbol', 'condition', 'target', 'price'], price: 3 },
    { header: ['symbol', 'condition', 'price', 'target', 'TARGET'], price: 2 },
    { header: ['symbol', 'condition', 'target', 'target_price'], price: 3 },
  ])('$header: target is the price, unless another column is; then it is the own of the trader', ({ header, price }) =>
    expect(findColumns(header)).toEqual(found({ ...firstThree, price })),
  );

  test('names no column twice by the word target', () =>
    expect(findColumns(['symbol', 'condition', 'target', 'Target'])).toMatchObject({
      ok: false,
      error: expect.stringContaining('stands twice (C and D)'),
    }));

  test.each(['user_id', 'User ID', 'userid', 'USERID'])('%s names who is told', (name) =>
    expect(findColumns([...required, name])).toEqual(found({ ...firstThree, user: 3 })),
  );

  test("may hold the trader's own columns, blank ones and numbers", () => {
    const header = [null, 'symbol', undefined, 'my plan', 2026, 'condition', true, 'price', '', 'constructor', '🚀'];
    expect(findColumns(header)).toEqual(found({ symbol: 1, condition: 5, price: 7 }));
  });

  test('with a pushover_user_key column is read, but never that column', () => {
    const key = 'uFakeFakeFakeFakeFakeFakeFake1';
    expect(findColumns([...required, 'Pushover User Key', key])).toEqual(
      found(firstThree, [
        'the column "pushover_user_key" is not read: keys belong in the secret, under users. Delete the column and name the user in "user_id"',
      ]),
    );
  });

  test('with an optional column twice is read with a warning that names the places', () => {
    const header = [...required, ...Array<string>(21).fill('mine'), 'notes', 'Notes', 'mine', 'NOTES'];
    expect(findColumns(header)).toEqual(
      found({ ...firstThree, notes: 24 }, ['the column "notes" stands twice (Y and Z and AB); column Y is read']),
    );
  });

  test.each([
    { header: [...required, 'Symbol'], column: 'symbol', places: 'A and D' },
    { header: ['condition', ...required], column: 'condition', places: 'A and C' },
    { header: [...required, 'target_price'], column: 'price', places: 'C and D' },
  ])('with $column twice is refused, because no row can be trusted', ({ header, column, places }) =>
    expect(findColumns(header)).toEqual({
      ok: false,
      error: `the column "${column}" stands twice (${places}), so it is not clear which one counts; keep one of them`,
    }),
  );

  test.each<{ header: Cell[]; error: string }>([
    { header: [], error: 'symbol and condition and price are missing (the first row holds: nothing)' },
    { header: [null, '', '  '], error: 'symbol and condition and price are missing (the first row holds: nothing)' },
    { header: ['symbol', 'condition'], error: 'price is missing (the first row holds: symbol, condition)' },
    { header: ['Symbol', 'cost'], error: 'condition and price are missing (the first row holds: Symbol, cost)' },
    {
      header: ['BTCUSDT', 'above', 95000, true],
      error: 'symbol and condition and price are missing (the first row holds: BTCUSDT, above, 95000, true)',
    },
  ])('$header is refused: $error', ({ header, error }) =>
    expect(findColumns(header)).toEqual({
      ok: false,
      error: `the first row must name the columns symbol, condition and price; ${error}`,
    }),
  );

  test('of 1,000 columns or of endless text gives a short refusal that halves no character', () => {
    for (const header of [Array<string>(1000).fill('my column'), ['🚀'.repeat(50_000)], [`${'🚀'.repeat(39)}ab`]]) {
      const read = findColumns(header);
      const error = read.ok ? '' : read.error;
      expect(error.length).toBeLessThan(600);
      expect(error).not.toMatch(/\p{Surrogate}/u);
      expect(error).toMatch(/…\)$/);
    }
  });
});
