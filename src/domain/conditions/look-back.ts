import * as v from 'valibot';
import type { Cell } from '../columns.js';
import type { Bar, PriceAt } from '../evidence/bar.js';
import { type Direction, farEnd, nearEnd, reaches } from '../evidence/direction.js';
import { type EarlierPrices, earlierPrices } from '../evidence/earlier-prices.js';
import { fold, type Judging, type Meeting, type Step, sequenceOf } from '../evidence/fold.js';
import { isSurelyWithin, longestMove, type Move, provenMoves } from '../evidence/proof.js';
import { err, ok, type Result } from '../result.js';
import { dayMs, minuteMs } from '../time.js';
import { type Amount, amountText, isWholePrice, movedBy, readAmount } from './amount.js';
import { readDuration } from './duration.js';
import type { ConditionKind, Words } from './kind.js';
import { notLessThanAll, readTargetText, refusal, type Wanted } from './target-cell.js';

export interface LookBackTarget {
  readonly text: string;
  readonly amount: Amount;
  readonly withinMs: number;
}

/** After a fire: no price from before it is compared with (ms). */
export interface ComparedSince {
  readonly since: number;
}

const StoredSince = v.object({ since: v.pipe(v.number(), v.integer()) });

const targetText = /^(.*?\S)(\s*(?:within|in|за)\s*)(\d.*)$/iu;

function readLookBack(wanted: Wanted, cell: Cell, canOnlyFall: boolean): Result<LookBackTarget, string> {
  const text = readTargetText(wanted, cell);
  if (!text.ok) return text;
  const [, amountCell = '', word = '', durationCell = ''] = targetText.exec(text.value) ?? [];
  if (word === '') return err(refusal(wanted, cell));
  const withinMs = readDuration(durationCell);
  if (withinMs === undefined || withinMs < minuteMs || withinMs > dayMs) {
    return err(refusal(wanted, cell, 'write a time from 1m to 24h, in whole minutes or hours, such as 15m or 1h'));
  }
  const amount = readAmount(wanted, cell, amountCell, `${word}${durationCell}`);
  if (!amount.ok) return amount;
  if (canOnlyFall && isWholePrice(amount.value)) return err(notLessThanAll(wanted, cell));
  return ok({ text: text.value, amount: amount.value, withinMs });
}

const isFar = ({ earlier, later }: Move, amount: Amount, direction: Direction): boolean =>
  reaches(direction, later.value, movedBy(amount, direction, earlier.value));

interface Proof {
  readonly meeting: Meeting | undefined;
  readonly open: readonly Bar[];
}

/** Whether a price of the bar lies so far from an earlier one, of the same bar or of those before. */
function prove(target: LookBackTarget, direction: Direction, before: EarlierPrices, bar: Bar): Proof {
  const { amount, withinMs } = target;
  const later = farEnd(bar, direction);
  const fromBefore = (earlier: Bar): Move => ({ earlier: nearEnd(earlier, direction), later });
  const mayFromBefore = before.possible !== undefined && isFar(fromBefore(before.possible), amount, direction);
  // Most bars end here.
  if (!mayFromBefore && !isFar(longestMove(bar, direction), amount, direction)) return { meeting: undefined, open: [] };
  const moves = [
    ...(before.proven === undefined ? [] : [{ ...fromBefore(before.proven), at: before.proven.openAt }]),
    ...(isSurelyWithin(withinMs, bar, bar) ? provenMoves(bar, direction) : []).map((move) => ({
      ...move,
      at: bar.openAt,
    })),
  ];
  const proven = moves.find((move) => isFar(move, amount, direction));
  if (proven === undefined) {
    return {
      meeting: undefined,
      open: before.possible !== undefined && mayFromBefore ? [before.possible, bar] : [bar],
    };
  }
  const reference: PriceAt = { price: proven.earlier, at: proven.at };
  return { meeting: { price: proven.later, direction, reference }, open: [] };
}

function judgeLookBack(target: LookBackTarget, directions: readonly Direction[], judging: Judging<ComparedSince>) {
  const { tape, memory, armedAt } = judging;
  const from = memory ?? { asOf: armedAt, facts: { since: Number.NEGATIVE_INFINITY } };
  const bars = sequenceOf(tape, true);
  const stretch = { ms: target.withinMs, since: from.facts.since };
  const before = directions.map((direction) => earlierPrices([...tape.lookBack, ...bars], direction, stretch));
  const step = (facts: ComparedSince, bar: Bar, index: number): Step<ComparedSince> => {
    const proofs = directions.map((direction, each) =>
      prove(target, direction, before[each]?.[tape.lookBack.length + index] as EarlierPrices, bar),
    );
    return {
      facts,
      meeting: proofs.find(({ meeting }) => meeting !== undefined)?.meeting,
      open: [...new Set(proofs.flatMap(({ open }) => open))],
    };
  };
  const judgement = fold(bars, judging, from, step);
  return { ...judgement, memory: memory === undefined ? undefined : judgement.memory };
}

/**
 * Met by a price that stands so far from an earlier one, at most so long before it. The earlier one may be from before
 * the alert was armed. There is nothing to remember but, after a fire, from when on prices are compared.
 */
export function lookBack(
  { words, example }: Words,
  directions: readonly Direction[],
): ConditionKind<LookBackTarget, ComparedSince> {
  const wanted = { name: words[0], example };
  return {
    words,
    example,
    direction: directions.length === 1 ? directions[0] : undefined,
    allowsPercent: true,
    comparesPrices: true,
    hasStart: false,
    hasOtherSide: false,
    readTarget: (cell) => readLookBack(wanted, cell, !directions.includes('up')),
    canonicalText: ({ amount, withinMs }) => `${amountText(amount)} in ${withinMs / minuteMs}m`,
    levels: () => [],
    lookBackMs: ({ withinMs }) => withinMs,
    canMatter: ({ amount }, _facts, seen) =>
      directions.some((direction) =>
        isFar({ earlier: nearEnd(seen, direction), later: farEnd(seen, direction) }, amount, direction),
      ),
    judge: (target, judging) => judgeLookBack(target, directions, judging),
    storeFacts: ({ since }) => ({ since }),
    readFacts(stored) {
      const read = v.safeParse(StoredSince, stored);
      return read.success ? read.output : undefined;
    },
    factsAfterFire: ({ at }) => ({ since: at }),
  };
}
