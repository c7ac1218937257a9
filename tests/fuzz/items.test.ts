import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readItem } from '../../src/adapters/dynamodb/read-item.js';
import { itemOf } from '../support/dynamodb.js';
import { alert } from './arbitraries.js';

const withoutAbsent = (item: object): object => JSON.parse(JSON.stringify(item));

test('an alert, stored and read again, is the same alert', () => {
  fc.assert(
    fc.property(alert, (each) => {
      expect(readItem(withoutAbsent(itemOf(each)) as Record<string, unknown>)).toEqual({ ok: true, value: each });
    }),
    { numRuns: 400 },
  );
});

test('an item with any attributes wrong is an alert that is stored as it came, or a sentence', () => {
  const spoiled = fc
    .tuple(alert, fc.dictionary(fc.nat(30).map(String), fc.jsonValue(), { maxKeys: 3 }))
    .map(([each, by]) => {
      const item = withoutAbsent(itemOf(each)) as Record<string, unknown>;
      const names = Object.keys(item);
      for (const [index, value] of Object.entries(by)) item[names[Number(index) % names.length] ?? 'id'] = value;
      return item;
    });
  fc.assert(
    fc.property(fc.oneof(spoiled, fc.dictionary(fc.string(), fc.jsonValue())), (item) => {
      const read = readItem(item);
      if (!read.ok) expect(read.error).toMatch(/\S/);
      else expect(readItem(withoutAbsent(itemOf(read.value)) as Record<string, unknown>)).toEqual(read);
    }),
    { numRuns: 400 },
  );
});
