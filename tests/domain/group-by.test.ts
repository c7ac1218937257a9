import { expect, test } from '@jest/globals';
import { groupBy } from '../../src/domain/group-by.js';

test('groups and what is in them keep their order', () => {
  const groups = groupBy(['bybit:B', 'binance:C', 'bybit:A'], (each) => each.split(':')[0]);
  expect([...groups]).toEqual([
    ['bybit', ['bybit:B', 'bybit:A']],
    ['binance', ['binance:C']],
  ]);
});

test('of nothing there are no groups', () => expect(groupBy([], String).size).toBe(0));
