import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTarget } from '../../../src/domain/cell.js';
import type { Cell } from '../../../src/domain/columns.js';
import { readCondition, readConditionName, restoreCondition } from '../../../src/domain/conditions/read-condition.js';
import {
  type Condition,
  type ConditionName,
  conditionKinds,
  conditionNames,
  conditionOf,
  findConditionName,
  kindNamed,
} from '../../../src/domain/conditions/registry.js';
import { priceConditionNames, shownWords } from '../../support/conditions.js';
import { truths } from './truths.js';

const names = [
  ...['above', 'below', 'crosses', 'crosses up', 'crosses down', 'inside', 'outside', 'enters', 'leaves'],
  ...['rises', 'falls', 'moves', 'falls from high', 'rises from low', 'funding above', 'funding below'],
];

describe('the registry', () => {
  test('holds every kind under its own name', () => {
    // Stored names never change; new ones may follow.
    expect(conditionNames.slice(0, names.length)).toEqual(names);
    expect(conditionNames.map((name) => kindNamed(name).words[0])).toEqual(conditionNames);
  });

  test('takes no words for two kinds', () => {
    const words = conditionNames.flatMap((name) => kindNamed(name).words);
    expect(new Set(words).size).toBe(words.length);
    for (const each of words) expect(each).toBe(each.toLowerCase().replaceAll('ё', 'е').trim());
  });

  test('has for each kind an example that it reads, and its own target in the type', () => {
    for (const name of conditionNames) expect(conditionOf(name, kindNamed(name).example).ok).toBe(true);
    const target: Extract<Condition, { kind: 'rises' }>['target'] | undefined = undefined;
    // @ts-expect-error A band is no target of a rise.
    const wrong: Condition = { kind: 'rises', target: { text: '', bounds: { low: 1, high: 2 } } };
    expect([target, wrong.kind]).toEqual([undefined, 'rises']);
    expect(Object.keys(conditionKinds)).toEqual(conditionNames);
  });

  test.each<[string, ConditionName]>([
    ...(['above', 'ABOVE', ' Above ', '>', '>=', '≥', 'выше', 'ВЫШЕ'] as const).map(
      (words): [string, ConditionName] => [words, 'above'],
    ),
    ...(['below', '<', '<=', '≤', 'ниже'] as const).map((words): [string, ConditionName] => [words, 'below']),
    ['пересекает', 'crosses'],
    ['Crosses  Up', 'crosses up'],
    ['crosses\u00a0up', 'crosses up'],
    ['пересекает вверх', 'crosses up'],
    ['пересекает \n вниз', 'crosses down'],
    ['внутри', 'inside'],
    ['вне', 'outside'],
    ['входит', 'enters'],
    ['выходит', 'leaves'],
    ['растёт', 'rises'],
    ['растет', 'rises'],
    ['РАСТЁТ', 'rises'],
    ['падает', 'falls'],
    ['движется', 'moves'],
    ['Falls from high', 'falls from high'],
    ['откат', 'falls from high'],
    ['отскок', 'rises from low'],
    ['Funding  Above', 'funding above'],
    ['фандинг выше', 'funding above'],
    ['Фандинг ниже', 'funding below'],
  ])('%j is %s', (words, name) => expect(findConditionName(words)).toBe(name));

  test.each(['', 'crossesup', 'cross', 'constructor', '__proto__', 'funding', '5%'])('%j is no condition', (words) =>
    expect(findConditionName(words)).toBeUndefined(),
  );
});

const read = (name: ConditionName, cell: Cell) => conditionOf(name, cell);

