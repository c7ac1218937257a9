import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canMatter,
  judgeCondition,
  marketEvidence,
  memoryAfterFire,
  readMemory,
  type Standing,
  storeMemory,
} from '../../../src/domain/conditions/judge.js';
import { kindNamed } from '../../../src/domain/conditions/registry.js';
import { makeTape } from '../../../src/domain/evidence/tape.js';
import { price } from '../../../src/domain/price.js';
import { minuteMs } from '../../../src/domain/time.js';
import { at, candle } from '../../support/builders.js';
import { condition } from '../../support/conditions.js';
import { listIn, rowsIn } from '../../support/text-table.js';
import { barsOf, start, ticksWithin } from './market.js';
import { truths } from './truths.js';

const barsIn = (text: string) => listIn(text).map((each) => candle(each));

/** `105 12:01`, `105 12:01 from 100 12:00`. */
function metAs(text: string) {
  const [reached = '', touchedAt = '', , from, fromAt = ''] = text.split(' ');
  const reference = from === undefined ? undefined : { price: price(from), at: at(fromAt) };
  return { price: price(reached), touchedAt: at(touchedAt), reference };
}

/** Checked at 12:05. Of what met it: the price, when it was touched, and what it is measured from. */
test.each(
  rowsIn(`
    how far it went counts up to the last price
      above 100 | 12:00 98 99 97 98, 12:01 98 101 97 99, 12:02 99 105 99 104 | 103 | 12:00 | 105 12:01 |
    a crossing that the close proves is not told with a high that may have come before it
      crosses up 100 | 12:00 101 109 99 102 | 102 | 12:00 | 102 12:00 |
    back above the level within the minute, or never: open
      crosses up 100 | 12:00 101 109 99 99.5 | 99 | 12:00 | | 12:00
    already beyond is no crossing
      crosses 100 | | 101 | 12:00 | |
    onto the level from strictly below is one
      crosses 100 | 12:00 99 100 98 99 | 99 | 12:00 | 100 12:00 |
    off the level is none, and back onto it is
      crosses 100 | 12:00 100 100 99 99, 12:01 99 100 99 99 | 99 | 12:00 | 100 12:01 | 12:00
    already inside fires at once
      inside 90..95 | | 95 | 12:00 | 95 12:05 |
    a jump over the band proves nothing
      inside 90..95 | 12:00 96 99 80 89 | 89 | 12:00 | | 12:00
    a jump over the band is no entering
      enters 90..95 | 12:00 96, 12:01 89 | 89 | 12:00 | |
    a jump over the band is no leaving
      leaves 90..95 | 12:00 96, 12:01 89 | 89 | 12:00 | |
    the bounds are inside, so touching one from outside enters
      enters 90..95 | 12:00 99 99 95 97 | 97 | 12:00 | 95 12:00 |
    and touching one from inside does not leave
      leaves 90..95 | 12:00 92 95 90 92, 12:01 92 95.1 92 95 | 95 | 12:00 | 95.1 12:01 |
    percent of the earlier price: 105 is 5 % over 100
      rises 5% in 1h | 12:00 102 103 100 101, 12:01 101 105 101 104 | 104 | 12:00 | 105 12:01 from 100 12:00 |
    and 95 is not 5 % under 99.99
      falls 5% in 1h | 12:00 99.99 99.99 99 99, 12:01 99 99 95 95 | 95 | 12:00 | |
    the low may have come after the high: a rise within the minute is open
      rises 5% in 1h | 12:00 102 105 100 102 | 102 | 12:00 | | 12:00
    the earlier price may lie before the arming
      rises 5% in 1h | 12:00 100, 12:01 101 102 101 102, 12:02 102 105 102 105 | 105 | 12:02 | 105 12:02 from 100 12:00 |
    the later may not
      rises 5% in 1h | 12:00 100, 12:01 101 105 101 102 | 102 | 12:02 | |
    already true at the arming fires at once
      moves 5% in 1h | 12:00 100, 12:01 101 105 101 105 | 105 | 12:05 | 105 12:05 from 100 12:00 |
    a minute before the stretch may lie within it: open, in both minutes
      rises 5% in 1m | 12:00 100, 12:01 105 | 104 | 12:00 | | 12:00, 12:01
    a trail is measured from the highest since armed
      falls from high 3% | 12:00 100 100 99 100, 12:01 195 200 194.5 198, 12:02 198 198 194 195 | 195 | 12:00
      194 12:02 from 200 12:01 |
    not from one before
      falls from high 3% | 12:00 100 200 100 198, 12:01 198 198 194 195 | 195 | 12:01 | |
    the low may have come before the high: open
      falls from high 1500 | 12:00 20000 21000 19500 20000 | 20000 | 12:00 | | 12:00
    the close came after it
      falls from high 1500 | 12:00 20000 21500 19500 20000 | 20000 | 12:00 | 20000 12:00 from 21500 12:00 |
    up from the lowest
      rises from low 100% | 12:00 9 9 5 6, 12:01 6 9.99 6 9 | 12 | 12:00 | 12 12:05 from 5 12:00 |
  `),
)('%s: %s', (_, asked, candles, last, armed, met, open) => {
  const evidence = marketEvidence(barsIn(candles), price(last), at('12:05'));
  const standing: Standing = { armedAt: at(armed), memory: undefined, keepTo: at('12:04') };
  const judged = judgeCondition(condition(asked), standing, evidence);
  expect(judged.met).toEqual(met === '' ? undefined : metAs(met));
  expect(judged.open).toEqual(
    listIn(open).map((time) => ({ from: at(time), to: at(time) + minuteMs, spanMs: minuteMs })),
  );
});

