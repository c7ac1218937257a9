import { expect, test } from '@jest/globals';
import { type Bar, pointAt } from '../../../src/domain/evidence/bar.js';
import { pass } from '../../../src/domain/evidence/passage.js';
import {
  isSurelyWithin,
  leastTrades,
  longestMove,
  mayBeWithin,
  provenMoves,
} from '../../../src/domain/evidence/proof.js';
import {
  atLeast,
  atMost,
  between,
  beyond,
  strictlyAbove,
  strictlyBelow,
  type Zone,
} from '../../../src/domain/evidence/zone.js';
import { price } from '../../../src/domain/price.js';

const prices = [1, 2, 3, 4].map((value) => price(String(value)));
const numberOf = ({ value }: { value: { toNumber(): number } }): number => value.toNumber();

/** Every list of at most six trades at four prices, by the four prices of its bar. */
function everyList(): ReadonlyMap<string, { readonly bar: Bar; readonly lists: readonly (readonly number[])[] }> {
  const found = new Map<string, { bar: Bar; lists: number[][] }>();
  let lists: number[][] = [[]];
  for (let length = 1; length <= 6; length += 1) {
    lists = lists.flatMap((list) => [1, 2, 3, 4].map((next) => [...list, next]));
    for (const list of lists) {
      const four = [list[0], Math.max(...list), Math.min(...list), list.at(-1)];
      const [open, high, low, close] = four.map((value) => prices[(value ?? 0) - 1] ?? price('9'));
      if (open === undefined || high === undefined || low === undefined || close === undefined) continue;
      const known = found.get(four.join());
      if (known === undefined)
        found.set(four.join(), { bar: { openAt: 0, spanMs: 60_000, open, high, low, close }, lists: [list] });
      else known.lists.push(list);
    }
  }
  return found;
}

const all = [...everyList().values()];

test('what is asked of every list is asked of 4,096 lists of the longest kind', () => {
  expect(all.reduce((count, { lists }) => count + lists.filter(({ length }) => length === 6).length, 0)).toBe(4 ** 6);
});

test('every list of trades holds one of the shortest lists, in its order', () => {
  const holds = (list: readonly number[], least: readonly number[]): boolean => {
    let next = 0;
    for (const each of list) if (each === least[next]) next += 1;
    return next === least.length;
  };
  for (const { bar, lists } of all) {
    const least = leastTrades(bar).map((trades) => trades.map(numberOf));
    for (const list of lists) {
      // A single trade is both the first and the last.
      const twice = list.length === 1 ? [...list, ...list] : list;
      expect(least.some((each) => holds(twice, each))).toBe(true);
    }
  }
});

test.each<{ name: string; from: Zone | undefined; to: Zone }>([
  { name: 'at 3 or above', from: undefined, to: atLeast(prices[2] ?? price('3')) },
  { name: 'at 2 or below', from: undefined, to: atMost(price('2')) },
  { name: 'between 2 and 3', from: undefined, to: between({ low: price('2'), high: price('3') }) },
  { name: 'outside 2 to 3', from: undefined, to: beyond({ low: price('2'), high: price('3') }) },
  { name: 'from below to 3', from: strictlyBelow(price('3')), to: atLeast(price('3')) },
  { name: 'from above to 2', from: strictlyAbove(price('2')), to: atMost(price('2')) },
  {
    name: 'from outside to 2',
    from: beyond({ low: price('2'), high: price('2') }),
    to: between({ low: price('2'), high: price('2') }),
  },
  {
    name: 'from inside 2 to 3 to outside',
    from: between({ low: price('2'), high: price('3') }),
    to: beyond({ low: price('2'), high: price('3') }),
  },
  {
    name: 'from 3 to elsewhere',
    from: between({ low: price('3'), high: price('3') }),
    to: beyond({ low: price('3'), high: price('3') }),
  },
])(
  'a price $name: proven where every list has it, open where only some have, and told by a price that all reached',
  ({ from, to }) => {
    for (const wasReady of from === undefined ? [true] : [false, true]) {
      for (const { bar, lists } of all) {
        const sinceMet = lists.map((list) => {
          let isReady = wasReady;
          const first = list.findIndex((value) => {
            const each = prices[value - 1] ?? price('9');
            if (isReady && to.has(each)) return true;
            isReady ||= from?.has(each) ?? true;
            return false;
          });
          return first < 0 ? [] : list.slice(first);
        });
        const isProven = sinceMet.every(({ length }) => length > 0);
        const isPossible = sinceMet.some(({ length }) => length > 0);
        const passed = pass({ from, to }, wasReady, bar);
        expect({ isProven: passed.meeting !== undefined, isOpen: passed.isOpen }).toEqual({
          isProven,
          isOpen: isPossible && !isProven,
        });
        const isReady =
          wasReady || lists.every((list) => list.some((value) => from?.has(prices[value - 1] ?? price('9')) ?? true));
        expect(passed.isReady).toBe(isReady);
        const { meeting } = passed;
        if (meeting === undefined) continue;
        const reached = numberOf(meeting.price);
        if (meeting.direction !== undefined) {
          const far = meeting.direction === 'up' ? Math.max : Math.min;
          // As far as every list surely went, and not a step further.
          const least = meeting.direction === 'up' ? Math.min : Math.max;
          expect(reached).toBe(least(...sinceMet.map((list) => far(...list))));
        } else expect(lists.every((list) => list.includes(reached))).toBe(true);
      }
    }
  },
);

test.each(['up', 'down'] as const)(
  'a move %s is proven where every list has one as long, and open where only some have',
  (direction) => {
    const way = (earlier: number, later: number): number => (direction === 'up' ? later - earlier : earlier - later);
    for (const { bar, lists } of all) {
      const longest = lists.map((list) =>
        Math.max(...list.flatMap((earlier, index) => list.slice(index).map((later) => way(earlier, later)))),
      );
      const proven = provenMoves(bar, direction).map((move) => way(numberOf(move.earlier), numberOf(move.later)));
      expect(Math.max(...proven)).toBe(Math.min(...longest));
      const possible = longestMove(bar, direction);
      expect(way(numberOf(possible.earlier), numberOf(possible.later))).toBe(Math.max(...longest));
    }
  },
);

test.each([
  { earlier: 0, later: 60_000, withinMs: 119_999, sure: true, possible: true },
  { earlier: 0, later: 60_000, withinMs: 119_998, sure: false, possible: true },
  { earlier: 0, later: 60_000, withinMs: 1, sure: false, possible: true },
  { earlier: 0, later: 60_000, withinMs: 0, sure: false, possible: false },
  { earlier: 0, later: 180_000, withinMs: 120_001, sure: false, possible: true },
  { earlier: 0, later: 180_000, withinMs: 120_000, sure: false, possible: false },
  { earlier: 0, later: 0, withinMs: 59_999, sure: true, possible: true },
  { earlier: 0, later: 0, withinMs: 59_998, sure: false, possible: true },
])(
  'trades of the minutes from $earlier and $later ms: $withinMs ms apart at most: sure $sure, possible $possible',
  ({ earlier, later, withinMs, sure, possible }) => {
    const minute = (openAt: number): Bar => ({ ...pointAt(price('1'), openAt), spanMs: 60_000 });
    expect(isSurelyWithin(withinMs, minute(earlier), minute(later))).toBe(sure);
    expect(mayBeWithin(withinMs, minute(earlier), minute(later))).toBe(possible);
  },
);
