import {
  type Condition,
  type ConditionName,
  conditionNames,
  conditionOf,
  kindNamed,
} from '../../src/domain/conditions/registry.js';

/** As messages list them. What each of them is called is pinned where the registry is tested. */
export const shownNames = conditionNames.join(', ');

export const shownWords = conditionNames
  .map((name) => `${name} (${kindNamed(name).words.slice(1).join(', ')})`)
  .join(', ');

export const shownGoingBack = conditionNames.filter((name) => kindNamed(name).hasOtherSide).join(', ');

/** As a row's cells are read; without a target, with the kind's example. */
export function condition(name: ConditionName, target = kindNamed(name).example): Condition {
  const read = conditionOf(name, target);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
