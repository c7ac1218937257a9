import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import type { Alert, ExpiredAlert, WaitingAlert } from '../../../src/domain/alert.js';
import { price } from '../../../src/domain/price.js';
import {
  above,
  at,
  checkpointAt,
  delivery,
  expiredAlert,
  notifyingAlert,
  pendingAlert,
  triggeredAlert,
} from '../../support/builders.js';
import { documentedItem, itemOf, recordRequests, startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);

const everyStatus: [status: string, alert: (id: string) => Alert][] = [
  ['pending', (id) => pendingAlert({ id })],
  ['notifying', (id) => notifyingAlert({ id })],
  ['triggered', (id) => triggeredAlert({ id })],
  ['expired', (id) => expiredAlert({ id })],
];

describe('create', () => {
  test('writes the item as the table is documented', async () => {
    expect(await table.store.create(pendingAlert({ id: 'new', triggeredAt: at('11:00'), triggeredCount: 2 }))).toBe(
      true,
    );
    const triggered = { triggered_at: '2026-11-20T11:00:00.000Z', triggered_count: 2 };
    expect(await table.item('new')).toEqual({ ...documentedItem, id: 'new', ...triggered });
  });

  test('leaves out what is blank', async () => {
    const bare = pendingAlert({ id: 'bare', exchange: undefined, name: '', notes: '' });
    expect(await table.store.create(bare)).toBe(true);
    const item = await table.item('bare');
    expect(
      Object.keys(item ?? {}).filter((name) => ['exchange', 'name', 'notes', 'triggered_at'].includes(name)),
    ).toEqual([]);
    expect(await table.store.get('bare')).toEqual(bare);
  });

  test.each(everyStatus)('does not touch an item that is %s', async (status, alert) => {
    const there = alert(`taken-${status}`);
    await table.put(itemOf(there));
    expect(await table.store.create(pendingAlert({ id: there.id, armedAt: at('12:40'), createdAt: at('12:40') }))).toBe(
      false,
    );
    expect(await table.store.get(there.id)).toEqual(there);
  });

  test('one of two runs that meet the same new row creates it', async () => {
    const created = await Promise.all(
      ['12:00', '12:01'].map((time) =>
        table.store.create(pendingAlert({ id: 'met', createdAt: at(time), armedAt: at(time) })),
      ),
    );
    expect(created.toSorted()).toEqual([false, true]);
  });
});

describe('get', () => {
  test('reads the item itself, as the last write left it', async () => {
    const client = table.connect();
    const requests = recordRequests(client);
    const store = table.storeBy(client);
    await Promise.all([store.get('nobody'), store.readCheckpoint()]);
    expect(requests.map(({ operation, input }) => [operation, input.ConsistentRead])).toEqual([
      ['GetItemCommand', true],
      ['GetItemCommand', true],
    ]);
  });

  test('gives nothing for an id that is not there', async () => {
    expect(await table.store.get('nobody')).toBeUndefined();
  });

  test.each(everyStatus)('gives an alert that is %s whole', async (status, alert) => {
    const whole = alert(`whole-${status}`);
    await table.put(itemOf(whole));
    expect(await table.store.get(whole.id)).toEqual(whole);
  });

  test('says which attribute of an item edited by hand is wrong, and what to do', async () => {
    await table.put({ ...itemOf(pendingAlert({ id: 'edited' })), target_price: 95000 });
    await expect(table.store.get('edited')).rejects.toThrow(
      'the item of alert edited cannot be read: target_price: expected a decimal as text, got 95000; mend it, or delete the item: the next check writes it anew from its row',
    );
  });
});

describe('a price keeps its digits', () => {
  test.each(['0.00001234', '95000', '95000.10', '123456789012345.678901234567890'])('%s', async (text) => {
    const id = `price-${text.replace('.', '-')}`;
    await table.store.create(pendingAlert({ id, condition: above(text) }));
    expect((await table.item(id))?.target_price).toBe(text);
    expect((await table.store.get(id))?.condition.target).toEqual(price(text));
  });
});

