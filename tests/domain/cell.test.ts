import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isBlank,
  readActive,
  readExchange,
  readId,
  readSymbol,
  readTarget,
  readUser,
  shortened,
  shownCell,
  textOf,
} from '../../src/domain/cell.js';
import type { Cell } from '../../src/domain/columns.js';
import { exchangeNames } from '../../src/domain/market.js';
import { price } from '../../src/domain/price.js';
import { blanks, cutQuote, endless, error, formulaErrors, prototypeNames, value } from '../support/cells.js';

describe('a cell', () => {
  test.each(blanks)('%p is blank', (cell) => expect([isBlank(cell), textOf(cell)]).toEqual([true, '']));
  test.each<Cell>([0, false, '0', '-', '.'])('%p is not blank', (cell) => expect(isBlank(cell)).toBe(false));

  test.each<{ cell: Cell; expected: string }>([
    { cell: ' moon ', expected: '"moon"' },
    { cell: 95000, expected: '95000' },
    { cell: true, expected: 'true' },
    { cell: null, expected: '' },
    { cell: 'a'.repeat(60), expected: `"${'a'.repeat(60)}"` },
    { cell: 'a'.repeat(61), expected: `"${'a'.repeat(59)}…"` },
    { cell: endless, expected: cutQuote },
  ])('is shownCell as $expected', ({ cell, expected }) => expect(shownCell(cell)).toBe(expected));

  test.each<{ cell: Cell; longest: number; expected: string }>([
    { cell: ' Breakout ', longest: 8, expected: 'Breakout' },
    { cell: 'Breakouts', longest: 8, expected: 'Breakou…' },
    { cell: '🚀🚀🚀', longest: 3, expected: '🚀🚀🚀' },
    { cell: '🚀🚀🚀🚀', longest: 3, expected: '🚀🚀…' },
    { cell: 2026, longest: 3, expected: '20…' },
    { cell: null, longest: 3, expected: '' },
  ])('$cell is shortened to $expected', ({ cell, longest, expected }) =>
    expect(shortened(cell, longest)).toBe(expected),
  );
});

describe('a symbol', () => {
  const spelling = "the exchange's own spelling, such as BTCUSDT or BTC-USD";

  test.each<{ cell: Cell; expected: string }>([
    { cell: 'BTCUSDT', expected: 'BTCUSDT' },
    { cell: ' btcusdt\n', expected: 'BTCUSDT' },
    { cell: 'btc-usd', expected: 'BTC-USD' },
    { cell: 'btc/usd', expected: 'BTC-USD' },
    { cell: 'btc_usd', expected: 'BTC-USD' },
    { cell: '1000SHIBUSDT', expected: '1000SHIBUSDT' },
    { cell: 'btc-usdt-swap', expected: 'BTC-USDT.P' },
    { cell: 'BTC-USDT-SWAP.P', expected: 'BTC-USDT.P' },
    { cell: 'OKX:BTC-USDT-SWAP', expected: 'OKX:BTC-USDT.P' },
    { cell: 'SWAP-USDT', expected: 'SWAP-USDT' },
    { cell: 'BTC-SWAP', expected: 'BTC-SWAP' },
    { cell: '币安人生USDT', expected: '币安人生USDT' },
    { cell: 'X'.repeat(40), expected: 'X'.repeat(40) },
  ])('$cell is $expected', ({ cell, expected }) => expect(readSymbol(cell)).toEqual(value(expected)));

  test.each(blanks)('%p is blank', (cell) =>
    expect(readSymbol(cell)).toEqual(error(`symbol is blank: write ${spelling}`)),
  );

  test.each(formulaErrors)('%s is a broken formula', (cell) =>
    expect(readSymbol(cell)).toEqual(
      error(`symbol holds the formula error ${cell.trim()}: repair the formula or write ${spelling}`),
    ),
  );

  test.each<{ cell: Cell; got: string }>([
    { cell: 'BTC USDT', got: '"BTC USDT"' },
    { cell: 'BTC-USDT-261225', got: '"BTC-USDT-261225"' },
    { cell: 'BTC-USDT-SWAP-SWAP', got: '"BTC-USDT-SWAP-SWAP"' },
    { cell: '-USDT', got: '"-USDT"' },
    { cell: 'BTC-', got: '"BTC-"' },
    { cell: 'BTC.X', got: '"BTC.X"' },
    { cell: '.P', got: '".P"' },
    { cell: 'BTCUSDT.P.P', got: '"BTCUSDT.P.P"' },
    { cell: 'BTC&symbol=ETH', got: '"BTC&symbol=ETH"' },
    { cell: '__proto__', got: '"__proto__"' },
    { cell: '🚀', got: '"🚀"' },
    { cell: 95000, got: '95000' },
    { cell: '95000', got: '"95000"' },
    { cell: 'X'.repeat(41), got: `"${'X'.repeat(41)}"` },
    { cell: endless, got: cutQuote },
  ])('$got is none', ({ cell, got }) =>
    expect(readSymbol(cell)).toEqual(error(`symbol: expected ${spelling}, got ${got}`)),
  );
});

