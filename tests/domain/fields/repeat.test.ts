import { describe, expect, test } from '@jest/globals';
import { Big } from 'big.js';
import type { Cell } from '../../../src/domain/columns.js';
import { repeatField } from '../../../src/domain/fields/repeat.js';
import { reading } from '../../support/builders.js';
import { shownGoingBack } from '../../support/conditions.js';

const minutes = 60_000;
const read = (repeat: Cell, condition: Cell = 'above') => repeatField.read({ repeat, condition }, reading());
const oneHour = 60 * minutes;

describe('a repeat', () => {
  test.each<[Cell, number, string | undefined]>([
    ['1m', minutes, undefined],
    ['1h', oneHour, undefined],
    [' 90 Min ', 90 * minutes, undefined],
    ['30d', 30 * 24 * oneHour, undefined],
    ['1 час', oneHour, undefined],
    ['always', 0, undefined],
    ['ALWAYS', 0, undefined],
    ['Всегда', 0, undefined],
    ['back', 0, '0'],
    ['Назад', 0, '0'],
    ['back 0.5%', 0, '0.005'],
    ['Back  0.5 %', 0, '0.005'],
    ['назад 1%', 0, '0.01'],
    ['1h back', oneHour, '0'],
    ['back 1h', oneHour, '0'],
    ['1h back 0.5%', oneHour, '0.005'],
    ['back 0.5% 1h', oneHour, '0.005'],
    ['BACK 0.5% 1 H', oneHour, '0.005'],
    ['1 час назад 2%', oneHour, '0.02'],
  ])('%j', (cell, afterMs, share) =>
    expect(read(cell)).toEqual({
      ok: true,
      value: {
        text: String(cell).trim().replace(/\s+/g, ' '),
        afterMs,
        back: share === undefined ? undefined : { share: new Big(share) },
      },
    }),
  );

  test.each<Cell>(['', ' ', null, undefined])('of %p is none: the alert fires once', (cell) =>
    expect(read(cell)).toEqual({ ok: true, value: undefined }),
  );

  test.each<[Cell, string]>([
    ['0m', '"0m"'],
    ['31d', '"31d"'],
    ['1.5h', '"1.5h"'],
    ['30s', '"30s"'],
    ['often', '"often"'],
    ['always back', '"always back"'],
    ['1h back 2h', '"1h back 2h"'],
    ['back 0%', '"back 0%"'],
    ['back 0,5%', '"back 0,5%"'],
    ['back 100%', '"back 100%"'],
    ['back 500', '"back 500"'],
    ['back back', '"back back"'],
    ['backwards', '"backwards"'],
    [60, '60'],
    [true, 'true'],
  ])('of %j is refused', (cell, got) =>
    expect(read(cell)).toEqual({
      ok: false,
      error: `repeat: expected 1h, always, back, back 0.5% or 1h back or a blank cell, got ${got}; a time is 1m to 30d, in whole minutes, hours or days`,
    }),
  );

  test('of a broken formula says so', () =>
    expect(read('#N/A')).toEqual({
      ok: false,
      error: 'repeat holds the formula error #N/A: repair the formula or write 1h, always, back, back 0.5% or 1h back',
    }));
});

describe('back', () => {
  const fitting = ['above', 'below', 'crosses', 'crosses up', 'crosses down', 'inside', 'outside', 'enters', 'leaves'];
  test.each(fitting)('fits %s', (condition) => expect(read('1h back', condition)).toMatchObject({ ok: true }));

  test.each(['rises', 'falls', 'moves', 'falls from high', 'rises from low'])('does not fit %s', (condition) => {
    expect(read('1h back', condition)).toEqual({
      ok: false,
      error: `repeat: ${condition} has no other side to go back to, got "1h back"; write a time such as 1h, or always. back fits ${shownGoingBack}`,
    });
    expect(read('1h', condition)).toMatchObject({ ok: true });
    expect(read('always', condition)).toMatchObject({ ok: true });
  });

  test('is not judged where the condition cannot be read', () =>
    expect(read('back', 'sideways')).toMatchObject({ ok: true }));
});

describe('on the item', () => {
  const { attributes } = repeatField;
  test.each(['1h', 'back 0.5% 1h', 'Назад'])('%s is kept as it was written', (text) => {
    const repeat = read(text);
    if (!repeat.ok) throw new Error(`expected a repeat, got ${text}`);
    expect(attributes.write(repeat.value)).toEqual({ repeat: text });
    expect(attributes.read({ repeat: text })).toEqual(repeat);
  });
  test('none is absent', () => {
    expect(attributes.write(undefined)).toEqual({ repeat: undefined });
    expect(attributes.read({})).toEqual({ ok: true, value: undefined });
  });
  test.each(['', 'often', 7, null])('%j is none', (repeat) =>
    expect(attributes.read({ repeat })).toMatchObject({ ok: false }),
  );
});
