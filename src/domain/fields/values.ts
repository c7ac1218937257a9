import type { Cell } from '../columns.js';
import { err, ok, type Result } from '../result.js';
import type { AlertStanding, Attributes, Change, Reading } from './field.js';
import {
  type ColumnName,
  type FieldName,
  type FieldValues,
  fieldNamed,
  fieldNames,
  type IdentityName,
} from './fields.js';

type Read = Result<unknown, string | readonly string[]>;

/** All values, or all that is wrong with them. */
function collect(read: (name: FieldName) => Read): Result<FieldValues, readonly string[]> {
  const values: Partial<Record<FieldName, unknown>> = {};
  const problems: string[] = [];
  for (const name of fieldNames) {
    const value = read(name);
    if (value.ok) values[name] = value.value;
    else problems.push(...[value.error].flat());
  }
  return problems.length === 0 ? ok(values as FieldValues) : err(problems);
}

export function readValues(
  cells: Readonly<Record<ColumnName, Cell>>,
  reading: Reading,
): Result<FieldValues, readonly string[]> {
  return collect((name) => fieldNamed(name).read(cells, reading));
}

export function restoreValues(item: Readonly<Record<string, unknown>>): Result<FieldValues, readonly string[]> {
  return collect((name) => fieldNamed(name).attributes.read(item));
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

export interface Followed {
  /** The most that any value does. */
  readonly change: Change;
  /** The row's values, and the stored ones where nothing has changed. */
  readonly values: FieldValues;
}

/** What the values of a row do to the stored ones. */
export function followValues(stored: FieldValues, asked: FieldValues, alert: AlertStanding): Followed {
  const isSameAlert = withIdentity.every(
    ({ name, identity }) =>
      JSON.stringify(identity.parts(stored[name])) === JSON.stringify(identity.parts(asked[name])),
  );
  if (!isSameAlert) return { change: 'arms-afresh', values: asked };
  const values: Partial<Record<FieldName, unknown>> = {};
  const changes = new Set<Change>();
  for (const name of fieldNames) {
    const change = fieldNamed(name).change(stored[name], asked[name], alert);
    values[name] = (change === 'nothing' ? stored : asked)[name];
    changes.add(change);
  }
  const change = (['arms-afresh', 'changes'] as const).find((each) => changes.has(each)) ?? 'nothing';
  return { change, values: values as FieldValues };
}

/** What is wrong with the values of a row that has no alert yet. */
export function problemsWhenNew(values: FieldValues, now: number): readonly string[] {
  return fieldNames.flatMap((name) => fieldNamed(name).problemWhenNew?.(values[name], now) ?? []);
}

/** The fields of one heading share a column; the order is the table's. */
export const headings: readonly string[] = [...new Set(fieldNames.flatMap((name) => fieldNamed(name).heading ?? []))];

export const shownUnder = (heading: string, values: FieldValues): string =>
  fieldNames
    .filter((name) => fieldNamed(name).heading === heading)
    .map((name) => fieldNamed(name).shown(values[name]))
    .join(' ');