describe('a target', () => {
  test.each<{ name: ConditionName; cells: Cell[]; canonical: string }>([
    { name: 'above', cells: [95000, '95000', '95000.0', ' 095000 '], canonical: '95000' },
    {
      name: 'inside',
      cells: [
        '90000..95000',
        '90000-95000',
        '90000–95000',
        '90000 — 95000',
        ' 90000 .. 95000.0 ',
        '90000…95000',
        '90000...95000',
      ],
      canonical: '90000..95000',
    },
    { name: 'enters', cells: ['0.5..0.7', '0.5-0.70', '0.50 - 0.7'], canonical: '0.5..0.7' },
    {
      name: 'rises',
      cells: [
        '5% in 1h',
        '5 % in 60m',
        '5.0% in 60 min',
        '5%in1h',
        '5% за 1ч',
        '5% за 1 час',
        '5% within 1 Hour',
        '5% IN 1H',
      ],
      canonical: '5% in 60m',
    },
    {
      name: 'moves',
      cells: ['500 in 15m', '500 за 15м', '500.00 in 15 minutes', '500 за 15 минут'],
      canonical: '500 in 15m',
    },
    { name: 'falls', cells: ['99.9% in 24h', '99.9% in 1d', '99.90% за 24 часа'], canonical: '99.9% in 1440m' },
    { name: 'rises', cells: ['250% in 1m'], canonical: '250% in 1m' },
    { name: 'moves', cells: ['100% in 1m'], canonical: '100% in 1m' },
    { name: 'falls from high', cells: ['3%', '3 %', '3.0%', ' 3% '], canonical: '3%' },
    { name: 'rises from low', cells: ['1500', 1500, '1500.0'], canonical: '1500' },
    { name: 'rises from low', cells: ['150%'], canonical: '150%' },
    { name: 'funding above', cells: ['0.05%', '0.05 %', '+0.050%', ' 0.05% '], canonical: '0.05%' },
    { name: 'funding below', cells: ['-0.05%', '−0.05 %', '- 0.050%'], canonical: '-0.05%' },
    { name: 'funding below', cells: ['0%', '-0%', '0.00 %'], canonical: '0%' },
    {
      name: 'funding above',
      cells: ['50% apr', '50 % APR', '50%apr', '50% годовых', '50% a year'],
      canonical: '50% apr',
    },
    { name: 'funding below', cells: ['-20% apr', '-20.0 % p.a.'], canonical: '-20% apr' },
  ])('of $name: $cells are one', ({ name, cells, canonical }) => {
    for (const cell of cells) {
      const condition = read(name, cell);
      if (!condition.ok) throw new Error(condition.error);
      const { target } = condition.value;
      expect(kindNamed(name).canonicalText(target)).toBe(canonical);
      expect(target.text).toBe(String(cell).trim());
      expect(restoreCondition(name, target.text)).toEqual(condition.value);
    }
  });

  test.each<{ name: ConditionName; cell: Cell; says: string }>([
    { name: 'rises', cell: '5', says: 'condition: rises needs "5% in 1h" in the price cell, got "5"' },
    { name: 'rises', cell: 5, says: 'condition: rises needs "5% in 1h" in the price cell, got 5' },
    { name: 'rises', cell: true, says: 'condition: rises needs "5% in 1h" in the price cell, got true' },
    { name: 'rises', cell: '', says: 'price is blank: write 5% in 1h' },
    { name: 'rises', cell: '#REF!', says: 'price holds the formula error #REF!: repair the formula or write 5% in 1h' },
    {
      name: 'rises',
      cell: '1,5% in 1h',
      says: 'condition: rises needs "5% in 1h" in the price cell, got "1,5% in 1h"; write 1.5% in 1h',
    },
    {
      name: 'rises',
      cell: '1,500 in 1h',
      says: 'condition: rises needs "5% in 1h" in the price cell, got "1,500 in 1h"; write 1500 in 1h or 1.500 in 1h',
    },
    { name: 'moves', cell: '0% in 1h', says: 'condition: moves needs "5% in 1h" in the price cell, got "0% in 1h"' },
    { name: 'moves', cell: '-5% in 1h', says: 'condition: moves needs "5% in 1h" in the price cell, got "-5% in 1h"' },
    ...['5% in 30s', '5% in 0m', '5% in 25h', '5% in 2d', '5% in 1.5h', '5% in 1', '5% in 1w'].map((cell) => ({
      name: 'rises' as const,
      cell,
      says: `condition: rises needs "5% in 1h" in the price cell, got "${cell}"; write a time from 1m to 24h, in whole minutes or hours, such as 15m or 1h`,
    })),
    {
      name: 'falls',
      cell: '100% in 1h',
      says: 'condition: falls needs less than 100% in the price cell, since no price falls by all of itself, got "100% in 1h"; write for example 5% in 1h',
    },
    {
      name: 'falls from high',
      cell: '120%',
      says: 'condition: falls from high needs less than 100% in the price cell, since no price falls by all of itself, got "120%"; write for example 3%',
    },
    {
      name: 'falls from high',
      cell: '0,5%',
      says: 'condition: falls from high needs "3%" in the price cell, got "0,5%"; write 0.5%',
    },
    { name: 'falls from high', cell: 0, says: 'condition: falls from high needs "3%" in the price cell, got 0' },
    {
      name: 'falls from high',
      cell: 'moon',
      says: 'condition: falls from high needs "3%" in the price cell, got "moon"',
    },
    { name: 'inside', cell: 90000, says: 'condition: inside needs "90000..95000" in the price cell, got 90000' },
    { name: 'inside', cell: '90000', says: 'condition: inside needs "90000..95000" in the price cell, got "90000"' },
    {
      name: 'inside',
      cell: '90000..90000.0',
      says: 'condition: inside needs "90000..95000" in the price cell, got "90000..90000.0"; write two different prices',
    },
    {
      name: 'inside',
      cell: '95000-90000',
      says: 'condition: inside needs "90000..95000" in the price cell, got "95000-90000"; write the lower price first: 90000..95000',
    },
    {
      name: 'leaves',
      cell: '90,000-95,000',
      says: 'condition: leaves needs "90000..95000" in the price cell, got "90,000-95,000"; write 90000..95000 or 90000..95.000 or 90.000..95000 or 90.000..95.000',
    },
    {
      name: 'leaves',
      cell: '90 000 - 95 000',
      says: 'condition: leaves needs "90000..95000" in the price cell, got "90 000 - 95 000"; write 90000..95000',
    },
    {
      name: 'leaves',
      cell: '0..95000',
      says: 'condition: leaves needs "90000..95000" in the price cell, got "0..95000"',
    },
    {
      name: 'leaves',
      cell: '5'.repeat(200),
      says: `condition: leaves needs "90000..95000" in the price cell, got "${'5'.repeat(59)}…"`,
    },
    ...[0.0005, '0.05', '500', '0.05% per 8h', 'moon'].map((cell) => ({
      name: 'funding above' as const,
      cell,
      says: `condition: funding above needs "0.05%" in the price cell, got ${JSON.stringify(cell)}; write the rate of an interval, such as 0.05%, or of a year, such as 50% apr`,
    })),
    {
      name: 'funding above',
      cell: '-0,05%',
      says: 'condition: funding above needs "0.05%" in the price cell, got "-0,05%"; write -0.05%',
    },
    {
      name: 'funding below',
      cell: '1,500% apr',
      says: 'condition: funding below needs "-20% apr" in the price cell, got "1,500% apr"; write 1500% apr or 1.500% apr',
    },
    {
      name: 'funding below',
      cell: '--5%',
      says: 'condition: funding below needs "-20% apr" in the price cell, got "--5%"',
    },
    { name: 'funding above', cell: '', says: 'price is blank: write 0.05%' },
  ])('of $name: $cell says what to write', ({ name, cell, says }) =>
    expect(read(name, cell)).toEqual({ ok: false, error: says }),
  );

  test.each<Cell>(['95,000', 'moon', 0, '', '#N/A', '5%', true])(
    'of one price says of %j what it said before there were other kinds',
    (cell) => {
      for (const name of ['above', 'below', 'crosses', 'crosses up', 'crosses down'] as const) {
        expect(read(name, cell)).toEqual(readTarget(cell));
      }
    },
  );

  test('may be a percentage where a trail or a rate is asked for, since a sheet makes a number of one', () => {
    expect(conditionNames.filter((name) => kindNamed(name).allowsPercent)).toEqual([
      'falls from high',
      'rises from low',
      'funding above',
      'funding below',
    ]);
  });

  test('of any text is read again from its own text as the same, or is an error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...conditionNames),
        fc.oneof(fc.string(), fc.stringMatching(/^ ?[\d.,]{1,6} ?%?(\.\.|-| in | за )[\d.]{1,6} ?[mhdмч]?$/u)),
        (name, cell) => {
          const condition = read(name, cell);
          if (condition.ok) expect(restoreCondition(name, condition.value.target.text)).toEqual(condition.value);
          else expect(condition.error).toMatch(/^(price|condition)\b/);
        },
      ),
      { numRuns: 1000, seed: 11 },
    );
  });
});

