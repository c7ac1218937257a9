import { expect, test } from '@jest/globals';
import { alertCells } from '../../../src/domain/edit/alert-text.js';
import { typedValue } from '../../../src/domain/edit/cells.js';
import { filledInCopy, formulaInRow, type GridCell } from '../../../src/domain/edit/grid.js';
import { newHeader } from '../../../src/domain/edit/new-sheet.js';
import { readableId } from '../../../src/domain/edit/readable-id.js';
import { columns } from '../../../src/domain/fields/fields.js';

test.each([
  ['BTCUSDT above 95000', 'BTCUSDT', 'above', '95000'],
  ['  btc-usd   >=  95000 ', 'btc-usd', '>=', '95000'],
  ['ETHUSDT falls from high 7%', 'ETHUSDT', 'falls from high', '7%'],
  ['ETHUSDT falls 500 in 15m', 'ETHUSDT', 'falls', '500 in 15m'],
  ['ETHUSDT пересекает вверх 3000', 'ETHUSDT', 'пересекает вверх', '3000'],
  ['SOLUSDT inside 120 .. 140', 'SOLUSDT', 'inside', '120 .. 140'],
  ['BTCUSDT higher than 5', 'BTCUSDT', 'higher', 'than 5'],
  ['BTCUSDT', 'BTCUSDT', '', ''],
  ['', '', '', ''],
])('"%s" is three cells', (text, symbol, condition, price) =>
  expect(alertCells(text)).toEqual({ symbol, condition, price }),
);

test.each([
  ['price', '95000', 95_000],
  ['price', '0.1', 0.1],
  ['price', '95000.10', 95_000.1],
  ['price', '123456789012345', 123_456_789_012_345],
  ['price', '1234567890123456', '1234567890123456'],
  ['price', '0.1234567890123456', '0.1234567890123456'],
  ['price', '1e5', '1e5'],
  ['price', '5% in 1h', '5% in 1h'],
  ['active', 'false', false],
  ['active', '', ''],
  ['name', ' 5 ', '5'],
] as const)('%s "%s" is written as %p', (column, text, value) => expect(typedValue(column, text, 'above')).toBe(value));

test('where a number may be shown as a percentage, a target is text', () =>
  expect(typedValue('price', '150', 'Falls from  high')).toBe('150'));

test.each([
  { symbol: 'BTCUSDT', condition: 'above', id: 'btcusdt-above-aaaa' },
  { symbol: 'BTC-USD', condition: 'falls from high', id: 'btc-usd-falls-from-high-aaaa' },
  { symbol: 'BINANCE:БТЦ', condition: 'crosses up', id: 'binance-бтц-crosses-up-aaaa' },
  { symbol: 'X'.repeat(80), condition: 'above', id: `${'x'.repeat(59)}-aaaa` },
])('$symbol $condition is called $id', ({ id, ...named }) =>
  expect(
    readableId(
      named,
      () => 0,
      () => false,
    ),
  ).toBe(id),
);

test('an id is no other row’s', () => {
  let drawn = 0;
  const random = () => Math.floor(drawn++ / 4);
  const named = { symbol: 'BTCUSDT', condition: 'above' };
  expect(readableId(named, random, (id) => id.endsWith('-aaaa'))).toBe('btcusdt-above-bbbb');
});

test.each([
  ['=C3*2', '=C8*2'],
  ['=$C3+C$3+$C$3', '=$C8+C$3+$C$3'],
  ['=C2+C33+SUM(C3:C3)', '=C2+C33+SUM(C8:C8)'],
  ['=LOG10(A3)', '=LOG10(A8)'],
])('%s in row 3 is %s in row 8', (before, after) => expect(formulaInRow(before, 2, 7)).toBe(after));

test('what another row’s formula filled is told from what a copied row had of its own', () => {
  const cells = (...values: (string | number)[]): GridCell[] => values.map((value) => ({ value }));
  const rows = [cells('a', 'b', 'c'), cells('BTC', '', 'own'), cells('BTC', '', ''), cells('BTC', 7, '')];
  expect(filledInCopy(cells('BTC', 5, 'own'), rows, new Set())).toEqual(new Set([1]));
  expect(filledInCopy(cells('BTC', 7, ''), rows, new Set())).toEqual(new Set());
  expect(filledInCopy(cells('BTC', 5, 'own'), rows, new Set([1]))).toEqual(new Set());
  expect(filledInCopy(cells('SOL', 5, 'own'), rows, new Set())).toEqual(new Set());
});

test('a new sheet has every column', () => {
  expect(Object.values(columns).filter(({ title }) => !newHeader.includes(title))).toEqual([]);
});