describe('memory', () => {
  const up = condition('crosses up 100');
  const armedAt = at('12:00:30');
  const seen = (bars: string, last: string, time: string) => marketEvidence(barsIn(bars), price(last), at(time));
  const arm = (last: string) =>
    judgeCondition(up, { armedAt, memory: undefined, keepTo: at('12:00') }, seen('', last, '12:00:31'));

  test('begins with the price that stands at the check that arms, whatever may still change', () => {
    expect(arm('99').memory).toEqual({ asOf: at('12:00:31'), facts: { ready: ['up'] } });
    expect(arm('101').memory).toEqual({ asOf: at('12:00:31'), facts: { ready: [] } });
  });

  test('begins, where the check that arms saw no price, with the open of the first bar since', () => {
    const evidence = seen('12:00 98, 12:01 99, 12:02 99 101 99 101', '101', '12:03');
    expect(judgeCondition(up, { armedAt, memory: undefined, keepTo: at('12:01') }, evidence)).toEqual({
      met: metAs('101 12:02'),
      open: [],
      memory: { asOf: at('12:01'), facts: { ready: ['up'] } },
    });
  });

  test('moves on to the last bar that may be kept, also where nothing could matter', () => {
    const { memory } = arm('99');
    const evidence = seen('12:01 98, 12:02 98, 12:03 98', '98', '12:04');
    const judged = judgeCondition(up, { armedAt, memory, keepTo: at('12:03:30') }, evidence);
    expect(judged).toEqual({ met: undefined, open: [], memory: { asOf: at('12:03'), facts: { ready: ['up'] } } });
  });

  test('stops short of what met the condition, so that a claim that failed is decided again in the same way', () => {
    const { memory } = arm('99');
    const evidence = seen('12:01 99, 12:02 99 101 99 99', '99', '12:04');
    const first = judgeCondition(up, { armedAt, memory, keepTo: at('12:04') }, evidence);
    expect(first.memory?.asOf).toBe(at('12:02'));
    expect(judgeCondition(up, { armedAt, memory: first.memory, keepTo: at('12:04') }, evidence)).toEqual(first);
  });

  test('of a trail keeps a high that fell into a stretch that was ruled out for others', () => {
    const trail = condition('falls from high 10%');
    const memory = readMemory(trail, { asOf: at('12:00'), facts: { price: '100', at: at('11:50') } });
    expect(canMatter(trail, memory, { low: price('95'), high: price('101'), last: price('95') })).toBe(true);
    expect(canMatter(trail, memory, { low: price('90.1'), high: price('100'), last: price('95') })).toBe(false);
    expect(canMatter(trail, memory, { low: price('90'), high: price('100'), last: price('95') })).toBe(true);
  });

  test('after a fire, a trail goes on from there, and fires no earlier than it is armed again', () => {
    const trail = condition('falls from high 10%');
    const memory = memoryAfterFire(trail, { price: price('100'), at: at('12:00') });
    const bars = '12:00 100 110 100 110, 12:01 110 110 98 110, 12:02 110 110 109 109, 12:03 109 109 99 100';
    const standing = { armedAt: at('12:02'), memory, keepTo: at('12:04') };
    expect(judgeCondition(trail, standing, seen(bars, '100', '12:05')).met).toEqual(metAs('99 12:03 from 110 12:00'));
  });

  test('after a fire, a look-back compares with nothing from before it', () => {
    const rises = condition('rises 10% in 1h');
    const memory = memoryAfterFire(rises, { price: price('110'), at: at('12:02') });
    const bars = '12:01 100 110 100 110, 12:02 110 112 110 111, 12:03 111 120.9 111 120';
    const standing = { armedAt: at('12:02'), memory, keepTo: at('12:04') };
    const judge = (last: string) => judgeCondition(rises, standing, seen(bars, last, '12:05'));
    expect(judge('120').met).toBeUndefined();
    expect(judge('121').met).toEqual(metAs('121 12:05 from 110 12:02'));
  });

  test('the others remember nothing of a fire', () => {
    const fire = { price: price('100'), at: at('12:00') };
    expect(memoryAfterFire(up, fire)).toBeUndefined();
    expect(memoryAfterFire(condition('above 100'), fire)).toBeUndefined();
    expect(memoryAfterFire(condition('leaves 90..95'), fire)).toBeUndefined();
  });

  test.each<{ asked: string; stored: unknown }>([
    { asked: 'crosses 100', stored: { asOf: 5, facts: { ready: ['down'] } } },
    { asked: 'enters 90..95', stored: { asOf: 5, facts: { ready: [] } } },
    { asked: 'rises from low 3%', stored: { asOf: 5, facts: { price: '0.00001200', at: 4 } } },
    { asked: 'moves 3% in 1h', stored: { asOf: 5, facts: { since: 5 } } },
  ])('of $asked is read as it was stored', ({ asked, stored }) => {
    const each = condition(asked);
    const memory = readMemory(each, stored);
    expect(memory && storeMemory(each, memory)).toEqual(stored);
  });

  test.each<{ asked: string; stored: unknown }>([
    { asked: 'above 100', stored: { asOf: 5, facts: {} } },
    { asked: 'crosses 100', stored: { asOf: 5, facts: { ready: ['in'] } } },
    { asked: 'crosses 100', stored: { asOf: 5.5, facts: { ready: [] } } },
    { asked: 'crosses 100', stored: { facts: { ready: [] } } },
    { asked: 'crosses 100', stored: undefined },
    { asked: 'falls from high 3%', stored: { asOf: 5, facts: { price: '0', at: 4 } } },
    { asked: 'falls from high 3%', stored: { asOf: 5, facts: { since: 4 } } },
    { asked: 'falls 3% in 1h', stored: { asOf: 5, facts: { ready: [] } } },
  ])('of $asked is not read from $stored', ({ asked, stored }) =>
    expect(readMemory(condition(asked), stored)).toBeUndefined(),
  );
});

