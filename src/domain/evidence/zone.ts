import { compare, type Price } from '../price.js';
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
  has: (price) => compare(price.value, value) >= 0,
  mayHold: ({ high }) => compare(high.value, value) >= 0,
  directionAt: () => 'up',
});

/** The level belongs to it. */
export const atMost = ({ value }: Price): Zone => ({
  has: (price) => compare(price.value, value) <= 0,
  mayHold: ({ low }) => compare(low.value, value) <= 0,
  directionAt: () => 'down',
});

export const strictlyAbove = ({ value }: Price): Zone => ({
  has: (price) => compare(price.value, value) > 0,
  mayHold: ({ high }) => compare(high.value, value) > 0,
  directionAt: () => 'up',
});

export const strictlyBelow = ({ value }: Price): Zone => ({
  has: (price) => compare(price.value, value) < 0,
  mayHold: ({ low }) => compare(low.value, value) < 0,
  directionAt: () => 'down',
});

/** The bounds belong to it. */
export const between = (bounds: PriceRange): Zone => ({
  has: ({ value }) => compare(value, bounds.low.value) >= 0 && compare(value, bounds.high.value) <= 0,
  mayHold: ({ low, high }) => compare(high.value, bounds.low.value) >= 0 && compare(low.value, bounds.high.value) <= 0,
  directionAt: () => undefined,
});

/** Strictly outside the bounds. */
export const beyond = (bounds: PriceRange): Zone => ({
  has: ({ value }) => compare(value, bounds.low.value) < 0 || compare(value, bounds.high.value) > 0,
  mayHold: ({ low, high }) => compare(low.value, bounds.low.value) < 0 || compare(high.value, bounds.high.value) > 0,
  directionAt: ({ value }) => (compare(value, bounds.high.value) > 0 ? 'up' : 'down'),
});
