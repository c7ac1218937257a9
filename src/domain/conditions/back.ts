import type { Big } from 'big.js';
import type { PriceRange } from '../evidence/bar.js';
import { atLeast, atMost, between, beyond, strictlyAbove, strictlyBelow, type Zone } from '../evidence/zone.js';
import type { Price } from '../price.js';

/**
 * Where a price has to lie for an alert that fired to be armed again: on the other side of the target, `share` of it
 * beyond. `fired`: how far the price went when it fired.
 */
export type Back<T> = (target: T, share: Big, fired: Price) => Zone;

/** Compared only, so its text is nobody's. */
const moved = ({ value }: Price, share: Big, way: 1 | -1): Price => {
  const to = value.plus(value.times(share).times(way));
  return { text: to.toFixed(), value: to };
};

const below: Back<Price> = (level, share) => (share.eq(0) ? strictlyBelow(level) : atMost(moved(level, share, -1)));
const above: Back<Price> = (level, share) => (share.eq(0) ? strictlyAbove(level) : atLeast(moved(level, share, 1)));

/** Of what fires by a rise, and of what fires by a fall. */
export const backOfLevel = { up: below, down: above };

/** Where both directions fire, the side that the price went to tells; of a price right on the level, neither. */
export const backFromEither: Back<Price> = (level, share, fired) => {
  const compared = fired.value.cmp(level.value);
  if (compared > 0) return below(level, share, fired);
  if (compared < 0) return above(level, share, fired);
  const [lower, upper] = [below(level, share, fired), above(level, share, fired)];
  return {
    has: (price) => lower.has(price) || upper.has(price),
    mayHold: (range) => lower.mayHold(range) || upper.mayHold(range),
    directionAt: (price) => (price.value.gt(level.value) ? 'up' : 'down'),
  };
};

/** Out of the band, so far beyond the nearer bound. */
export const backOutside: Back<{ readonly bounds: PriceRange }> = ({ bounds: { low, high } }, share) => {
  if (share.eq(0)) return beyond({ low, high });
  const [lower, upper] = [atMost(moved(low, share, -1)), atLeast(moved(high, share, 1))];
  return {
    has: (price) => lower.has(price) || upper.has(price),
    mayHold: (range) => lower.mayHold(range) || upper.mayHold(range),
    directionAt: (price) => (price.value.gt(high.value) ? 'up' : 'down'),
  };
};

/** Back in the band, so far from the nearer bound. */
export const backInside: Back<{ readonly bounds: PriceRange }> = ({ bounds: { low, high } }, share) =>
  between({ low: moved(low, share, 1), high: moved(high, share, -1) });