test.each(truths.map(({ kind, target }) => ({ kind, target })))(
  '$kind $target: a stretch in pieces gives what it gives in one go',
  ({ kind, target }) => {
    const asked = condition(`${kind} ${target}`);
    const named = kindNamed(kind);
    fc.assert(
      fc.property(ticksWithin(8, 12), fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 8 }), (ticks, cuts) => {
        const bars = barsOf(ticks, 60_000);
        const end = start + 8 * 60_000;
        const judge = (to: number, memory: Standing['memory']) => {
          const seen = bars.filter(({ openAt }) => openAt < to);
          const tape = makeTape(seen, price('6'), to, memory?.asOf ?? start + 60_000);
          // Without the last price, which another check sees at another instant.
          return named.judge(asked.target, {
            tape: { ...tape, isLastAfterBars: false },
            armedAt: start + 60_000,
            keepTo: to,
            memory,
          });
        };
        // A kind with a start has to begin with the same price.
        fc.pre(bars.some(({ openAt }) => openAt === start + 60_000));
        if (!named.hasStart && named.lookBackMs(asked.target) === 0) return;
        const whole = judge(end, undefined);
        let pieces = judge(start + 120_000, undefined);
        for (const cut of [...cuts.toSorted((a, b) => a - b), 8]) {
          const to = start + Math.max(2, cut) * 60_000;
          if (pieces.met === undefined) pieces = judge(to, pieces.memory);
        }
        expect({ touchedAt: pieces.met?.touchedAt, memory: pieces.memory }).toEqual({
          touchedAt: whole.met?.touchedAt,
          memory: whole.memory,
        });
      }),
      { numRuns: 100, seed: 11 },
    );
  },
);

test.each(truths.map(({ kind, target }) => ({ kind, target })))(
  '$kind $target: what the range rules out neither fires, nor is open, nor changes what is remembered',
  ({ kind, target }) => {
    const asked = condition(`${kind} ${target}`);
    const named = kindNamed(kind);
    fc.assert(
      fc.property(ticksWithin(4, 12), ticksWithin(2, 12), (earlier, ticks) => {
        const armedAt = start;
        const before = named.judge(asked.target, {
          tape: makeTape(barsOf(earlier, 60_000), price('6'), start + 240_000, armedAt),
          armedAt,
          keepTo: start + 240_000,
          memory: undefined,
        });
        if (before.met !== undefined) return;
        const later = barsOf(
          ticks.map((tick) => ({ ...tick, at: tick.at + 300_000 })),
          60_000,
        );
        const last = later.at(-1)?.close ?? price('6');
        const lookedBack = named.lookBackMs(asked.target) > 0 ? barsOf(earlier, 60_000) : [];
        const { range } = marketEvidence([...later, ...lookedBack], last, 0);
        if (named.canMatter(asked.target, before.memory?.facts, { ...range, last })) return;
        const tape = makeTape([...lookedBack, ...later], last, start + 600_000, start + 300_000);
        const judged = named.judge(asked.target, { tape, armedAt, keepTo: start + 600_000, memory: before.memory });
        expect(judged.met).toBeUndefined();
        expect(judged.open).toEqual([]);
        expect(judged.memory?.facts).toEqual(before.memory?.facts);
      }),
      { numRuns: 100, seed: 11 },
    );
  },
);
