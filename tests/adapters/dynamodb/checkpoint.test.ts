import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Checkpoint } from '../../../src/flows/ports.js';
import { at } from '../../support/builders.js';
import { startTable, type TestTable } from '../../support/dynamodb.js';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());

test('before the first run there is no checkpoint', async () => {
  expect(await table.store.readCheckpoint()).toBeUndefined();
});

test.each<{ name: string; checkpoint: Checkpoint }>([
  {
    name: 'a refused sheet and a used-up quota are remembered',
    checkpoint: { checkedAt: at('12:05'), refusal: { fingerprint: 'abc', times: 2 }, quotaResetsAt: at('13:00') },
  },
  {
    name: 'and forgotten by the next write',
    checkpoint: { checkedAt: at('12:10'), refusal: undefined, quotaResetsAt: undefined },
  },
])('$name', async ({ checkpoint }) => {
  await table.store.writeCheckpoint(checkpoint);
  expect(await table.store.readCheckpoint()).toEqual(checkpoint);
});

test('it stays out of the index', async () => {
  expect(await table.item('#checkpoint')).toEqual({ id: '#checkpoint', checked_at: '2026-11-20T12:10:00.000Z' });
});

test.each<{ name: string; item: object; expected: Checkpoint | undefined }>([
  {
    name: 'a field of a later version is passed over',
    item: { checked_at: '2026-11-20T12:10:00.000Z', windows: { BTCUSDT: 1 } },
    expected: { checkedAt: at('12:10'), refusal: undefined, quotaResetsAt: undefined },
  },
  {
    name: 'fields edited by hand into nonsense are not known',
    item: {
      checked_at: '2026-11-20T12:10:00.000Z',
      refused_fingerprint: 'abc',
      refused_times: 'two',
      quota_resets_at: 'soon',
    },
    expected: { checkedAt: at('12:10'), refusal: undefined, quotaResetsAt: undefined },
  },
  { name: 'without the time of the check nothing is known', item: { refused_times: 2 }, expected: undefined },
])('$name', async ({ item, expected }) => {
  await table.put({ id: '#checkpoint', ...item });
  expect(await table.store.readCheckpoint()).toEqual(expected);
});
