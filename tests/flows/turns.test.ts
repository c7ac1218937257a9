import { describe, expect, test } from '@jest/globals';
import { createTurns, type Decision } from '../../src/flows/turns.js';

/** Requests that end when the test says so. */
function stage(limit: number) {
  const turns = createTurns(limit);
  const held: string[] = [];
  const left: string[] = [];
  /** Lets everything happen that does not wait for a request to end. */
  const settle = () => new Promise(setImmediate);
  return {
    turns,
    held,
    left,
    settle,
    ask(lane: string, times = 1, decide: () => Decision = () => 'go'): void {
      for (let time = 0; time < times; time += 1) {
        void turns.take(lane, decide).then((hasTurn) => (hasTurn ? held : left).push(lane));
      }
    },
    async end(lane: string, times = 1): Promise<void> {
      for (let time = 0; time < times; time += 1) {
        held.splice(held.indexOf(lane), 1);
        turns.giveBack(lane);
      }
      await settle();
    },
    async shares(): Promise<Record<string, number>> {
      await settle();
      const names = [...new Set(held)].toSorted();
      return Object.fromEntries(names.map((name) => [name, held.filter((each) => each === name).length]));
    },
  };
}

describe('the turns under way', () => {
  test.each<{ name: string; limit: number; wanted: Record<string, number>; expected: Record<string, number> }>([
    { name: 'an exchange alone has all', limit: 10, wanted: { a: 100 }, expected: { a: 10 } },
    {
      name: 'two that want more than there are have half each',
      limit: 10,
      wanted: { a: 130, b: 100 },
      expected: { a: 5, b: 5 },
    },
    { name: 'what one has no use for is the other’s', limit: 10, wanted: { a: 130, b: 1 }, expected: { a: 9, b: 1 } },
    { name: 'of three as well', limit: 10, wanted: { a: 130, b: 2, c: 130 }, expected: { a: 4, b: 2, c: 4 } },
    { name: 'no turn is left over', limit: 10, wanted: { a: 9, b: 9, c: 9 }, expected: { a: 3, b: 3, c: 4 } },
    {
      name: 'fewer than the exchanges go to the first',
      limit: 2,
      wanted: { a: 9, b: 9, c: 9 },
      expected: { a: 1, b: 1 },
    },
  ])('$name', async ({ limit, wanted, expected }) => {
    const { ask, shares } = stage(limit);
    for (const [lane, times] of Object.entries(wanted)) ask(lane, times);
    expect(await shares()).toEqual(expected);
  });
});

test('one that hangs does not take the turns that the other gives back while it has more to ask', async () => {
  const { ask, end, shares } = stage(10);
  ask('hangs', 130);
  ask('quick', 100);
  await shares();
  for (let round = 0; round < 19; round += 1) await end('quick', 5);
  expect(await shares()).toEqual({ hangs: 5, quick: 5 });
  await end('quick', 5);
  expect(await shares()).toEqual({ hangs: 10 });
});

test('a turn is kept for work between two of its requests', async () => {
  const { turns, ask, end, shares } = stage(4);
  let finish = (): void => undefined;
  const pages = turns.during(
    'quick',
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  ask('hangs', 9);
  ask('quick');
  expect(await shares()).toEqual({ hangs: 3, quick: 1 });
  await end('quick');
  expect(await shares()).toEqual({ hangs: 3 });
  ask('quick');
  expect(await shares()).toEqual({ hangs: 3, quick: 1 });
  await end('quick');
  finish();
  await pages;
  expect(await shares()).toEqual({ hangs: 4 });
});

test('work that fails keeps no turn', async () => {
  const { turns, ask, shares } = stage(2);
  await expect(turns.during('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  ask('b', 2);
  expect(await shares()).toEqual({ b: 2 });
});

test('with a single turn the exchanges take it by turns', async () => {
  const { ask, held, end, settle } = stage(1);
  ask('a', 3);
  ask('b', 3);
  await settle();
  const order: string[] = [];
  for (let time = 0; time < 6; time += 1) {
    const [lane = ''] = held;
    order.push(lane);
    await end(lane);
  }
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

test('is decided on in the turn: one that waits lets others go first, one that leaves takes none', async () => {
  const { ask, held, left, end, settle } = stage(1);
  let isOver = false;
  ask('a');
  ask('a', 1, () => (isOver ? 'leave' : 'go'));
  ask('a', 1, () => 'wait');
  ask('a');
  await settle();
  expect({ held, left }).toEqual({ held: ['a'], left: [] });
  isOver = true;
  await end('a');
  expect({ held, left }).toEqual({ held: ['a'], left: ['a'] });
});