describe('change', () => {
  const later = at('12:50');
  const changes: [name: string, previous: WaitingAlert | ExpiredAlert, next: WaitingAlert | ExpiredAlert][] = [
    ['pending to pending: paused', pendingAlert(), pendingAlert({ active: false })],
    [
      'pending to pending: a blank exchange, name and note',
      pendingAlert(),
      pendingAlert({ exchange: undefined, name: '', notes: '' }),
    ],
    ['pending to pending: armed afresh', pendingAlert({ active: false }), pendingAlert({ armedAt: later })],
    ['pending to expired', pendingAlert(), expiredAlert()],
    ['triggered to triggered: a new note', triggeredAlert(), triggeredAlert({ notes: 'done' })],
    ['triggered to pending', triggeredAlert(), { ...triggeredAlert({ armedAt: later }), status: 'pending' }],
    [
      'triggered to expired',
      triggeredAlert(),
      expiredAlert({ triggeredAt: at('12:05'), triggeredCount: 1, statusBefore: 'triggered' }),
    ],
    ['expired to pending', expiredAlert(), pendingAlert({ armedAt: later })],
    ['expired to triggered', expiredAlert({ statusBefore: 'triggered' }), triggeredAlert()],
  ];
  test.each(changes)('%s', async (name, previous, next) => {
    const id = name.replace(/\W+/g, '-');
    await table.put(itemOf({ ...previous, id }));
    expect(await table.store.change({ previous: { ...previous, id }, next: { ...next, id } })).toBe(true);
    expect(await table.item(id)).toEqual(JSON.parse(JSON.stringify(itemOf({ ...next, id }))));
    expect(await table.store.get(id)).toEqual({ ...next, id });
  });

  const refused: [name: string, previous: Alert, found: Alert][] = [
    ['it fired since it was listed', pendingAlert(), triggeredAlert()],
    ['it was claimed since it was listed', pendingAlert(), notifyingAlert()],
    ['it expired since it was listed', pendingAlert(), expiredAlert()],
    ['it was armed afresh since it was listed', pendingAlert(), pendingAlert({ armedAt: at('12:10') })],
    ['a fired one was armed afresh since it was listed', triggeredAlert(), pendingAlert({ armedAt: at('12:10') })],
    ['an expired one was restored since it was read', expiredAlert(), pendingAlert({ armedAt: at('12:35') })],
    ['a notification is under way', notifyingAlert(), notifyingAlert()],
  ];
  test.each(refused)('is refused where %s', async (name, previous, found) => {
    const id = name.replace(/\W+/g, '-');
    await table.put(itemOf({ ...found, id }));
    const next = pendingAlert({ id, armedAt: later, notes: 'from an old list' });
    expect(await table.store.change({ previous: { ...previous, id }, next })).toBe(false);
    expect(await table.store.get(id)).toEqual({ ...found, id });
  });

  test('makes no item out of one that was deleted', async () => {
    const previous = pendingAlert({ id: 'deleted' });
    expect(await table.store.change({ previous, next: { ...previous, notes: 'new' } })).toBe(false);
    expect(await table.item('deleted')).toBeUndefined();
  });

  test('arming afresh leaves nothing of the last notification behind', async () => {
    await table.store.create(pendingAlert({ id: 'again' }));
    await table.store.claim(pendingAlert({ id: 'again' }), delivery());
    await table.store.commit(notifyingAlert({ id: 'again' }), at('12:06'));
    const previous = triggeredAlert({ id: 'again', triggeredAt: at('12:06') });
    expect(await table.store.get('again')).toEqual(previous);
    const next: WaitingAlert = { ...previous, status: 'pending', armedAt: later };
    expect(await table.store.change({ previous, next })).toBe(true);
    expect(await table.item('again')).toEqual(itemOf(next));
  });

  test('a note on a fired alert keeps the facts of its firing', async () => {
    await table.put(itemOf(notifyingAlert({ id: 'noted' })));
    await table.store.commit(notifyingAlert({ id: 'noted' }), at('12:06'));
    const previous = triggeredAlert({ id: 'noted', triggeredAt: at('12:06') });
    expect(await table.store.change({ previous, next: { ...previous, notes: 'sold' } })).toBe(true);
    expect(await table.item('noted')).toMatchObject({
      notes: 'sold',
      fire_id: 'fire-1',
      fired_price: '95180.00000000',
    });
  });
});

