import * as v from 'valibot';
import { readActive, readExchange, readSymbol, readUser, shortened } from '../cell.js';
import { type ExchangeName, exchangeNames } from '../market.js';
import { ok } from '../result.js';
import { shortSymbol } from '../symbol.js';
import { conditionField } from './condition.js';
import { expiresField } from './expires.js';
import { asPlainValues, attribute, type Column, type Field, field, identityField, Text, YesNo } from './field.js';
import { notifyField } from './notify.js';
import { priorityField } from './priority.js';
import { repeatField } from './repeat.js';

/** The narrowest channel shows 1,024 characters in all; what is longer is cut here, before it is stored. */
const longest = { name: 100, notes: 500 };

const OptionalText = v.optional(v.string('expected some text'), '');
const unlessEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

/**
 * What a row may say, in the order in which its mistakes are told: one entry a field, and everything that is known of it.
 * Rows, identity, sync, store, `list` and the doctor follow this table, so that a new column is one entry here.
 */
export const fields = {
  symbol: identityField<string, 'symbol'>({
    columns: { symbol: { title: 'symbol', isRequired: true } },
    read: ({ symbol }) => readSymbol(symbol),
    // The exchange that it may name is part of the identity besides.
    identity: { place: 3, parts: (symbol) => [shortSymbol(symbol)] },
    change: asPlainValues,
    attributes: attribute('symbol', Text),
    listed: { heading: 'ALERT', place: 1 },
    shown: (symbol) => symbol,
    record: (symbol) => ({ symbol }),
  }),
  condition: conditionField,
  user: identityField<string, 'user'>({
    columns: { user: { title: 'user_id' } },
    read: ({ user }, { knownUsers }) => readUser(user, knownUsers),
    identity: { place: 1, parts: (user) => [user] },
    change: asPlainValues,
    attributes: attribute('user_id', Text),
    listed: { heading: 'USER', place: 3 },
    shown: (user) => user,
    record: (user) => ({ user }),
  }),
  exchange: identityField<ExchangeName | undefined, 'exchange', 'symbol'>({
    columns: { exchange: { title: 'exchange' } },
    read: ({ exchange, symbol }) => readExchange(exchange, symbol),
    identity: { place: 2, parts: (exchange) => [exchange ?? ''] },
    change: asPlainValues,
    attributes: attribute('exchange', v.optional(v.picklist(exchangeNames, `expected ${exchangeNames.join(', ')}`))),
    listed: { heading: 'EXCHANGE', place: 2 },
    shown: (exchange) => exchange ?? 'any',
    record: (exchange) => ({ exchange: exchange ?? null }),
  }),
  active: field<boolean, 'active'>({
    columns: { active: { title: 'active' } },
    read: ({ active }) => readActive(active),
    change: (stored, asked) => (asked && !stored ? 'arms-afresh' : asPlainValues(stored, asked)),
    attributes: attribute('active', YesNo),
    shown: (active) => (active ? 'yes' : 'paused'),
    record: (active) => ({ active }),
  }),
  repeat: repeatField,
  expires: expiresField,
  priority: priorityField,
  notify: notifyField,
  name: field<string, 'name'>({
    columns: { name: { title: 'name' } },
    read: ({ name }) => ok(shortened(name, longest.name)),
    change: asPlainValues,
    attributes: attribute('name', OptionalText, unlessEmpty),
    listed: { heading: 'NAME', place: 7 },
    shown: (name) => name,
    record: (name) => ({ name }),
  }),
  notes: field<string, 'notes'>({
    columns: { notes: { title: 'notes' } },
    read: ({ notes }) => ok(shortened(notes, longest.notes)),
    change: asPlainValues,
    attributes: attribute('notes', OptionalText, unlessEmpty),
    shown: (notes) => notes,
    record: (notes) => ({ notes }),
  }),
};

type Fields = typeof fields;
export type FieldName = keyof Fields;
type ValueOf<F> = F extends Field<infer Value, infer _Name, infer _AlsoRead> ? Value : never;

/** The fields that make an alert the one that it is. */
export type IdentityName = {
  [Name in FieldName]: Fields[Name] extends { readonly identity: object } ? Name : never;
}[FieldName];

/** What a row says, field by field. */
export type FieldValues = { readonly [Name in FieldName]: ValueOf<Fields[Name]> };

/** The id is a column but no field: it says which alert the row is, and nothing of what it asks for. */
const idColumn = { id: { title: 'id' } };

type FieldColumn = { [Name in FieldName]: keyof Fields[Name]['columns'] }[FieldName];
export type ColumnName = FieldColumn | keyof typeof idColumn;

export const columns: Readonly<Record<ColumnName, Column>> = Object.assign(
  {},
  ...Object.values(fields).map(({ columns: own }) => own),
  idColumn,
);

export const columnNames = Object.keys(columns) as readonly ColumnName[];
export const fieldNames = Object.keys(fields) as readonly FieldName[];

/** For places that treat all fields alike: they take a value from a field and hand it back to the same. */
export const fieldNamed = (name: FieldName): Field<unknown> => fields[name] as Field<unknown>;
