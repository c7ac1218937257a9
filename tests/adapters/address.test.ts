import { expect, test } from '@jest/globals';
import { address } from '../../src/adapters/address.js';

test.each<{ origin: string; expected: string }>([
  { origin: 'https://api.binance.com', expected: 'https://api.binance.com/a/b?id=%E5%B8%81&id=%26' },
  { origin: 'https://api.binance.com/', expected: 'https://api.binance.com/a/b?id=%E5%B8%81&id=%26' },
  { origin: 'http://127.0.0.1:8080', expected: 'http://127.0.0.1:8080/a/b?id=%E5%B8%81&id=%26' },
  { origin: 'https://proxy.example/binance//', expected: 'https://proxy.example/binance/a/b?id=%E5%B8%81&id=%26' },
])('a path on $origin', ({ origin, expected }) => {
  expect(
    address(origin, '/a/b', [
      ['id', '币'],
      ['id', '&'],
    ]).href,
  ).toBe(expected);
});
