import type { Cell } from '../columns.js';
import { oneShape } from '../one-shape.js';
import { err, ok, type Result } from '../result.js';
import type { AlertStanding, Attributes, Change, Identity, Reading } from './field.js';
import {
  type ColumnName,
  type FieldName,
  type FieldValues,
  fieldNamed,
  fieldNames,
  type IdentityName,
} from './fields.js';

type Read = Result<unknown, string | readonly string[]>;

/** What the values are put into: an object that has more than them need not be put together from two. */
export type ValuesInto = Record<FieldName, unknown>;

const newValues = oneShape(fieldNames);

/** All values, or all that is wrong with them. */
function collect(into: ValuesInto, read: (name: FieldName) => Read): Result<FieldValues, readonly string[]> {
  const problems: string[] = [];
  for (const name of fieldNames) {
    const value = read(name);
    if (value.ok) into[name] = value.value;
    else problems.push(...[value.error].flat());
  }
  return problems.length === 0 ? ok(into as FieldValues) : err(problems);
}

export function readValues(
  cells: Readonly<Record<ColumnName, Cell>>,
  reading: Reading,
  into: ValuesInto = newValues(),
): Result<FieldValues, readonly string[]> {
  return collect(into, (name) => fieldNamed(name).read(cells, reading));
}

export function restoreValues(
  item: Readonly<Record<string, unknown>>,
  into: ValuesInto = newValues(),
): Result<FieldValues, readonly string[]> {
  return collect(into, (name) => fieldNamed(name).attributes.read(item));
}

export function valueAttributes(values: FieldValues): Attributes {
  return Object.assign({}, ...fieldNames.map((name) => fieldNamed(name).attributes.write(values[name])));
}

export function valueRecord(values: FieldValues): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...fieldNames.map((name) => fieldNamed(name).record(values[name])));
}

const withIdentity = fieldNames
  .flatMap((name) => {
    const { identity } = fieldNamed(name);
    return identity === undefined ? [] : [{ name, identity }];
  })
  .toSorted((a, b) => a.identity.place - b.identity.place);

export const identityParts = (values: Pick<FieldValues, IdentityName>): readonly string[] =>
  withIdentity.flatMap(({ name, identity }) => identity.parts(values[name as IdentityName]));

function isSamePart(identity: Identity<unknown>, stored: unknown, asked: unknown): boolean {
  if (stored === asked) return true;
  const [before, after] = [identity.parts(stored), identity.parts(asked)];
  return before.length === after.length && before.every((part, index) => part === after[index]);
}

export interface Followed {
  /** The most that any value does. */
  readonly change: Change;
  /** The row's values, and the stored ones where nothing has changed. */
  readonly values: FieldValues;
}

/** What the values of a row do to the stored ones. */
export function followValues(stored: FieldValues, asked: FieldValues, alert: AlertStanding): Followed {
  const isSameAlert = withIdentity.every(({ name, identity }) => isSamePart(identity, stored[name], asked[name]));
  if (!isSameAlert) return { change: 'arms-afresh', values: asked };
  const changes = fieldNames.map((name) => fieldNamed(name).change(stored[name], asked[name], alert));
  const change = (['arms-afresh', 'changes'] as const).find((each) => changes.includes(each)) ?? 'nothing';
  if (change === 'nothing') return { change, values: stored };
  const values = newValues();
  for (const [index, name] of fieldNames.entries()) {
    values[name] = (changes[index] === 'nothing' ? stored : asked)[name];
  }
  return { change, values: values as FieldValues };
}

/** What is wrong with the values of a row that has no alert yet. */
export function problemsWhenNew(values: FieldValues, now: number): readonly string[] {
  return fieldNames.flatMap((name) => fieldNamed(name).problemWhenNew?.(values[name], now) ?? []);
}

/** The fields of one heading share a column. */
export const headings: readonly string[] = [
  ...new Set(
    fieldNames
      .flatMap((name) => fieldNamed(name).listed ?? [])
      .toSorted((a, b) => a.place - b.place)
      .map(({ heading }) => heading),
  ),
];

export const shownUnder = (heading: string, values: FieldValues): string =>
  fieldNames
    .filter((name) => fieldNamed(name).listed?.heading === heading)
    .map((name) => fieldNamed(name).shown(values[name]))
    .join(' ');
