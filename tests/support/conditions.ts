import { type ConditionName, conditionNames, kindNamed } from '../../src/domain/conditions/registry.js';

/** Those that rest on prices, which candles tell. */
export type PriceConditionName = Exclude<ConditionName, `funding ${string}`>;

export const priceConditionNames = conditionNames.filter(
  (name): name is PriceConditionName => kindNamed(name).funding === undefined,
);

/** As messages list them. What each of them is called is pinned where the registry is tested. */
export const shownNames = conditionNames.join(', ');

export const shownWords = conditionNames
  .map((name) => `${name} (${kindNamed(name).words.slice(1).join(', ')})`)
  .join(', ');

export const shownGoingBack = conditionNames.filter((name) => kindNamed(name).hasOtherSide).join(', ');
