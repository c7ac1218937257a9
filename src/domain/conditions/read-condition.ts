import { blankOrBroken, shownCell, textOf } from '../cell.js';
import type { Cell } from '../columns.js';
import { err, ok, type Result } from '../result.js';
import {
  type Condition,
  type ConditionName,
  conditionNames,
  conditionOf,
  findConditionName,
  isConditionName,
  kindNamed,
} from './registry.js';

const wordsShown = conditionNames
  .map((name) => {
    const [first, ...others] = kindNamed(name).words;
    return `${first} (${others.join(', ')})`;
  })
  .join(', ');

export function readConditionName(cell: Cell): Result<ConditionName, string> {
  const problem = blankOrBroken('condition', cell, 'above or below');
  if (problem !== undefined) return err(problem);
  const name = findConditionName(textOf(cell));
  return name === undefined ? err(`condition: expected one of ${wordsShown}, got ${shownCell(cell)}`) : ok(name);
}

/** Both cells are told of, each in a sentence. What no kind can read as a target is wrong whatever the condition is. */
export function readCondition(cells: {
  readonly condition: Cell;
  readonly price: Cell;
}): Result<Condition, readonly string[]> {
  const name = readConditionName(cells.condition);
  if (name.ok) {
    const condition = conditionOf(name.value, cells.price);
    return condition.ok ? condition : err([condition.error]);
  }
  const isTarget = conditionNames.some((each) => kindNamed(each).readTarget(cells.price).ok);
  const asPrice = kindNamed('above').readTarget(cells.price);
  return err(isTarget || asPrice.ok ? [name.error] : [name.error, asPrice.error]);
}

/** From the name and the target's text as they are stored; undefined where they are no condition. */
export function restoreCondition(name: unknown, targetText: unknown): Condition | undefined {
  if (!isConditionName(name) || typeof targetText !== 'string') return undefined;
  const condition = conditionOf(name, targetText);
  return condition.ok ? condition.value : undefined;
}
