import type { Bar } from '../evidence/bar.js';
import { fold, type Step, sequenceOf } from '../evidence/fold.js';
import { type Passage, pass } from '../evidence/passage.js';
import type { Zone } from '../evidence/zone.js';
import type { ConditionKind, Reading, Target } from './kind.js';

/** Met by any price in a zone: there is nothing to remember, and it does not matter what came before. */
export function lyingIn<T extends Target>(
  reading: Reading<T>,
  zoneOf: (target: T) => Zone,
): ConditionKind<T, undefined> {
  return {
    ...reading,
    direction: undefined,
    allowsPercent: false,
    comparesPrices: false,
    hasStart: false,
    hasOtherSide: true,
    lookBackMs: () => 0,
    canMatter: (target, _facts, seen) => zoneOf(target).mayHold(seen),
    judge(target, judging) {
      const passage: Passage = { from: undefined, to: zoneOf(target) };
      const step = (_facts: undefined, bar: Bar): Step<undefined> => {
        const { meeting, isOpen } = pass(passage, true, bar);
        return {
          facts: undefined,
          meeting: meeting && { ...meeting, reference: undefined },
          open: isOpen ? [bar] : [],
        };
      };
      const nothing = { asOf: judging.armedAt, facts: undefined };
      return { ...fold(sequenceOf(judging.tape, false), judging, nothing, step), memory: undefined };
    },
    storeFacts: () => ({}),
    readFacts: () => undefined,
    factsAfterFire: () => undefined,
  };
}
