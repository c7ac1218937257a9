import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTarget } from '../../../src/domain/cell.js';
import type { Cell } from '../../../src/domain/columns.js';
import { readCondition, restoreCondition } from '../../../src/domain/conditions/read-condition.js';
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
  test.each<[ConditionName, canonical: string, cells: Cell[]]>([
    ['above', '95000', [95000, '95000', '95000.0', ' 095000 ']],
    [
      'inside',
      '90000..95000',
      [
        '90000..95000',
        '90000-95000',
        '90000–95000',
        '90000 — 95000',
        ' 90000 .. 95000.0 ',
        '90000…95000',
        '90000...95000',
      ],
    ],
    ['enters', '0.5..0.7', ['0.5..0.7', '0.5-0.70', '0.50 - 0.7']],
    [
      'rises',
      '5% in 60m',
      ['5% in 1h', '5 % in 60m', '5.0% in 60 min', '5%in1h', '5% за 1ч', '5% за 1 час', '5% within 1 Hour', '5% IN 1H'],
    ],
    ['moves', '500 in 15m', ['500 in 15m', '500 за 15м', '500.00 in 15 minutes', '500 за 15 минут']],
    ['falls', '99.9% in 1440m', ['99.9% in 24h', '99.9% in 1d', '99.90% за 24 часа']],
    ['rises', '250% in 1m', ['250% in 1m']],
    ['moves', '100% in 1m', ['100% in 1m']],
    ['falls from high', '3%', ['3%', '3 %', '3.0%', ' 3% ']],
    ['rises from low', '1500', ['1500', 1500, '1500.0']],
    ['rises from low', '150%', ['150%']],
    ['funding above', '0.05%', ['0.05%', '0.05 %', '+0.050%', ' 0.05% ']],
    ['funding below', '-0.05%', ['-0.05%', '−0.05 %', '- 0.050%']],
    ['funding below', '0%', ['0%', '-0%', '0.00 %']],
    ['funding above', '50% apr', ['50% apr', '50 % APR', '50%apr', '50% годовых', '50% a year']],
    ['funding below', '-20% apr', ['-20% apr', '-20.0 % p.a.']],
  ])('of %s: what is %s in %j is one', (name, canonical, cells) => {
    for (const cell of cells) {
      const condition = read(name, cell);
      if (!condition.ok) throw new Error(condition.error);
      const { target } = condition.value;
      expect(kindNamed(name).canonicalText(target)).toBe(canonical);
      expect(target.text).toBe(String(cell).trim());
      expect(restoreCondition(name, target.text)).toEqual(condition.value);
    }
  });

  test.each<[ConditionName, cell: Cell, needs: string]>([
    ['rises', '5', '"5% in 1h" in the price cell, got "5"'],
    ['rises', 5, '"5% in 1h" in the price cell, got 5'],
    ['rises', true, '"5% in 1h" in the price cell, got true'],
    ['rises', '1,5% in 1h', '"5% in 1h" in the price cell, got "1,5% in 1h"; write 1.5% in 1h'],
    ['rises', '1,500 in 1h', '"5% in 1h" in the price cell, got "1,500 in 1h"; write 1500 in 1h or 1.500 in 1h'],
    ['moves', '0% in 1h', '"5% in 1h" in the price cell, got "0% in 1h"'],
    ['moves', '-5% in 1h', '"5% in 1h" in the price cell, got "-5% in 1h"'],
    ...['5% in 30s', '5% in 0m', '5% in 25h', '5% in 2d', '5% in 1.5h', '5% in 1', '5% in 1w'].map((cell) => {
      const advice = 'write a time from 1m to 24h, in whole minutes or hours, such as 15m or 1h';
      return ['rises', cell, `"5% in 1h" in the price cell, got "${cell}"; ${advice}`] as [ConditionName, Cell, string];
    }),
    [
      'falls',
      '100% in 1h',
      'less than 100% in the price cell, since no price falls by all of itself, got "100% in 1h"; write for example 5% in 1h',
    ],
    [
      'falls from high',
      '120%',
      'less than 100% in the price cell, since no price falls by all of itself, got "120%"; write for example 3%',
    ],
    ['falls from high', '0,5%', '"3%" in the price cell, got "0,5%"; write 0.5%'],
    ['falls from high', 0, '"3%" in the price cell, got 0'],
    ['falls from high', 'moon', '"3%" in the price cell, got "moon"'],
    ['inside', 90000, '"90000..95000" in the price cell, got 90000'],
    ['inside', '90000', '"90000..95000" in the price cell, got "90000"'],
    ['inside', '90000..90000.0', '"90000..95000" in the price cell, got "90000..90000.0"; write two different prices'],
    [
      'inside',
      '95000-90000',
      '"90000..95000" in the price cell, got "95000-90000"; write the lower price first: 90000..95000',
    ],
    [
      'leaves',
      '90,000-95,000',
      '"90000..95000" in the price cell, got "90,000-95,000"; write 90000..95000 or 90000..95.000 or 90.000..95000 or 90.000..95.000',
    ],
    ['leaves', '90 000 - 95 000', '"90000..95000" in the price cell, got "90 000 - 95 000"; write 90000..95000'],
    ['leaves', '0..95000', '"90000..95000" in the price cell, got "0..95000"'],
    ['leaves', '5'.repeat(200), `"90000..95000" in the price cell, got "${'5'.repeat(59)}…"`],
    ...[0.0005, '0.05', '500', '0.05% per 8h', 'moon'].map((cell) => {
      const advice = 'write the rate of an interval, such as 0.05%, or of a year, such as 50% apr';
      const needs = `"0.05%" in the price cell, got ${JSON.stringify(cell)}; ${advice}`;
      return ['funding above', cell, needs] as [ConditionName, Cell, string];
    }),
    ['funding above', '-0,05%', '"0.05%" in the price cell, got "-0,05%"; write -0.05%'],
    ['funding below', '1,500% apr', '"-20% apr" in the price cell, got "1,500% apr"; write 1500% apr or 1.500% apr'],
    ['funding below', '--5%', '"-20% apr" in the price cell, got "--5%"'],
  ])('of %s: %j says what to write', (name, cell, needs) =>
    expect(read(name, cell)).toEqual({ ok: false, error: `condition: ${name} needs ${needs}` }),
  );

  test.each([
    ['', 'price is blank: write 5% in 1h'],
    ['#REF!', 'price holds the formula error #REF!: repair the formula or write 5% in 1h'],
  ])('of rises: %j says what to write', (cell, error) => expect(read('rises', cell)).toEqual({ ok: false, error }));

  test.each<Cell>(['95,000', 'moon', 0, '', '#N/A', '5%', true])(
    'of one price says of %j what it said before there were other kinds',
    (cell) => {
      for (const name of ['above', 'below', 'crosses', 'crosses up', 'crosses down'] as const) {
        expect(read(name, cell)).toEqual(readTarget(cell));
      }
    },
  );

  test('may be a percentage, or begin with one, where a move or a rate is asked for: a sheet makes a number of it', () => {
    expect(conditionNames.filter((name) => kindNamed(name).allowsPercent)).toEqual([
      ...['rises', 'falls', 'moves'],
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

describe('a row', () => {
  test('asks for a condition', () => {
    const condition = readCondition({ condition: 'Растёт', price: '5% за 1ч' });
    expect(condition).toMatchObject({
      ok: true,
      value: { kind: 'rises', target: { text: '5% за 1ч', withinMs: 3_600_000 } },
    });
  });

  const expected = `condition: expected one of ${shownWords}, got "over"`;

  test.each<[condition: Cell, price: Cell, ...says: string[]]>([
    ['over', '95000', expected],
    ['over', '5% in 1h', expected],
    ['over', '95,000', expected, 'price: expected a plain number, got "95,000"; write 95000 or 95.000'],
    ['above', '95,000', 'price: expected a plain number, got "95,000"; write 95000 or 95.000'],
    ['', '95000', 'condition is blank: write above or below'],
    ['#N/A', '95000', 'condition holds the formula error #N/A: repair the formula or write above or below'],
  ])('with %j and %j says all that is wrong', (condition, price, ...says) =>
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
