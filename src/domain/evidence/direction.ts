import type { Big } from 'big.js';
import type { Price } from '../price.js';
import type { PriceRange } from './bar.js';

/** What is said of a rise holds upside down for a fall, so it is written once, in a direction. */
export type Direction = 'up' | 'down';

export const opposite = (direction: Direction): Direction => (direction === 'up' ? 'down' : 'up');

/** How far a range goes in the direction. */
export const farEnd = (range: PriceRange, direction: Direction): Price => (direction === 'up' ? range.high : range.low);

/** Where a move in the direction begins at best. */
export const nearEnd = (range: PriceRange, direction: Direction): Price =>
  direction === 'up' ? range.low : range.high;

/** Touching the level counts. */
export const reaches = (direction: Direction, value: Big, level: Big): boolean =>
  direction === 'up' ? value.gte(level) : value.lte(level);

/** The one that lies further in the direction; the first where both are equal. */
export const further = (direction: Direction, a: Price, b: Price): Price =>
  reaches(direction, a.value, b.value) ? a : b;
