import { expect, test } from '@jest/globals';
import { oneShape } from '../../src/domain/one-shape.js';

test('each has all keys, in their order, and is nobody else’s', () => {
  const fresh = oneShape(['b', 'a', '__proto__x']);
  const [one, other] = [fresh(), fresh()];
  one.a = 1;
  expect(Object.entries(one)).toEqual([
    ['b', null],
    ['a', 1],
    ['__proto__x', null],
  ]);
  expect(other.a).toBeNull();
});
