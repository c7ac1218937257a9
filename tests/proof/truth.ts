import { lastTick, type Ticks, tickAt } from './tick-market.js';

/** An alert as the truth sees it: whole numbers, and nothing of the production code. */
export interface Wish {
  readonly kind: 'above' | 'below';
  readonly target: number;
  readonly armedAt: number;
}

export const reaches = ({ kind, target }: Pick<Wish, 'kind' | 'target'>, price: number): boolean =>
  kind === 'above' ? price >= target : price <= target;

/** What an exchange can tell: from the first whole second, or minute, after the arming on. */
export interface Sight {
  readonly ticks: Ticks;
  readonly smallestSpanMs: number;
  /** An empty second or minute is told as the price that stood at its beginning. */
  readonly fillsGaps: boolean;
}

const firstWhole = (instant: number, spanMs: number): number => Math.ceil(instant / spanMs) * spanMs;

/**
 * Tells the first instant at which a price reached the target, up to `until`, as far as the exchange can tell: trade by
 * trade, each looked at once. Undefined where there was none. `since`: what came before was not looked at.
 */
export function createWatch(wish: Wish, sight: Sight, since = 0): (until: number) => number | undefined {
  const { ticks, smallestSpanMs, fillsGaps } = sight;
  const from = Math.max(since, firstWhole(wish.armedAt, smallestSpanMs));
  const before = lastTick(ticks, from - 1);
  const hasStood = fillsGaps && before >= 0 && reaches(wish, tickAt(ticks.price, before));
  const next = ticks.at[before + 1] ?? Number.POSITIVE_INFINITY;
  let index = before + 1;
  return (until) => {
    const isEmpty = next >= from + smallestSpanMs || next > until;
    if (hasStood && isEmpty && from < until) return from;
    while (index < ticks.at.length && tickAt(ticks.at, index) <= until) {
      if (reaches(wish, tickAt(ticks.price, index))) return tickAt(ticks.at, index);
      index += 1;
    }
    return undefined;
  };
}

export const isTrade = (ticks: Ticks, instant: number): boolean => ticks.at[lastTick(ticks, instant)] === instant;

export const standingPrice = (ticks: Ticks, instant: number): number => tickAt(ticks.price, lastTick(ticks, instant));

/** How far the price went from one instant to another. */
export function furthest({ kind }: Wish, ticks: Ticks, from: number, to: number): number {
  const first = lastTick(ticks, from - 1) + 1;
  const inside = [...ticks.price.slice(first, lastTick(ticks, to) + 1), standingPrice(ticks, to)];
  return inside.reduce((a, b) => (kind === 'above' ? Math.max(a, b) : Math.min(a, b)));
}
