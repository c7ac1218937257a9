import { expect, test } from '@jest/globals';
import type { Cell } from '../../../src/domain/columns.js';
import type { Grid } from '../../../src/domain/edit/grid.js';
import { judgeWrite, stagesOf } from '../../../src/domain/edit/judge-write.js';

/** One letter a row, its price behind it; `-` is a blank row. The price of `c` is made 9. */
const grid = (text: string): Grid =>
  ['name price', ...text.split(' ')].map((row, index) => {
    const values: Cell[] = index === 0 ? row.split(' ') : row === '-' ? [] : [row[0] ?? '', Number(row.slice(1)) || ''];
    return values.map((value) => ({ value }));
  });

const elsewhere = (index: number, original: number | undefined) => ({ kind: 'elsewhere', index, original });

test.each([
  { name: 'nobody was there', before: 'a1 b2 c3', after: 'a1 b2 c9', is: { kind: 'landed', index: 3 } },
  { name: 'rows were sorted before', before: 'a1 b2 c3', after: 'c3 b2 a9', is: elsewhere(3, 1) },
  { name: 'a row above went', before: 'a1 b2 c3 d4', after: 'b2 c3 d9', is: elsewhere(3, 4) },
  { name: 'the row itself went', before: 'a1 b2 c3 d4', after: 'a1 b2 d9', is: elsewhere(3, 4) },
  {
    name: 'the row was the last, and one above went',
    before: 'a1 b2 c3',
    after: 'b2 c3 -9',
    is: elsewhere(3, undefined),
  },
  { name: 'a blank row came above', before: 'a1 b2 c3', after: 'a1 - b9 c3', is: elsewhere(3, 2) },
  { name: 'a blank row came in its place', before: 'a1 b2 c3', after: 'a1 b2 -9 c3', is: elsewhere(3, undefined) },
  { name: 'what was hit had said the same', before: 'a1 b9 c3', after: 'a1 c3 b9', is: { kind: 'nowhere' } },
  {
    name: 'a row that nobody knows was hit',
    before: 'a1 b2 c3',
    after: 'a1 b2 x9 c3',
    is: { kind: 'unclear', index: 3 },
  },
  { name: 'a twin went too', before: 'b1 c3 b2 d4', after: 'c3 b9 d4', is: elsewhere(2, 3), index: 2 },
])('the write hit row 3, and $name', ({ before, after, is, index = 3 }) => {
  // A row of nothing but the price is what a blank one has become.
  const now = grid(after).map((row) => row.map((cell) => (cell.value === '-' ? { value: '' } : cell)));
  const landing = judgeWrite({
    before: grid(before),
    after: now,
    index,
    writes: [{ column: 1, cell: { value: 9 } }],
    isAtOnce: true,
    ignored: new Set(),
  });
  const shown =
    landing.kind === 'elsewhere' ? elsewhere(landing.damage.index, landing.damage.original?.index) : landing;
  expect(shown).toEqual(is);
});

test.each([
  { name: 'it landed, and was moved afterwards', after: 'c9 b2 a1', is: { kind: 'landed', index: 1 } },
  { name: 'it hit another row', after: 'c3 b9 a1', is: { kind: 'elsewhere' } },
  { name: 'nothing has happened', after: 'a1 b2 c3', is: { kind: 'nowhere' } },
  { name: 'the row is gone', after: 'a1 b2', is: { kind: 'unclear' } },
])('a read later shows that $name', ({ after, is }) =>
  expect(
    judgeWrite({
      before: grid('a1 b2 c3'),
      after: grid(after),
      index: 3,
      writes: [{ column: 1, cell: { value: 9 } }],
      isAtOnce: false,
      ignored: new Set(),
    }),
  ).toMatchObject(is),
);

test('of twins the id is written first', () => {
  const price = { column: 1, title: 'price', value: 9 };
  const id = { column: 2, title: 'id', value: 'own' };
  const stages = (text: string) => stagesOf(grid(text), 1, [price, id], new Set());
  expect(stages('a1 b2')).toEqual([[price, id]]);
  expect(stages('a1 a2')).toEqual([[id], [price]]);
});