describe('a condition cell', () => {
  const endless = '🚀'.repeat(50_000);
  const value = (name: ConditionName) => ({ ok: true, value: name });
  const error = (message: string) => ({ ok: false, error: message });

  test.each(['above', 'Above', ' ABOVE ', '>', '>=', '≥', 'выше', 'Выше', 'ВЫШЕ'])('%s is above', (cell) =>
    expect(readConditionName(cell)).toEqual(value('above')),
  );
  test.each(['below', 'Below', ' BELOW ', '<', '<=', '≤', 'ниже', 'Ниже', 'НИЖЕ'])('%s is below', (cell) =>
    expect(readConditionName(cell)).toEqual(value('below')),
  );

  test.each(['', ' ', '\t\n', '\u00a0', '\ufeff', null, undefined])('%p is blank', (cell) =>
    expect(readConditionName(cell)).toEqual(error('condition is blank: write above or below')),
  );
  test.each(['#N/A', '#REF!', '#VALUE!', '#NAME?', '#DIV/0!', '#NUM!', '#NULL!', '#ERROR!', ' #N/A '])(
    '%s is a broken formula',
    (cell) =>
      expect(readConditionName(cell)).toEqual(
        error(`condition holds the formula error ${cell.trim()}: repair the formula or write above or below`),
      ),
  );

  test.each<{ cell: Cell; got: string }>([
    ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'].map((cell) => ({
      cell,
      got: `"${cell}"`,
    })),
    { cell: '=', got: '"="' },
    { cell: '=>', got: '"=>"' },
    { cell: '> =', got: '"> ="' },
    { cell: 'above 95000', got: '"above 95000"' },
    { cell: 'moon', got: '"moon"' },
    { cell: 95000, got: '95000' },
    { cell: 0, got: '0' },
    { cell: true, got: 'true' },
    { cell: '🚀', got: '"🚀"' },
    { cell: endless, got: `"${'🚀'.repeat(59)}…"` },
  ])('$got is none', ({ cell, got }) => {
    const read = readConditionName(cell);
    expect(read).toMatchObject({ ok: false, error: expect.stringMatching(/^condition: expected one of above \(/) });
    expect(read).toMatchObject({ error: expect.stringContaining(`, got ${got}`) });
  });
});

