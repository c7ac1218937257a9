import type { Cell } from '../columns.js';
import { ok, type Result } from '../result.js';
import { above } from './above.js';
import { below } from './below.js';
import { crosses } from './crosses.js';
import { crossesDown } from './crosses-down.js';
import { crossesUp } from './crosses-up.js';
import { enters } from './enters.js';
import { falls } from './falls.js';
import { fallsFromHigh } from './falls-from-high.js';
import { fundingAbove } from './funding-above.js';
import { fundingBelow } from './funding-below.js';
import { inside } from './inside.js';
import type { ConditionKind, Target } from './kind.js';
import { leaves } from './leaves.js';
import { moves } from './moves.js';
import { outside } from './outside.js';
import { rises } from './rises.js';
import { risesFromLow } from './rises-from-low.js';

/** In the order in which a trader is told of them. The names are stored, and part of an alert's identity. */
export const conditionKinds = {
  above,
  below,
  crosses,
  'crosses up': crossesUp,
  'crosses down': crossesDown,
  inside,
  outside,
  enters,
  leaves,
  rises,
  falls,
  moves,
  'falls from high': fallsFromHigh,
  'rises from low': risesFromLow,
  'funding above': fundingAbove,
  'funding below': fundingBelow,
};

type Kinds = typeof conditionKinds;
export type ConditionName = keyof Kinds;

type ConditionOf<Name extends ConditionName> =
  Kinds[Name] extends ConditionKind<infer T, infer _Facts> ? { readonly kind: Name; readonly target: T } : never;

/** A kind and its own target. */
export type Condition = { [Name in ConditionName]: ConditionOf<Name> }[ConditionName];

declare const ofOneKind: unique symbol;

/** The facts of whichever kind: made by a kind, handed back to the same. */
export interface AnyFacts {
  readonly [ofOneKind]: true;
}

/**
 * The design's one leap past the compiler, here and in `conditionOf`. A condition's target was made by the kind of its name, and facts are read and made only by
 * the kind of the condition that they are kept for; the compiler cannot follow that through a union of kinds.
 */
export const kindNamed = (name: ConditionName): ConditionKind<Target, AnyFacts> =>
  conditionKinds[name] as unknown as ConditionKind<Target, AnyFacts>;

export const conditionNames = Object.keys(conditionKinds) as readonly ConditionName[];

const nameByWords: ReadonlyMap<string, ConditionName> = new Map(
  conditionNames.flatMap((name) => conditionKinds[name].words.map((words) => [words, name] as const)),
);

/** In any case, with `е` for `ё` and any blanks between the words. */
export const findConditionName = (text: string): ConditionName | undefined =>
  nameByWords.get(text) ?? nameByWords.get(text.trim().toLowerCase().replaceAll('ё', 'е').replace(/\s+/gu, ' '));

export const isConditionName = (text: unknown): text is ConditionName =>
  typeof text === 'string' && Object.hasOwn(conditionKinds, text);

/** The target is read by the named kind, so the two belong together. */
export function conditionOf(name: ConditionName, cell: Cell): Result<Condition, string> {
  const target = kindNamed(name).readTarget(cell);
  return target.ok ? ok({ kind: name, target: target.value } as Condition) : target;
}
