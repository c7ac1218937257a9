import {
  type Condition,
  type ConditionName,
  conditionNames,
  conditionOf,
  kindNamed,
} from '../../src/domain/conditions/registry.js';

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

/** `crosses up 95000`, `rises 5% in 1h`; a name alone has its kind's example for a target. */
export function condition(text: string): Condition {
  const names = conditionNames.filter((each) => `${text} `.startsWith(`${each} `));
  const name = names.toSorted((a, b) => b.length - a.length)[0];
  const read = name && conditionOf(name, text.slice(name.length + 1) || kindNamed(name).example);
  if (!read?.ok) throw new Error(read?.error ?? `expected a condition and its target, got ${text}`);
  return read.value;
}
