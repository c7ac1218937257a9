import type { Price } from '../price.js';
import type { PriceRange } from './bar.js';
import type { Direction } from './direction.js';

/** A part of all prices. */
export interface Zone {
  has(price: Price): boolean;
  /** Whether a price within the range could lie there. */
  mayHold(range: PriceRange): boolean;
  /** Where it leads further into the zone from a price in it; undefined where the zone has an end on both sides. */
  directionAt(price: Price): Direction | undefined;
}

/** The level belongs to it. */
export const atLeast = ({ value }: Price): Zone => ({
  has: (price) => price.value.gte(value),
  mayHold: ({ high }) => high.value.gte(value),
  directionAt: () => 'up',
});

/** The level belongs to it. */
export const atMost = ({ value }: Price): Zone => ({
  has: (price) => price.value.lte(value),
  mayHold: ({ low }) => low.value.lte(value),
  directionAt: () => 'down',
});

export const strictlyAbove = ({ value }: Price): Zone => ({
  has: (price) => price.value.gt(value),
  mayHold: ({ high }) => high.value.gt(value),
  directionAt: () => 'up',
});

export const strictlyBelow = ({ value }: Price): Zone => ({
  has: (price) => price.value.lt(value),
  mayHold: ({ low }) => low.value.lt(value),
  directionAt: () => 'down',
});

/** The bounds belong to it. */
export const between = (bounds: PriceRange): Zone => ({
  has: ({ value }) => value.gte(bounds.low.value) && value.lte(bounds.high.value),
  mayHold: ({ low, high }) => high.value.gte(bounds.low.value) && low.value.lte(bounds.high.value),
  directionAt: () => undefined,
});

/** Strictly outside the bounds. */
export const beyond = (bounds: PriceRange): Zone => ({
  has: ({ value }) => value.lt(bounds.low.value) || value.gt(bounds.high.value),
  mayHold: ({ low, high }) => low.value.lt(bounds.low.value) || high.value.gt(bounds.high.value),
  directionAt: ({ value }) => (value.gt(bounds.high.value) ? 'up' : 'down'),
});
