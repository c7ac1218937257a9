import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue, Item } from './item-size.js';

/** The part of a request that its expressions refer to. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

const nameOf = (text: string, { ExpressionAttributeNames: names = {} }: Placeholders): string => names[text] ?? text;

function valueFor(text: string, { ExpressionAttributeValues: values = {} }: Placeholders): AttributeValue {
  const value = values[text];
  if (value === undefined) throw new Error(`there is no value ${text}`);
  return value;
}

/** `name = :value`, the only comparison there is. */
export function readEquation(text: string, marks: Placeholders): readonly [string, AttributeValue] {
  const [, name = '', value = ''] = /^(#?[\w]+) = (:\w+)$/.exec(text.trim()) ?? [];
  if (name === '') throw new Error(`expected name = :value, got ${text}`);
  return [nameOf(name, marks), valueFor(value, marks)];
}

/** What a Query of the index asks for: of one type, the ids from one to another, both inside. */
export function readListing(text: string, marks: Placeholders) {
  const [equation = '', ...bounds] = text.split(/ AND (?!:)/);
  const [name, type] = readEquation(equation, marks);
  const [, only, one, from = only === '>=' ? one : undefined, to = only === '<=' ? one : undefined] =
    /^(?:id (<=|>=) (:\w+)|id BETWEEN (:\w+) AND (:\w+))?$/.exec(bounds.join(' AND ')) ?? [];
  if (name !== 'entity_type') throw new Error(`expected entity_type = :value first, got ${text}`);
  if (bounds.length > 0 && from === undefined && to === undefined)
    throw new Error(`expected a stretch of ids, got ${text}`);
  return { type: type.S, from: from && valueFor(from, marks).S, to: to && valueFor(to, marks).S };
}

function holds(term: string, item: Item | undefined, marks: Placeholders): boolean {
  const [, absent] = /^attribute_not_exists\((#?\w+)\)$/.exec(term.trim()) ?? [];
  if (absent !== undefined) return item?.[nameOf(absent, marks)] === undefined;
  const [name, value] = readEquation(term, marks);
  return isDeepStrictEqual(item?.[name], value);
}

/** Equations and `attribute_not_exists` under AND and OR, without parentheses. */
export function isMet(condition: string | undefined, item: Item | undefined, marks: Placeholders): boolean {
  if (condition === undefined) return true;
  return condition.split(' OR ').some((all) => all.split(' AND ').every((term) => holds(term, item, marks)));
}

/** `SET a = :v, … REMOVE b, …` */
export function updated(item: Item, expression: string, marks: Placeholders): Item {
  const [, set, removed] = /^(?:SET (.*?))?(?: ?REMOVE (.*))?$/.exec(expression) ?? [];
  const next: Record<string, AttributeValue> = { ...item };
  for (const each of set?.split(', ') ?? []) {
    const [name, value] = readEquation(each, marks);
    next[name] = value;
  }
  for (const each of removed?.split(', ') ?? []) delete next[nameOf(each, marks)];
  return next;
}
