import * as v from 'valibot';
import { type Bar, endOf, type PriceAt, type PriceRange } from '../evidence/bar.js';
import type { Judgement, Memory } from '../evidence/fold.js';
import { makeTape } from '../evidence/tape.js';
import type { FundingRate } from '../funding.js';
import { higher, lower, type Price } from '../price.js';
import type { SeenRange } from './kind.js';
import { type AnyFacts, type Condition, kindNamed } from './registry.js';

export type ConditionMemory = Memory<AnyFacts>;

/** What a run knows of a market, for all of its alerts. Instants in ms. */
export interface MarketEvidence {
  /** By `openAt`; a minute may stand as a candle and as sixty of a second. */
  readonly candles: readonly Bar[];
  readonly last: Price;
  readonly lastAt: number;
  /** Over all of the above. */
  readonly range: PriceRange;
}

/** Instants in ms. */
export interface Standing {
  readonly armedAt: number;
  /** What is kept on the alert since an earlier check. */
  readonly memory: ConditionMemory | undefined;
  /** What ends later may still change, and is no part of the memory. */
  readonly keepTo: number;
}

export const marketEvidence = (candles: readonly Bar[], last: Price, lastAt: number): MarketEvidence => ({
  candles,
  last,
  lastAt,
  range: candles.reduce<PriceRange>(
    (all, bar) => ({ low: lower(all.low, bar.low), high: higher(all.high, bar.high) }),
    { low: last, high: last },
  ),
});

/** The instant from which on prices count for an alert: where its memory ends, or where it was armed. */
export const windowFrom = ({ armedAt, memory }: Pick<Standing, 'armedAt' | 'memory'>): number =>
  memory?.asOf ?? armedAt;

export const lookBackMs = (condition: Condition): number => kindNamed(condition.kind).lookBackMs(condition.target);

export const looksAtFunding = (condition: Condition): boolean => kindNamed(condition.kind).funding !== undefined;

export const comparesPrices = (condition: Condition): boolean => kindNamed(condition.kind).comparesPrices;

/** False where no way of the price within the range could meet the condition or change what it remembers. */
export const canMatter = (condition: Condition, memory: ConditionMemory | undefined, seen: SeenRange): boolean =>
  kindNamed(condition.kind).canMatter(condition.target, memory?.facts, seen);

/** The nearest of the prices that meet it, or bound its band, is so far from the last one, in percent of that; else undefined. */
export function distancePercent(
  { kind, target }: Condition,
  memory: ConditionMemory | undefined,
  last: Price,
): number | undefined {
  const price = Number(last.text);
  const levels = kindNamed(kind).levels(target, memory?.facts, last);
  // For people, so that a float's noise, which is rounded away, does no harm.
  const away = levels.map((level) => Math.abs(Number(level) - price) / price);
  return away.length === 0 ? undefined : Math.min(...away) * 100;
}

/** Of a condition on the funding, in percentage points: of an interval or of a year, as its target is. */
export function distancePoints({ kind, target }: Condition, funding: FundingRate): number | undefined {
  const away = kindNamed(kind).funding?.distance(target, funding);
  return away === undefined ? undefined : Number(away) * 100;
}

/** Nothing within the range could change the facts, so they are true up to the last candle that may be kept. */
function movedOn(memory: ConditionMemory, candles: readonly Bar[], keepTo: number): ConditionMemory {
  const newest = candles.findLast((bar) => bar.openAt >= memory.asOf && endOf(bar) <= keepTo);
  return newest === undefined ? memory : { ...memory, asOf: endOf(newest) };
}

/** Whether the condition was met, as far as the evidence proves it, and what to remember. */
export function judgeCondition(
  condition: Condition,
  standing: Standing,
  evidence: MarketEvidence,
): Judgement<AnyFacts> {
  const kind = kindNamed(condition.kind);
  const { memory, keepTo, armedAt } = standing;
  const { candles, last, lastAt, range } = evidence;
  const mustBegin = kind.hasStart && memory === undefined;
  // Nearly all alerts end here, whatever the number of candles.
  if (!mustBegin && !kind.canMatter(condition.target, memory?.facts, { ...range, last })) {
    return { met: undefined, open: [], memory: memory && movedOn(memory, candles, keepTo) };
  }
  const tape = makeTape(candles, last, lastAt, windowFrom(standing));
  return kind.judge(condition.target, { tape, armedAt, keepTo, memory });
}

/** What an alert that will be armed again remembers of its fire: the last price then, and its instant. */
export function memoryAfterFire(condition: Condition, fire: PriceAt): ConditionMemory | undefined {
  const facts = kindNamed(condition.kind).factsAfterFire(fire);
  return facts && { asOf: fire.at, facts };
}

const StoredMemory = v.object({ asOf: v.pipe(v.number(), v.integer()), facts: v.unknown() });

export const storeMemory = (condition: Condition, { asOf, facts }: ConditionMemory) => ({
  asOf,
  facts: kindNamed(condition.kind).storeFacts(facts),
});

/** Undefined where it is no memory of this condition: the alert then begins anew. */
export function readMemory(condition: Condition, stored: unknown): ConditionMemory | undefined {
  const read = v.safeParse(StoredMemory, stored);
  if (!read.success) return undefined;
  const facts = kindNamed(condition.kind).readFacts(read.output.facts);
  return facts && { asOf: read.output.asOf, facts };
}
