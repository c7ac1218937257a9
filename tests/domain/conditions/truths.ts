import type { ConditionName } from '../../../src/domain/conditions/registry.js';
import type { Tick } from './market.js';

/** All that traded, in the order of time. `since` begins with the price that stood when the alert was armed. */
export interface Story {
  readonly since: readonly Tick[];
  readonly before: readonly Tick[];
}

/** A kind, a target as a trader writes it, and whether it was met, in the words of the table of conditions and by plain numbers. */
export interface Truth {
  readonly kind: ConditionName;
  readonly target: string;
  isMet(story: Story): boolean;
}

type Prices = readonly number[];
const pricesOf = ({ since }: Story): Prices => since.map((tick) => tick.price);

/** One price directly after another. */
const step = (prices: Prices, isStep: (before: number, after: number) => boolean): boolean =>
  prices.some((after, index) => index > 0 && isStep(prices[index - 1] as number, after));

const goesUp = (level: number) => (before: number, after: number) => before < level && after >= level;
const goesDown = (level: number) => (before: number, after: number) => before > level && after <= level;
const isIn = (low: number, high: number) => (value: number) => value >= low && value <= high;

/** A price and an earlier trade, at most `withinMs` before: a price that stands still is traded once. */
function moved(story: Story, withinMs: number, isFar: (earlier: number, later: number) => boolean): boolean {
  const trades = [...story.before, ...story.since.filter(({ isStanding }) => isStanding !== true)];
  return story.since.some((later) =>
    trades
      .slice(0, trades.includes(later) ? trades.indexOf(later) : story.before.length)
      .some((earlier) => later.at - earlier.at <= withinMs && isFar(earlier.price, later.price)),
  );
}

/** Percent without fractions, so that numbers are exact. */
const isUp = (percent: number) => (from: number, to: number) => to * 100 >= from * (100 + percent);
const isDown = (percent: number) => (from: number, to: number) => to * 100 <= from * (100 - percent);
const isUpBy = (way: number) => (from: number, to: number) => to >= from + way;
const isDownBy = (way: number) => (from: number, to: number) => to <= from - way;

const trails = (
  prices: Prices,
  extreme: (...prices: number[]) => number,
  isFar: (from: number, to: number) => boolean,
) => prices.some((value, index) => isFar(extreme(...prices.slice(0, index + 1)), value));

const [low, high] = [5, 7];

export const truths: readonly Truth[] = [
  { kind: 'above', target: '11', isMet: (story) => pricesOf(story).some((value) => value >= 11) },
  { kind: 'below', target: '2', isMet: (story) => pricesOf(story).some((value) => value <= 2) },
  { kind: 'crosses up', target: '6', isMet: (story) => step(pricesOf(story), goesUp(6)) },
  { kind: 'crosses up', target: '11', isMet: (story) => step(pricesOf(story), goesUp(11)) },
  { kind: 'crosses down', target: '6', isMet: (story) => step(pricesOf(story), goesDown(6)) },
  { kind: 'crosses down', target: '2', isMet: (story) => step(pricesOf(story), goesDown(2)) },
  ...[6, 1, 12].map(
    (target): Truth => ({
      kind: 'crosses',
      target: String(target),
      isMet: (story) => step(pricesOf(story), goesUp(target)) || step(pricesOf(story), goesDown(target)),
    }),
  ),
  ...[[low, high] as const, [11, 12] as const, [1, 3] as const].flatMap(([from, to]): Truth[] => {
    const isInside = isIn(from, to);
    const target = `${from}..${to}`;
    return [
      { kind: 'inside', target, isMet: (story) => pricesOf(story).some(isInside) },
      { kind: 'outside', target, isMet: (story) => pricesOf(story).some((value) => !isInside(value)) },
      { kind: 'enters', target, isMet: (story) => step(pricesOf(story), (a, b) => !isInside(a) && isInside(b)) },
      { kind: 'leaves', target, isMet: (story) => step(pricesOf(story), (a, b) => isInside(a) && !isInside(b)) },
    ];
  }),
  { kind: 'rises', target: '100% in 1m', isMet: (story) => moved(story, 60_000, isUp(100)) },
  { kind: 'rises', target: '400% in 2m', isMet: (story) => moved(story, 120_000, isUp(400)) },
  { kind: 'rises', target: '9 in 3m', isMet: (story) => moved(story, 180_000, isUpBy(9)) },
  { kind: 'falls', target: '50% in 1m', isMet: (story) => moved(story, 60_000, isDown(50)) },
  { kind: 'falls', target: '80% in 2m', isMet: (story) => moved(story, 120_000, isDown(80)) },
  { kind: 'falls', target: '9 in 3m', isMet: (story) => moved(story, 180_000, isDownBy(9)) },
  {
    kind: 'moves',
    target: '75% in 1m',
    isMet: (story) => moved(story, 60_000, isUp(75)) || moved(story, 60_000, isDown(75)),
  },
  {
    kind: 'moves',
    target: '10 in 2m',
    isMet: (story) => moved(story, 120_000, isUpBy(10)) || moved(story, 120_000, isDownBy(10)),
  },
  { kind: 'falls from high', target: '60%', isMet: (story) => trails(pricesOf(story), Math.max, isDown(60)) },
  { kind: 'falls from high', target: '9', isMet: (story) => trails(pricesOf(story), Math.max, isDownBy(9)) },
  { kind: 'rises from low', target: '500%', isMet: (story) => trails(pricesOf(story), Math.min, isUp(500)) },
  { kind: 'rises from low', target: '9', isMet: (story) => trails(pricesOf(story), Math.min, isUpBy(9)) },
];