describe('a price', () => {
  test.each<{ cell: Cell; text: string }>([
    { cell: 95000, text: '95000' },
    { cell: 95000.1, text: '95000.1' },
    { cell: 0.00001234, text: '0.00001234' },
    { cell: 1e-7, text: '0.0000001' },
    { cell: 1.5e21, text: '1500000000000000000000' },
    { cell: 100 * 1.1, text: '110' },
    { cell: 0.1 + 0.2, text: '0.3' },
    { cell: 123456.789012345, text: '123456.789012345' },
    { cell: '95000', text: '95000' },
    { cell: ' 95000.10 ', text: '95000.10' },
    { cell: '0.00001234', text: '0.00001234' },
    { cell: '123456789012345678901234567890', text: '123456789012345678901234567890' },
  ])('$cell is $text', ({ cell, text }) => expect(readTarget(cell)).toEqual(value(price(text))));

  test.each(blanks)('%p is blank', (cell) =>
    expect(readTarget(cell)).toEqual(error('price is blank: write a number such as 95000')),
  );
  test.each(formulaErrors)('%s is a broken formula', (cell) =>
    expect(readTarget(cell)).toEqual(
      error(`price holds the formula error ${cell.trim()}: repair the formula or write a number such as 95000`),
    ),
  );

  test.each<{ cell: Cell; got: string }>([
    { cell: 0, got: '0' },
    { cell: -0, got: '0' },
    { cell: -95000, got: '-95000' },
    { cell: -1e-7, got: '-1e-7' },
    { cell: '0', got: '"0"' },
    { cell: '0.00', got: '"0.00"' },
    { cell: '-5', got: '"-5"' },
    { cell: true, got: 'true' },
    { cell: false, got: 'false' },
  ])('$got is not above zero', ({ cell, got }) =>
    expect(readTarget(cell)).toEqual(error(`price: expected a number above zero, got ${got}`)),
  );

  test.each<{ cell: string; write: string }>([
    { cell: '95,000', write: '95000 or 95.000' },
    { cell: '95,000.00', write: '95000.00' },
    { cell: '1,234,567', write: '1234567' },
    { cell: '1,234,567.89', write: '1234567.89' },
    { cell: '1,5', write: '1.5' },
    { cell: '95000,10', write: '95000.10' },
    { cell: '0,123', write: '0.123' },
    { cell: '0,00001234', write: '0.00001234' },
    { cell: '95.000,00', write: '95000.00' },
    { cell: '1.234.567,8', write: '1234567.8' },
    { cell: '95.000.000', write: '95000000' },
    { cell: '95 000', write: '95000' },
    { cell: '95\u00a0000', write: '95000' },
    { cell: '95\u202f000,50', write: '95000.50' },
    { cell: "95'000", write: '95000' },
    { cell: '95_000', write: '95000' },
    { cell: '$95000', write: '95000' },
    { cell: '$95,000', write: '95000 or 95.000' },
    { cell: '95000 ₽', write: '95000' },
    { cell: '€95.000,00', write: '95000.00' },
  ])('$cell may be meant as $write, which is said and never guessed', ({ cell, write }) =>
    expect(readTarget(cell)).toEqual(error(`price: expected a plain number, got "${cell}"; write ${write}`)),
  );

  test.each<{ cell: Cell; got: string }>([
    ...['1e5', '.5', '5.', '+5', '1.2.3', '.', '-', '1.5,3', '0,000', '0,00', ',', '95k', '~95000', '95000-96000'].map(
      (cell) => ({ cell, got: `"${cell}"` }),
    ),
    ...['NaN', 'Infinity', 'moon', '🚀', 'TRUE', 'Loading...', '９５０００', ...prototypeNames].map((cell) => ({
      cell,
      got: `"${cell}"`,
    })),
    { cell: Number.NaN, got: 'NaN' },
    { cell: Number.POSITIVE_INFINITY, got: 'Infinity' },
    { cell: 1e300, got: '1e+300' },
    { cell: '9'.repeat(61), got: `"${'9'.repeat(59)}…"` },
    { cell: '9'.repeat(50_000), got: `"${'9'.repeat(59)}…"` },
    { cell: `1${',000'.repeat(12_500)}`, got: `"1${',000'.repeat(14)},0…"` },
    { cell: `1,${'5'.repeat(50_000)}`, got: `"1,${'5'.repeat(57)}…"` },
    { cell: endless, got: cutQuote },
  ])('$got is no number', ({ cell, got }) =>
    expect(readTarget(cell)).toEqual(
      error(
        `price: expected a plain number, got ${got}; write digits and at most one point, such as 95000 or 0.00001234`,
      ),
    ),
  );

  test('of any number cell is that number to 15 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e15, noNaN: true }), (cell) => {
        const read = readTarget(cell);
        expect(read).toMatchObject({ ok: true });
        if (read.ok) expect(Number(read.value.text)).toBe(Number(cell.toPrecision(15)));
      }),
    );
  });

  test('that is advised is a price when it is written', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\d.,' $]{1,12}$/), (cell) => {
        const read = readTarget(cell);
        const [, advised] = read.ok ? [] : (/; write ([\d.]+(?: or [\d.]+)?)$/.exec(read.error) ?? []);
        for (const spelling of advised?.split(' or ') ?? []) {
          expect(readTarget(spelling)).toEqual(value(price(spelling)));
          expect(spelling.replaceAll('.', '')).toBe(cell.replace(/[^\d]/g, ''));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('an exchange', () => {
  test.each(blanks)('%p leaves the choice open', (cell) => expect(readExchange(cell)).toEqual(value(undefined)));
  test.each([
    { cell: 'binance', expected: 'binance' },
    { cell: ' Bybit ', expected: 'bybit' },
    { cell: 'COINBASE', expected: 'coinbase' },
  ])('$cell is $expected', ({ cell, expected }) => expect(readExchange(cell)).toEqual(value(expected)));
  test.each<{ cell: Cell; got: string }>([
    ...['kraken', 'binance us', '#N/A', 'length', ...prototypeNames].map((cell) => ({ cell, got: `"${cell}"` })),
    { cell: 0, got: '0' },
    { cell: false, got: 'false' },
    { cell: endless, got: cutQuote },
  ])('$got is none', ({ cell, got }) =>
    expect(readExchange(cell)).toEqual(
      error(`exchange: expected ${exchangeNames.join(', ')} or a blank cell, got ${got}`),
    ),
  );
});

describe('active', () => {
  test.each<Cell>([...blanks, true, 'TRUE', 'true', ' True ', 'yes', 'да', 'ДА', 1, '1'])('%p is on', (cell) =>
    expect(readActive(cell)).toEqual(value(true)),
  );
  test.each<Cell>([false, 'FALSE', 'false', ' False ', 'no', 'нет', 0, '0'])('%p is a pause', (cell) =>
    expect(readActive(cell)).toEqual(value(false)),
  );
  test.each<{ cell: Cell; got: string }>([
    ...['maybe', 'on', '#REF!', ...prototypeNames].map((cell) => ({ cell, got: `"${cell}"` })),
    { cell: 2, got: '2' },
    { cell: -1, got: '-1' },
    { cell: endless, got: cutQuote },
  ])('$got is neither', ({ cell, got }) =>
    expect(readActive(cell)).toEqual(error(`active: expected TRUE, FALSE or a blank cell, got ${got}`)),
  );
});

describe('a user', () => {
  const known = ['dmitry', 'default', '42'];
  const noKey = (who: string, keys: string) =>
    error(
      `user_id: no channel in the secret for ${who}; it has some for ${keys}. Write one of them, or add the user with a channel under users in the secret`,
    );

  test.each<{ cell: Cell; expected: string }>([
    ...blanks.map((cell) => ({ cell, expected: 'default' })),
    { cell: 'dmitry', expected: 'dmitry' },
    { cell: ' dmitry ', expected: 'dmitry' },
    { cell: 'Dmitry', expected: 'dmitry' },
    { cell: 42, expected: '42' },
  ])('$cell is $expected', ({ cell, expected }) => expect(readUser(cell, known)).toEqual(value(expected)));

  test('is the one in just that spelling where two differ in case only', () => {
    expect(readUser('Anna', ['anna', 'Anna'])).toEqual(value('Anna'));
    expect(readUser('ANNA', ['anna', 'Anna'])).toEqual(noKey('"ANNA"', 'anna, Anna'));
  });

  test.each<{ cell: Cell; who: string }>([
    ...['nobody', '#N/A', '🚀', ...prototypeNames].map((cell) => ({ cell, who: `"${cell}"` })),
    { cell: 7, who: '7' },
    { cell: true, who: 'true' },
  ])('$who has no key', ({ cell, who }) => expect(readUser(cell, known)).toEqual(noKey(who, 'dmitry, default, 42')));

  test('must be written where there is no default', () => {
    expect(readUser('', ['dmitry'])).toEqual(noKey('the user "default" (the cell is blank)', 'dmitry'));
    expect(readUser(null, [])).toEqual(noKey('the user "default" (the cell is blank)', 'nobody'));
  });

  test('is anybody where the keys are not known', () => {
    expect(readUser('nobody', undefined)).toEqual(value('nobody'));
    expect(readUser('', undefined)).toEqual(value('default'));
    expect(readUser('__proto__', undefined)).toEqual(value('__proto__'));
  });

  test('has a short name', () => {
    expect(readUser('a'.repeat(60), undefined)).toEqual(value('a'.repeat(60)));
    expect(readUser(endless, undefined)).toEqual(error(`user_id: expected a short name, got ${cutQuote}`));
  });
});

describe('an id', () => {
  test.each(blanks)('%p leaves it to the content', (cell) => expect(readId(cell)).toEqual(value(undefined)));
  test.each<{ cell: Cell; expected: string }>([
    { cell: ' btc-95k ', expected: 'btc-95k' },
    { cell: 7, expected: '7' },
    { cell: 'Пробой_1.2', expected: 'Пробой_1.2' },
    { cell: 'constructor', expected: 'constructor' },
    { cell: 'a'.repeat(64), expected: 'a'.repeat(64) },
  ])('$cell is $expected', ({ cell, expected }) => expect(readId(cell)).toEqual(value(expected)));
  test.each<{ cell: Cell; got: string }>([
    ...['__proto__', '-1', 'a b', 'a#b', 'a/b', '#N/A', '🚀'].map((cell) => ({ cell, got: `"${cell}"` })),
    { cell: 1.5e21, got: '1.5e+21' },
    { cell: 'a'.repeat(65), got: `"${'a'.repeat(59)}…"` },
    { cell: endless, got: cutQuote },
  ])('$got is none', ({ cell, got }) =>
    expect(readId(cell)).toEqual(
      error(
        `id: expected a letter or digit and then at most 63 letters, digits, points, dashes or underscores, got ${got}`,
      ),
    ),
  );
});
