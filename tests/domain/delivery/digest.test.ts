import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byTouch, digestsOf, goesAtOnce, goTogether, highestPriority } from '../../../src/domain/delivery/digest.js';
import type { Notification } from '../../../src/domain/delivery/notification.js';
import type { Priority } from '../../../src/domain/fields/priority.js';
import { above, at, delivery, notifyingAlert, trigger } from '../../support/builders.js';

test.each<{ before: number; priority: Priority; isAtOnce: boolean }>([
  { before: 0, priority: 'low', isAtOnce: true },
  { before: 4, priority: 'normal', isAtOnce: true },
  { before: 5, priority: 'normal', isAtOnce: false },
  { before: 5, priority: 'high', isAtOnce: false },
  { before: 5, priority: 'urgent', isAtOnce: true },
  { before: 99, priority: 'urgent', isAtOnce: true },
])('after $before others $priority goes at once: $isAtOnce', ({ before, priority, isAtOnce }) =>
  expect(goesAtOnce(before, priority)).toBe(isAtOnce),
);

test.each([
  { before: 0, count: 5, areTogether: false },
  { before: 0, count: 6, areTogether: true },
  { before: 4, count: 2, areTogether: true },
])('$count that are taken over after $before others go together: $areTogether', ({ before, count, areTogether }) =>
  expect(goTogether(before, count)).toBe(areTogether),
);

test('the highest priority counts', () => {
  expect(highestPriority(['low', 'high', 'normal'])).toBe('high');
  expect(highestPriority(['low', 'low'])).toBe('low');
});

test('lines come in the order of the touches, and by symbol and price where that is the same', () => {
  const due = (symbol: string, price: string, touchedAt: number) => ({
    alert: notifyingAlert({ symbol, condition: above(price), delivery: delivery({ trigger: trigger({ touchedAt }) }) }),
    isPossibleRepeat: false,
  });
  const late = due('AUSDT', '1', at('12:05'));
  const [ten, nine, first] = [
    due('BUSDT', '10', at('12:04')),
    due('BUSDT', '9', at('12:04')),
    due('AUSDT', '5', at('12:04')),
  ];
  expect([late, ten, nine, first].toSorted(byTouch)).toEqual([first, nine, ten, late]);
});

describe('what is gathered', () => {
  /** Names as lines, cut. */
  const write = (names: readonly string[], longestName: number): Notification => ({
    id: '',
    kind: 'digest',
    title: '',
    lines: names.map((name) => name.slice(0, longestName)),
    happenedAt: 0,
    priority: 'normal',
    isSilent: false,
    direction: undefined,
    facts: {},
  });
  const fitsIn =
    (limit: number) =>
    ({ lines }: Notification): boolean =>
      lines.join('\n').length <= limit;
  const split = (names: readonly string[], limit: number) =>
    digestsOf(names, write, fitsIn(limit)).map(({ notification }) => notification.lines);

  test('goes in one message where it fits, with whole names', () => {
    expect(split(['a'.repeat(40), 'b'.repeat(20)], 61)).toEqual([['a'.repeat(40), 'b'.repeat(20)]]);
  });

  test('has shorter names where that saves a message, and no shorter ones than that', () => {
    expect(split(['a'.repeat(40), 'b'.repeat(40)], 61)).toEqual([['a'.repeat(30), 'b'.repeat(30)]]);
    expect(split(['a'.repeat(40), 'b'.repeat(40)], 24)).toEqual([['a'.repeat(40)], ['b'.repeat(40)]]);
    expect(split(['a'.repeat(40), 'b'.repeat(40)], 25)).toEqual([['a'.repeat(12), 'b'.repeat(12)]]);
  });

  test('that does not fit even alone goes alone, to be cut', () => {
    expect(split(['a'.repeat(40), 'b', 'c'], 10)).toEqual([['a'.repeat(40)], ['b', 'c']]);
  });

  test('is told whole and in its order, each message as full as can be, however long the names are', () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 80 }), { maxLength: 60 });
    fc.assert(
      fc.property(names, fc.integer({ min: 10, max: 400 }), (all, limit) => {
        const digests = digestsOf(all, write, fitsIn(limit));
        expect(digests.flatMap(({ entries }) => entries)).toEqual(all);
        for (const { entries, notification } of digests) {
          if (entries.length > 1) expect(fitsIn(limit)(notification)).toBe(true);
        }
        for (const [index, { entries }] of digests.slice(0, -1).entries()) {
          const next = digests[index + 1]?.entries[0] ?? '';
          expect(fitsIn(limit)(write([...entries, next], 12))).toBe(false);
        }
      }),
    );
  });
});