describe('list', () => {
  const listed = oneForAll(() => startTable('alerts-of-the-list'));

  test('gives every alert but the expired ones, and not the checkpoint', async () => {
    await listed.store.writeCheckpoint(checkpointAt(at('12:00')));
    await listed.put(...everyStatus.map(([status, alert]) => JSON.parse(JSON.stringify(itemOf(alert(status))))));
    expect(await listed.store.list()).toEqual({
      alerts: [
        notifyingAlert({ id: 'notifying' }),
        pendingAlert({ id: 'pending' }),
        triggeredAlert({ id: 'triggered' }),
      ],
      unreadable: [],
    });
  });

  test('an alert that expires leaves the list, and one that is restored returns to it', async () => {
    const ids = async () => (await listed.store.list()).alerts.map(({ id }) => id);
    const previous = pendingAlert({ id: 'pending' });
    const expired = expiredAlert({ id: 'pending' });
    await listed.store.change({ previous, next: expired });
    expect(await ids()).toEqual(['notifying', 'triggered']);
    await listed.store.change({ previous: expired, next: previous });
    expect(await ids()).toEqual(['notifying', 'pending', 'triggered']);
  });

  test('an item edited by hand is named and hides no other', async () => {
    await listed.put({ ...itemOf(pendingAlert({ id: 'odd' })), status: 'waiting', armed_at: 'yesterday' });
    await listed.put({ ...itemOf(pendingAlert({ id: 'odd-price' })), target_price: '0' });
    await listed.client.send(
      new PutItemCommand({
        TableName: listed.tableName,
        Item: {
          id: { S: 'odd-digits' },
          entity_type: { S: 'alert' },
          status: { S: 'pending' },
          target_price: { N: '1234567890123456789.0123456789' },
        },
      }),
    );
    const { alerts, unreadable } = await listed.store.list();
    expect(alerts.map(({ id }) => id)).toEqual(['notifying', 'pending', 'triggered']);
    const remedy = 'mend it, or delete the item: the next check writes it anew from its row';
    expect(unreadable).toEqual([
      { id: 'odd', message: `status: expected pending, notifying, triggered or expired, got "waiting"; ${remedy}` },
      {
        id: 'odd-digits',
        message: expect.stringMatching(
          /^symbol is missing; .*target_price: expected a decimal as text, got 1234567890123456800/,
        ),
      },
      { id: 'odd-price', message: `target_price: expected a price above zero, got "0"; ${remedy}` },
    ]);
  });
});

describe('a list of several megabytes', () => {
  const large = oneForAll(() => startTable('many-alerts'));

  test('is read to its end, page by page', async () => {
    const client = large.connect();
    const requests = recordRequests(client);
    const all = Array.from({ length: 800 }, (_, index) =>
      pendingAlert({ id: `alert-${String(index).padStart(4, '0')}`, notes: 'x'.repeat(5000) }),
    );
    await large.put(...all.map(itemOf));
    const { alerts, unreadable } = await large.storeBy(client).list();
    expect(unreadable).toEqual([]);
    expect(alerts).toEqual(all);
    expect(requests.length).toBeGreaterThan(2);
    // Never a Scan, and an index cannot be read consistently.
    for (const { operation, input } of requests) {
      expect({ operation, input }).toMatchObject({
        operation: 'QueryCommand',
        input: { IndexName: 'entity_type-index' },
      });
      expect(input).not.toHaveProperty('ConsistentRead');
    }
  });
});

test('the longest name and notes that a row may have fit, emoji and all', async () => {
  const id = 'я'.repeat(64);
  const long = pendingAlert({ id, name: '🚀'.repeat(100), notes: '🌕'.repeat(500), user: 'я'.repeat(60) });
  expect(await table.store.create(long)).toBe(true);
  const claimed = await table.store.claim(long, delivery({ lastError: '🔥'.repeat(300) }));
  expect(claimed).toEqual({ ...long, status: 'notifying', delivery: delivery({ lastError: '🔥'.repeat(300) }) });
});

test('an item larger than DynamoDB takes is refused with its reason', async () => {
  const huge = pendingAlert({ id: 'huge', notes: 'x'.repeat(410_000) });
  await expect(table.store.create(huge)).rejects.toMatchObject({
    name: 'StoreError',
    message: expect.stringMatching(
      /^DynamoDB did not take the new alert huge: ValidationException \(Item size has exceeded the maximum allowed size\) after 1 attempt$/,
    ),
  });
});
