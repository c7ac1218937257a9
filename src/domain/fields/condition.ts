import * as v from 'valibot';
import type { Cell } from '../columns.js';
import { readCondition, readConditionName, restoreCondition } from '../conditions/read-condition.js';
import {
  type Condition,
  type ConditionName,
  conditionNames,
  conditionOf,
  isConditionName,
  kindNamed,
} from '../conditions/registry.js';
import { PriceText, readPrice } from '../price.js';
import { err, ok } from '../result.js';
import { type Codec, expectedGot, identityField } from './field.js';

/** The target's part in the identity: equal targets, equal text. */
const canonicalTarget = ({ kind, target }: Condition): string => kindNamed(kind).canonicalText(target);

export const shownCondition = ({ kind, target }: Condition): string => `${kind} ${target.text}`;

/** What is said of a stored target that none of the kind's is; of a price alone it says what is wrong with the price. */
function targetProblem(name: ConditionName | undefined, text: unknown): readonly string[] {
  const example = name === undefined ? undefined : kindNamed(name).example;
  const asPrice = v.safeParse(PriceText, text);
  const isPriceWanted = typeof text !== 'string' || readPrice(example) !== undefined;
  if (isPriceWanted && !asPrice.success) return [expectedGot('target_price', asPrice.issues[0].message, text)];
  return example === undefined ? [] : [expectedGot('target_price', `expected a target such as ${example}`, text)];
}

/** The target stays the text it came in; a DynamoDB number would drop the zeros of `95000.10`. */
const attributes: Codec<Condition> = {
  write: ({ kind, target }) => ({ condition: kind, target_price: target.text }),
  read({ condition: name, target_price: text }) {
    if (!isConditionName(name)) {
      const problem = expectedGot('condition', `expected ${conditionNames.join(', ')}`, name);
      return err([problem, ...targetProblem(undefined, text)]);
    }
    const condition = restoreCondition(name, text);
    return condition === undefined ? err(targetProblem(name, text)) : ok(condition);
  },
};

/** Two columns, since what the price cell may hold depends on the condition. */
export const conditionField = identityField<Condition, 'condition' | 'price'>({
  columns: {
    condition: { title: 'condition', isRequired: true },
    price: { title: 'price', aliases: ['targetprice'], otherwise: ['target'], isRequired: true },
  },
  read: readCondition,
  identity: { place: 4, parts: (condition) => [condition.kind, canonicalTarget(condition)] },
  change: (stored, asked) => (stored.target.text === asked.target.text ? 'nothing' : 'changes'),
  attributes,
  listed: { heading: 'ALERT', place: 1 },
  shown: shownCondition,
  record: ({ kind, target }) => ({ condition: kind, targetPrice: target.text }),
});

/** What could be read of a condition in a row that is wrong. */
export interface ConditionTrace {
  readonly kind: ConditionName | undefined;
  readonly target: Condition['target'] | undefined;
}

export function traceCondition(cells: { readonly condition: Cell; readonly price: Cell }): ConditionTrace {
  const name = readConditionName(cells.condition);
  const names = name.ok ? [name.value] : conditionNames;
  const [target] = names.flatMap((each) => {
    const read = conditionOf(each, cells.price);
    return read.ok ? [read.value.target] : [];
  });
  return { kind: name.ok ? name.value : undefined, target };
}

/** What could not be read may be anything. A target of no known kind is read as the condition's own kind would. */
export function mayBeTraceOf({ kind, target }: ConditionTrace, condition: Condition): boolean {
  if (kind !== undefined && kind !== condition.kind) return false;
  if (target === undefined) return true;
  const read = conditionOf(condition.kind, target.text);
  return read.ok && canonicalTarget(read.value) === canonicalTarget(condition);
}
