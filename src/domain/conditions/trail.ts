import * as v from 'valibot';
import type { Bar, PriceAt } from '../evidence/bar.js';
import { type Direction, farEnd, further, opposite, reaches } from '../evidence/direction.js';
import { foldFromStart, type Step } from '../evidence/fold.js';
import { longestMove, type Move, provenMoves } from '../evidence/proof.js';
import { type Price, PriceText } from '../price.js';
import { err, ok } from '../result.js';
import { type Amount, amountText, isWholePrice, movedBy, readAmount } from './amount.js';
import type { ConditionKind, Words } from './kind.js';
import { notLessThanAll, readTargetText } from './target-cell.js';

export interface TrailTarget {
  readonly text: string;
  readonly amount: Amount;
}

const StoredExtreme = v.object({ price: PriceText, at: v.pipe(v.number(), v.integer()) });

const extended = (extreme: PriceAt, price: Price, at: number, side: Direction): PriceAt =>
  reaches(side, extreme.price.value, price.value) ? extreme : { price, at };

const isFarFrom = (extreme: PriceAt, { value }: Price, amount: Amount, direction: Direction): boolean =>
  reaches(direction, value, movedBy(amount, direction, extreme.price.value));

/** A proven move within the bar is as good as one from the extreme before it, where that one is better. */
function takeBar(amount: Amount, direction: Direction, before: PriceAt, bar: Bar): Step<PriceAt> {
  const side = opposite(direction);
  const extreme = extended(before, farEnd(bar, side), bar.openAt, side);
  // Most bars end here.
  if (!isFarFrom(extreme, longestMove(bar, direction).later, amount, direction)) {
    return { facts: extreme, meeting: undefined, open: [] };
  }
  const startOf = ({ earlier }: Move): PriceAt => extended(before, earlier, bar.openAt, side);
  const proven = provenMoves(bar, direction).find((move) => isFarFrom(startOf(move), move.later, amount, direction));
  if (proven === undefined) return { facts: extreme, meeting: undefined, open: [bar] };
  return { facts: extreme, meeting: { price: proven.later, direction, reference: startOf(proven) }, open: [] };
}

/**
 * Met by a price that stands so far from the highest since the alert was armed (from the lowest, for a rise). What it
 * remembers is that extreme.
 */
export function trail({ words, example }: Words, direction: Direction): ConditionKind<TrailTarget, PriceAt> {
  const wanted = { name: words[0], example };
  const side = opposite(direction);
  return {
    words,
    example,
    direction,
    allowsPercent: true,
    comparesPrices: true,
    hasStart: true,
    hasOtherSide: false,
    readTarget(cell) {
      const text = readTargetText(wanted, cell);
      if (!text.ok) return text;
      const amount = readAmount(wanted, cell, text.value);
      if (!amount.ok) return amount;
      if (direction === 'down' && isWholePrice(amount.value)) return err(notLessThanAll(wanted, cell));
      return ok({ text: text.value, amount: amount.value });
    },
    canonicalText: ({ amount }) => amountText(amount),
    levels({ amount }, facts, last) {
      const extreme = facts === undefined ? last : further(side, facts.price, last);
      return [movedBy(amount, direction, extreme.value)];
    },
    lookBackMs: () => 0,
    canMatter({ amount }, facts, seen) {
      if (facts === undefined) return true;
      const isNewExtreme = !reaches(side, facts.price.value, farEnd(seen, side).value);
      return isNewExtreme || isFarFrom(facts, farEnd(seen, direction), amount, direction);
    },
    judge: ({ amount }, judging) =>
      foldFromStart(
        judging,
        (price, at) => ({ price, at }),
        (facts, bar) => takeBar(amount, direction, facts, bar),
      ),
    storeFacts: ({ price, at }) => ({ price: price.text, at }),
    readFacts(stored) {
      const read = v.safeParse(StoredExtreme, stored);
      return read.success ? read.output : undefined;
    },
    factsAfterFire: (fire) => fire,
  };
}
