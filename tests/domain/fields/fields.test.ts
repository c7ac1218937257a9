import { expect, test } from '@jest/globals';
import { headerName } from '../../../src/domain/columns.js';
import { columns, fieldNamed, fieldNames } from '../../../src/domain/fields/fields.js';
import { optionalTitles, requiredTitles } from '../../../src/domain/fields/find-columns.js';
import { blankValues } from '../../support/builders.js';

const all = fieldNames.map((name) => ({ name, field: fieldNamed(name) }));

test('no two columns take one header name, and aliases are written as they are compared', () => {
  const aliases = Object.values(columns).flatMap((column) => column.aliases ?? []);
  expect(aliases.map(headerName)).toEqual(aliases);
  const names = [...Object.values(columns).map(({ title }) => headerName(title)), ...aliases];
  expect(new Set(names).size).toBe(names.length);
});

test('no two fields share an attribute or a place', () => {
  const values = blankValues();
  const attributes = all.flatMap(({ name, field }) => Object.keys(field.attributes.write(values[name])));
  expect(new Set(attributes).size).toBe(attributes.length);
  const places = all.flatMap(({ field }) => field.identity?.place ?? []);
  expect(new Set(places).size).toBe(places.length);
});

test('a blank cell writes nothing that an item of the first version lacks', () => {
  const values = blankValues();
  const written = Object.assign({}, ...all.map(({ name, field }) => field.attributes.write(values[name])));
  expect(JSON.parse(JSON.stringify(written))).toEqual({
    ...{ symbol: 'BTCUSDT', condition: 'above', target_price: '95000', user_id: 'default', active: true },
  });
});

test('a sheet of the first three columns is enough', () => {
  expect(requiredTitles).toEqual(['symbol', 'condition', 'price']);
  expect(optionalTitles).toContain('id');
});
