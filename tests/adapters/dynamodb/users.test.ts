import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { StoreError } from '../../../src/adapters/dynamodb/store-error.js';
import type { UserSettings } from '../../../src/domain/users.js';
import { startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);

const dmitry: UserSettings = {
  user: 'dmitry',
  timeZone: 'Europe/Berlin',
  quiet: { from: 1380, to: 420 },
  notify: ['telegram'],
};
const anna: UserSettings = { user: 'anna', timeZone: undefined, quiet: undefined, notify: [] };

test('before the tab said anything there is nothing', async () => expect(await table.store.readUsers()).toEqual([]));

test('what it said is kept, and replaced by what it says next', async () => {
  await table.store.writeUsers([dmitry, anna]);
  expect(await table.store.readUsers()).toEqual([dmitry, anna]);
  await table.store.writeUsers([anna]);
  expect(await table.store.readUsers()).toEqual([anna]);
});

test('it stays out of the index', async () => {
  await table.store.writeUsers([dmitry]);
  const users = '[{"user":"dmitry","time_zone":"Europe/Berlin","quiet":{"from":1380,"to":420},"notify":["telegram"]}]';
  expect(await table.item('#users')).toEqual({ id: '#users', users });
});

test.each([
  ['no JSON', 'dmitry'],
  ['a time zone that is none', '[{"user":"dmitry","time_zone":"Moon/Tycho"}]'],
  ['hours after midnight', '[{"user":"dmitry","quiet":{"from":1500,"to":420}}]'],
])('an item edited by hand into %s is an error, as if it could not be had', async (_, users) => {
  await table.client.send(new PutCommand({ TableName: table.tableName, Item: { id: '#users', users } }));
  await expect(table.store.readUsers()).rejects.toThrow(StoreError);
  await expect(table.store.readUsers()).rejects.toThrow(
    'the item #users of the table "trading-alerts" cannot be read; the next check that reads the users’ tab writes it anew',
  );
});
