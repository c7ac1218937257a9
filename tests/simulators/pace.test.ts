import { expect, test } from '@jest/globals';
import { createPace } from '../../src/simulators/pace.js';

test('so many in any stretch, each key by itself; the wait is until the oldest is out of it', () => {
  let now = 1_000;
  const pace = createPace(() => now);
  const rate = { most: 2, perMs: 100 };
  expect([pace.take('a', rate), pace.take('a', rate), pace.take('a', rate), pace.take('b', rate)]).toEqual([
    0, 0, 100, 0,
  ]);
  now += 60;
  expect(pace.take('a', rate)).toBe(40);
  now += 40;
  expect([pace.take('a', rate), pace.take('a', rate), pace.take('a', rate)]).toEqual([0, 0, 100]);
  expect(pace.take('a', { most: 0, perMs: 700 })).toBe(700);
});
