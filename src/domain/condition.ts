import type { Price } from './price.js';

export type ConditionKind = 'above' | 'below';

export interface Condition {
  readonly kind: ConditionKind;
  readonly target: Price;
}

const isPrice = (target: object): target is Price => 'value' in target;

/** The two kinds that this file judges. Of any other it throws: an alert that nothing judges must not look armed. */
export function levelCondition({ kind, target }: { readonly kind: string; readonly target: object }): Condition {
  if ((kind === 'above' || kind === 'below') && isPrice(target)) return { kind, target };
  throw new Error(`expected a condition above or below, got ${kind}`);
}

/** The lowest and highest price traded in a stretch of time; both the same for a single price. */
export interface PriceRange {
  readonly low: Price;
  readonly high: Price;
}

/** Touching the target counts. */
export function isTouched(condition: Condition, range: PriceRange): boolean {
  switch (condition.kind) {
    case 'above':
      return range.high.value.gte(condition.target.value);
    case 'below':
      return range.low.value.lte(condition.target.value);
  }
}

/** How far the price went in the condition's direction. */
export function extreme(condition: Condition, range: PriceRange): Price {
  return condition.kind === 'above' ? range.high : range.low;
}
