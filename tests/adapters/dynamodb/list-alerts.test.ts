import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/domain/alert.js';
import { pendingAlert } from '../../support/builders.js';
import { itemOf, recordRequests, startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);
const hashOf = (index: number): string => createHash('sha256').update(String(index)).digest('hex').slice(0, 20);
const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const put: string[] = [];
afterEach(async () => {
  await Promise.all(put.splice(0).map((id) => table.delete(id)));
});

/** Of a fifth of a page each, so that a few fill many pages; the name says which item was read. */
async function fill(ids: readonly string[]): Promise<void> {
  put.push(...ids);
  const weight = 'x'.repeat(200_000);
  await Promise.all(ids.map((id) => table.put({ ...itemOf(pendingAlert({ id, name: `of ${id}` })), weight })));
}

async function list() {
  const client = table.connect();
  const requests = recordRequests(client);
  const { alerts, unreadable } = await table.storeBy(client).list();
  return { alerts, unreadable, requests: requests.map(({ input }) => input) };
}

const shown = (alerts: readonly Alert[]): readonly string[] => alerts.map(({ id, name }) => `${id} ${name}`);

describe('the list of a large table', () => {
  test('has every alert once, in the order of the ids, whatever their script and wherever a segment ends', async () => {
    const borders = ['4000', '5555', '8000', 'aaaa', 'c000'];
    const own = ['0', '-', 'BTC', 'btc-95k', 'f', 'g', 'zz', 'ёж', '漢字', '😀', '\u{10ffff}'];
    const ids = [...Array.from({ length: 30 }, (_, index) => hashOf(index)), ...borders, ...own].toSorted(byUtf8);
    await fill(ids);
    const { alerts, unreadable, requests } = await list();
    expect({ shown: shown(alerts), unreadable }).toEqual({ shown: ids.map((id) => `${id} of ${id}`), unreadable: [] });
    const conditions = new Set(requests.map(({ KeyConditionExpression }) => KeyConditionExpression));
    expect([...conditions].toSorted()).toEqual([
      'entity_type = :live',
      'entity_type = :live AND id <= :to',
      'entity_type = :live AND id >= :from',
      'entity_type = :live AND id BETWEEN :from AND :to',
    ]);
  });

  test('of own ids alone goes on in one row of pages', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `level-${String(index).padStart(2, '0')}`);
    await fill(ids);
    const { alerts, requests } = await list();
    expect(alerts.map(({ id }) => id)).toEqual(ids);
    expect(requests.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      undefined,
      { entity_type: 'alert', id: expect.stringContaining('level-') },
      { entity_type: 'alert', id: expect.stringContaining('level-') },
    ]);
  });

  test('names what cannot be read in each segment', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => hashOf(index)).toSorted();
    await fill(ids);
    const broken = ids.filter((_, index) => index % 7 === 0);
    await Promise.all(broken.map((id) => table.put({ ...itemOf(pendingAlert({ id })), status: 'lost' })));
    const { alerts, unreadable } = await list();
    expect(unreadable.map(({ id }) => id)).toEqual(broken);
    expect(alerts.map(({ id }) => id)).toEqual(ids.filter((id) => !broken.includes(id)));
  });
});

test('a list that fits on one page is one Query without a bound', async () => {
  put.push('btc-95k');
  await table.put(itemOf(pendingAlert()));
  const { alerts, requests } = await list();
  expect(alerts).toEqual([pendingAlert()]);
  expect(requests).toEqual([
    {
      TableName: 'trading-alerts',
      IndexName: 'entity_type-index',
      KeyConditionExpression: 'entity_type = :live',
      ExpressionAttributeValues: { ':live': 'alert' },
    },
  ]);
});

test.each<[name: string, value: unknown]>([
  ['a map', { list: [1, 'a', null, { not: false }], many: 12.5 }],
  ['a set', new Set(['a', 'b'])],
  ['bytes', Uint8Array.of(1, 2)],
  ['nothing', null],
  ['a number', 12.5],
  ['a truth', false],
])('%s in the place of a memory is read as what it is', async (_name, memory) => {
  put.push('btc-95k');
  await table.put({ ...itemOf(pendingAlert()), memory });
  const { alerts, unreadable } = await list();
  expect(alerts).toEqual([{ ...pendingAlert(), unreadableMemory: memory }]);
  expect(unreadable).toMatchObject([{ id: 'btc-95k', isWatched: true }]);
});
