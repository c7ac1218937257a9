import type { Big } from 'big.js';
import type { Cell } from '../columns.js';
import type { PriceAt, PriceRange } from '../evidence/bar.js';
import type { Direction } from '../evidence/direction.js';
import type { Judgement, Judging } from '../evidence/fold.js';
import type { FundingRate } from '../funding.js';
import type { Price } from '../price.js';
import type { Result } from '../result.js';
import type { Back } from './back.js';

/** What a row asks for, in the text as the trader wrote it: shown in messages, stored, and read again from there. */
export interface Target {
  readonly text: string;
}

/** Every price that may count: of the alert's window and of the stretch that it looks back over, the last one included. */
export interface SeenRange extends PriceRange {
  readonly last: Price;
}

/** What is kept on the item: a small plain record. */
export type StoredFacts = Readonly<Record<string, string | number | readonly string[]>>;

/** How a condition on a perpetual's funding is judged, by the rate alone. */
export interface FundingTest<T> {
  isMet(target: T, funding: FundingRate): boolean;
  /** On the other side of the target, at least `points` beyond it: 0.0001 for 0.01 %. */
  isBack(target: T, funding: FundingRate, points: Big): boolean;
  /** How far the target is from the rate, both of an interval or both of a year, as the target is: 0.0001 for 0.01 %. */
  distance(target: T, funding: FundingRate): Big;
}

/**
 * One kind of condition. `Facts` is what it has to remember from check to check (`undefined` where nothing), always true
 * of the trades and never a guess.
 */
export interface ConditionKind<T extends Target, Facts> {
  /** As a row may say it, lower case, `е` for `ё`; the first is the kind's name. */
  readonly words: readonly [string, ...string[]];
  /** A well-written target. */
  readonly example: string;
  /** The one way in which a price meets it, for the picture beside a message; undefined where there are two, or none. */
  readonly direction: Direction | undefined;
  /** Whether a number in the cell may be a percentage that the sheet turned into a number: as a target, or as half of one. */
  readonly allowsPercent: boolean;
  /** Whether prices of two exchanges must not be mixed, because one is compared with another. */
  readonly comparesPrices: boolean;
  /** Whether it begins with the price that it was armed at, and has to be judged once for that. */
  readonly hasStart: boolean;
  /** Whether a price can lie on the other side of the target, so that the alert may wait for one before it fires again. */
  readonly hasOtherSide: boolean;
  /** The error is a sentence for the trader. */
  readTarget(cell: Cell): Result<T, string>;
  /** Equal targets, equal text: the target's part in the alert's identity. */
  canonicalText(target: T): string;
  /** The prices that people are told they are away from; none where it depends on more than the last price. */
  levels(target: T, facts: Facts | undefined, last: Price): readonly Big[];
  /** How long before the window prices are compared with (ms). */
  lookBackMs(target: T): number;
  /** False where no way of the price within the range could meet the condition or change the facts. */
  canMatter(target: T, facts: Facts | undefined, seen: SeenRange): boolean;
  judge(target: T, judging: Judging<Facts>): Judgement<Facts>;
  storeFacts(facts: Facts): StoredFacts;
  /** Undefined where it is none of this kind's. */
  readFacts(stored: unknown): Facts | undefined;
  /** What an alert that will be armed again remembers of its fire; undefined: it begins anew when it is armed. */
  factsAfterFire(fire: PriceAt): Facts | undefined;
  /** Where the other side of its target lies; without it `repeat: back` does not fit. */
  readonly back?: Back<T>;
  /** Of a condition that looks at the funding and at no price. */
  readonly funding?: FundingTest<T>;
}

/** What the trader's side of a kind needs; the rest is how it is judged. */
export type Reading<T extends Target> = Pick<
  ConditionKind<T, unknown>,
  'words' | 'example' | 'readTarget' | 'canonicalText' | 'levels'
>;

export type Words = Pick<ConditionKind<Target, unknown>, 'words' | 'example'>;
