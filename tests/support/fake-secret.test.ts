import { expect, test } from '@jest/globals';
import { leaked } from './fake-secret.js';

const secret = 'abcdefghijklmnopqrstuvwxyz0123';

test.each(Array.from({ length: secret.length - 9 }, (_, from) => secret.slice(from, from + 10)))(
  'the piece %s of a secret is found',
  (piece) => {
    expect(leaked({ text: `before-${piece}-after` }, [secret, 'another0secret'])).toEqual([secret]);
  },
);

test('pieces that are shorter are not, nor what only looks alike', () => {
  expect(leaked(['abcdefghi klmnopqrs', 'uvwxyz012', secret.toUpperCase()], [secret, 'short'])).toEqual([]);
});
