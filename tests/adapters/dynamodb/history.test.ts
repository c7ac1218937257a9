import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHistory, removeOldHistory } from '../../../src/adapters/dynamodb/history.js';
import { StoreError } from '../../../src/adapters/dynamodb/store-error.js';
import { createdRecord, type FireRecord, fireRecord, type RecordedOutcome } from '../../../src/domain/history.js';
import { dayMs, minuteMs } from '../../../src/domain/time.js';
import { at, notifyingAlert, pendingAlert, trigger } from '../../support/builders.js';
import { loseFirstAnswer, recordRequests, startTable } from '../../support/dynamodb.js';
import { oneForEach } from '../../support/lifetime.js';

const table = oneForEach(() => startTable());
let history: ReturnType<typeof createHistory>;
beforeEach(() => {
  history = createHistory({ ...table, keptDays: 400 });
});

const accepted = (channel: string, time = '12:06'): RecordedOutcome => ({ channel, outcome: 'accepted', at: at(time) });
const failed = (channel: string): RecordedOutcome => ({ channel, outcome: 'given-up', detail: 'HTTP 500' });
const fire = (overrides: Partial<FireRecord> = {}): FireRecord => ({
  ...fireRecord(notifyingAlert()),
  channels: [accepted('pushover')],
  ...overrides,
});
const all = { from: 0, to: at('12:00') + 366 * dayMs };
const recordsOf = async (query = {}) => (await history.read({ ...all, ...query })).records;

test('a fire stands in the table as it is documented, until its days are over', async () => {
  await history.noteFire(fire({ channels: [accepted('pushover'), failed('slack')] }));
  expect(await table.item('2026-11-20T12:05:00.000Z#fire-1')).toEqual({
    ...{ id: '2026-11-20T12:05:00.000Z#fire-1', entity_type: 'history', what: 'fired', fire_id: 'fire-1' },
    ...{ alert_id: 'btc-95k', user_id: 'dmitry', name: 'Breakout' },
    ...{ symbol: 'BTCUSDT', condition: 'above', target_price: '95000' },
    ...{ fired_exchange: 'binance', fired_symbol: 'BTCUSDT', fired_price: '95180.00000000' },
    ...{ touched_at: '2026-11-20T12:04:00.000Z' },
    ...{ last_price: '95010.50000000', last_price_at: '2026-11-20T12:05:00.000Z' },
    outcome_pushover: '{"outcome":"accepted","at":"2026-11-20T12:06:00.000Z"}',
    outcome_slack: '{"outcome":"given-up","detail":"HTTP 500"}',
    delete_at: (at('12:05') + 400 * dayMs) / 1000,
  });
  expect((await table.store.list()).alerts).toEqual([]);
});

test.each<{ name: string; given: FireRecord }>([
  { name: 'of a price', given: fire({ channels: [accepted('pushover'), failed('slack')] }) },
  {
    name: 'that is measured from an earlier price',
    given: fire({ trigger: trigger({ reference: { price: '90000', at: at('12:01') } }) }),
  },
  {
    name: 'of a funding',
    given: fire({
      trigger: trigger({ price: '-0.0001', lastPrice: '-0.0001', funding: { intervalHours: 8, nextAt: at('16:00') } }),
    }),
  },
])('a fire $name is read as it was written', async ({ given }) => {
  await history.noteFire(given);
  expect(await recordsOf()).toEqual([given]);
});