describe('a row', () => {
  test('asks for a condition', () => {
    const condition = readCondition({ condition: 'Растёт', price: '5% за 1ч' });
    expect(condition).toMatchObject({
      ok: true,
      value: { kind: 'rises', target: { text: '5% за 1ч', withinMs: 3_600_000 } },
    });
  });

  const expected = `condition: expected one of ${shownWords}, got "over"`;

  test.each<{ condition: Cell; price: Cell; says: string[] }>([
    { condition: 'over', price: '95000', says: [expected] },
    { condition: 'over', price: '5% in 1h', says: [expected] },
    {
      condition: 'over',
      price: '95,000',
      says: [expected, 'price: expected a plain number, got "95,000"; write 95000 or 95.000'],
    },
    {
      condition: 'above',
      price: '95,000',
      says: ['price: expected a plain number, got "95,000"; write 95000 or 95.000'],
    },
    {
      condition: '',
      price: '95000',
      says: ['condition is blank: write above or below'],
    },
    {
      condition: '#N/A',
      price: '95000',
      says: ['condition holds the formula error #N/A: repair the formula or write above or below'],
    },
  ])('with $condition and $price says all that is wrong', ({ condition, price, says }) =>
    expect(readCondition({ condition, price })).toEqual({ ok: false, error: says }),
  );

  test.each<[unknown, unknown]>([
    ['over', '95000'],
    ['above', 95000],
    ['above', '5%'],
    ['toString', '95000'],
    [undefined, undefined],
  ])('stored as %j and %j is no condition', (name, text) => expect(restoreCondition(name, text)).toBeUndefined());
});

test('every kind is held against a truth', () =>
  expect(new Set(truths.map(({ kind }) => kind))).toEqual(new Set(priceConditionNames)));
