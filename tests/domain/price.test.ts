import { describe, expect, test } from '@jest/globals';
import { Big } from 'big.js';
import fc from 'fast-check';
import * as v from 'valibot';
import {
  canonicalText,
  compare,
  higher,
  lower,
  PriceText,
  price,
  readPrice,
  shownPrice,
} from '../../src/domain/price.js';

describe('a price', () => {
  test.each([
    '95000',
    '95000.10',
    '0.00001234',
    '95180.00000000',
    '123456789012345678901234567890',
    '0.123456789012345678901234567891',
    `0.${'0'.repeat(57)}1`,
  ])('%s keeps its text and is exact', (text) => expect(readPrice(text)).toEqual({ text, value: new Big(text) }));

  test('is told apart from another in the thirtieth digit', () => {
    const one = price('0.123456789012345678901234567891');
    const other = price('0.123456789012345678901234567892');
    expect(one.value.lt(other.value)).toBe(true);
    expect(Number(one.text)).toBe(Number(other.text));
  });

  test.each<unknown>([
    ...['0', '0.0', '0.00000000', '000'],
    ...['', ' ', ' 95000', '95000 ', '95000\n', '9 5', '\u00a095000'],
    ...['1e5', '1E5', '.5', '5.', '+5', '-5', '1.2.3', '95,000', '95.000,00', '1_000', '0x10', '$5', '９５', '٣'],
    ...['NaN', 'Infinity', 'null', 'undefined', 'constructor', '🚀'],
    ...['9'.repeat(61), `0.${'0'.repeat(58)}1`, '9'.repeat(50_000)],
    ...[undefined, null, 95000, Number.NaN, true, 10n, {}, [], ['95000'], { text: '95000' }],
  ])('%p is no price', (text) => expect(readPrice(text)).toBeUndefined());

  test.each([
    { text: '', message: 'expected a plain decimal' },
    { text: '1e5', message: 'expected a plain decimal' },
    { text: '0.00', message: 'expected a price above zero' },
    { text: '1'.repeat(61), message: 'expected at most 60 digits' },
    { text: undefined, message: 'expected a decimal as text' },
  ])('the schema says of $text: $message', ({ text, message }) =>
    expect(v.safeParse(PriceText, text).issues?.map((issue) => issue.message)).toEqual([message]),
  );

  test('that this program wrote wrongly throws', () => {
    expect(() => price('0')).toThrow('expected a price above zero');
    expect(() => price('95,000')).toThrow('expected a plain decimal');
  });
});

describe('one spelling for equal values', () => {
  test.each([
    { text: '95000', expected: '95000' },
    { text: '95000.0', expected: '95000' },
    { text: '095000.00', expected: '95000' },
    { text: '95000.10', expected: '95000.1' },
    { text: '0.00001234', expected: '0.00001234' },
    { text: '0.000000001', expected: '0.000000001' },
    { text: '1000000000000000000000000000000', expected: '1000000000000000000000000000000' },
  ])('$text is $expected', ({ text, expected }) => expect(canonicalText(price(text).value)).toBe(expected));
});

describe('people are shown', () => {
  test.each([
    ['95180.00000000', '95180.00'],
    ['0.00001200', '0.000012'],
    ['0.00001234', '0.00001234'],
    ['95000', '95000'],
    ['95000.10', '95000.10'],
    ['95000.1', '95000.1'],
    ['95000.100', '95000.10'],
    ['95000.0', '95000.0'],
    ['100', '100'],
    ['1000000', '1000000'],
    ['0.10', '0.10'],
    ['0.10000000', '0.10'],
    ['1.02030000', '1.0203'],
    ['10.00000001', '10.00000001'],
    ['100.5', '100.5'],
  ])('%s as %s', (text, expected) => expect(shownPrice(text)).toBe(expected));

  const texts = fc
    .tuple(fc.stringMatching(/^\d{1,12}$/), fc.option(fc.stringMatching(/^[0-9]{1,40}$/), { nil: undefined }))
    .map(([whole, decimals]) => (decimals === undefined ? whole : `${whole}.${decimals}`));

  test('never a rounded price, and nothing but zeros goes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = shownPrice(text);
        expect(text.startsWith(shown)).toBe(true);
        expect(text.slice(shown.length)).toMatch(/^0*$/);
        expect(new Big(shown).eq(text)).toBe(true);
        expect(shownPrice(shown)).toBe(shown);
      }),
    );
  });

  // Without the bound of 60 digits the expression would be quadratic; this is its worst case, ten times as long.
  test('the worst of all texts without delay', () => {
    const worst = `0.${'0'.repeat(600)}1`;
    expect(shownPrice(worst)).toBe(worst);
  });
});

describe('of two prices', () => {
  const [small, large, largeToo] = [price('9.9'), price('10'), price('10.0')];
  test('the higher and the lower are told by value, not by text', () => {
    expect([higher(small, large), higher(large, small)]).toEqual([large, large]);
    expect([lower(small, large), lower(large, small)]).toEqual([small, small]);
  });
  test('the first stays where both are equal', () => {
    expect(higher(large, largeToo)).toBe(large);
    expect(lower(largeToo, large)).toBe(largeToo);
  });
});

test('what is read by hand is what the schema reads', () => {
  const texts = fc.oneof(fc.stringMatching(/^[\d.]{0,64}$/), fc.stringMatching(/^\d{1,32}\.\d{1,32}$/), fc.string());
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = v.safeParse(PriceText, text);
      expect(readPrice(text)).toEqual(parsed.success ? parsed.output : undefined);
    }),
  );
});

test('two are compared as Big compares them, whatever their signs and lengths', () => {
  const digits = fc.stringMatching(/^-?\d{1,4}(\.\d{1,4})?$/);
  const long = fc.stringMatching(/^-?[01]{1,3}\.[01]{0,3}0{0,20}[01]$/);
  const numbers = fc
    .oneof(digits, long, fc.constantFrom('0', '-0', '0.00', '1', '1.0', '10'))
    .map((text) => new Big(text));
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      expect(Math.sign(compare(a, b))).toBe(a.cmp(b) + 0);
      expect(compare(a, new Big(a)) + 0).toBe(0);
    }),
    { numRuns: 1_000 },
  );
});