describe('a fire that is written again', () => {
  test.each<[what: string, first: RecordedOutcome[], second: RecordedOutcome[], read: RecordedOutcome[]]>([
    ['by a lost answer is the same', [accepted('a')], [accepted('a')], [accepted('a')]],
    ['keeps what had accepted', [accepted('a')], [failed('a'), accepted('b')], [accepted('a'), accepted('b')]],
    ['takes what has accepted since', [failed('a'), accepted('b')], [accepted('a')], [accepted('a'), accepted('b')]],
  ])('%s', async (_, first, second, read) => {
    await history.noteFire(fire({ channels: first }));
    await history.noteFire(fire({ channels: second }));
    expect(await recordsOf()).toEqual([fire({ channels: read })]);
  });

  test('keeps its acknowledgement, of which the first counts', async () => {
    const seen = { fireId: 'fire-1', claimedAt: at('12:05'), channel: 'pushover', at: at('12:08') };
    expect(await history.noteAcknowledged(seen)).toBe(false);
    await history.noteFire(fire());
    expect(await history.noteAcknowledged(seen)).toBe(true);
    await history.noteAcknowledged({ ...seen, at: at('12:30') });
    await history.noteFire(fire());
    expect(await recordsOf()).toEqual([
      fire({ channels: [{ channel: 'pushover', outcome: 'accepted', at: at('12:06'), acknowledgedAt: at('12:08') }] }),
    ]);
  });
});

describe('a stretch of time', () => {
  const change = (index: number, user = 'dmitry') =>
    createdRecord(pendingAlert({ id: `alert-${index}`, user }), at('12:00') + index * minuteMs);

  test('is read in its order, without what lies beside it', async () => {
    await history.noteChanges([3, 1, 2, 0].map((index) => change(index)));
    await history.noteFire(fire({ at: at('12:01') + 1 }));
    const records = await recordsOf({ from: at('12:01'), to: at('12:03') });
    expect(records).toEqual([change(1), fire({ at: at('12:01') + 1 }), change(2)]);
    expect(await recordsOf({ from: at('12:03'), to: at('12:01') })).toEqual([]);
  });

  test('is read of one alert, of one user, and no more than asked for, the newest', async () => {
    await history.noteChanges([change(0), change(1, 'anna'), change(2), change(3, 'anna')]);
    expect(await recordsOf({ alertId: 'alert-2' })).toEqual([change(2)]);
    expect(await recordsOf({ user: 'anna' })).toEqual([change(1, 'anna'), change(3, 'anna')]);
    expect(await recordsOf({ atMost: 2 })).toEqual([change(2), change(3, 'anna')]);
  });

  test('names an item that cannot be read, and gives the others', async () => {
    await history.noteChanges([change(0)]);
    await table.put({
      id: '2026-11-20T12:09:00.000Z#x',
      entity_type: 'history',
      what: 'fired',
      alert_id: 'a',
      user_id: 'b',
    });
    const { records, unreadable } = await history.read(all);
    expect(records).toEqual([change(0)]);
    expect(unreadable).toEqual([
      { id: '2026-11-20T12:09:00.000Z#x', message: expect.stringContaining('fire_id is missing') },
    ]);
  });

  test('of thousands of changes is written by the batch', async () => {
    const client = table.connect();
    const requests = recordRequests(client);
    const changes = Array.from({ length: 2_010 }, (_, index) => change(index));
    await createHistory({ ...table, client, keptDays: 400 }).noteChanges(changes);
    expect(requests).toHaveLength(81);
    expect(await recordsOf()).toHaveLength(2_010);
  });

  test('that is older than its days goes where no time to live ends it', async () => {
    await history.noteChanges([change(0), change(1), change(2)]);
    await removeOldHistory({ ...table, keptDays: 1 }, at('12:01') + dayMs);
    expect(await recordsOf()).toEqual([change(1), change(2)]);
  });
});

test('an answer that is lost is asked for again', async () => {
  const client = table.connect();
  const attempts = loseFirstAnswer(client);
  await createHistory({ ...table, client, keptDays: 400 }).noteFire(fire());
  expect(attempts()).toBe(2);
  expect(await recordsOf()).toEqual([fire()]);
});

test('what DynamoDB does not take is said', async () => {
  const lost = createHistory({ client: table.client, tableName: 'another', keptDays: 400 });
  await expect(lost.noteFire(fire())).rejects.toThrow(StoreError);
  await expect(lost.noteFire(fire())).rejects.toThrow(
    'DynamoDB did not take the fire of alert btc-95k into the history',
  );
  await expect(lost.noteChanges([createdRecord(pendingAlert(), 0)])).rejects.toThrow('did not take 1 change of rows');
  await expect(lost.read(all)).rejects.toThrow('DynamoDB did not give the history');
});
