import type { Price } from './price.js';

export type ConditionKind = 'above' | 'below';

export interface Condition {
  readonly kind: ConditionKind;
  readonly target: Price;
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
