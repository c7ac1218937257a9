import { expect, test } from '@jest/globals';
import type { Cell } from '../../../src/domain/columns.js';
import { type Priority, priorityField } from '../../../src/domain/fields/priority.js';
import { reading } from '../../support/builders.js';

const { attributes } = priorityField;

test.each<[Cell, Priority, string | undefined]>([
  ['', 'normal', undefined],
  [null, 'normal', undefined],
  ['Normal', 'normal', undefined],
  [' LOW ', 'low', 'low'],
  ['high', 'high', 'high'],
  ['urgent', 'urgent', 'urgent'],
  ['тихо', 'low', 'low'],
  ['срочно', 'urgent', 'urgent'],
])('%j is %s', (cell, value, stored) => {
  expect(priorityField.read({ priority: cell }, reading())).toEqual({ ok: true, value });
  expect(attributes.write(value)).toEqual({ priority: stored });
  expect(attributes.read({ priority: stored })).toEqual({ ok: true, value });
});

test.each<[Cell, string]>([
  ['loud', '"loud"'],
  [2, '2'],
  ['__proto__', '"__proto__"'],
])('%j is none', (cell, got) =>
  expect(priorityField.read({ priority: cell }, reading())).toEqual({
    ok: false,
    error: `priority: expected low, normal, high, urgent or a blank cell, got ${got}`,
  }),
);

test('an item with another word is named', () =>
  expect(attributes.read({ priority: 'loud' })).toEqual({
    ok: false,
    error: ['priority: expected low, normal, high, urgent, got "loud"'],
  }));
