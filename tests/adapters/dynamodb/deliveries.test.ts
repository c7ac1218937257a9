import { describe, expect, test } from '@jest/globals';
import type { Alert, Delivery, NotifyingAlert } from '../../../src/domain/alert.js';
import { leaseMs } from '../../../src/domain/delivery/backoff.js';
import { type ChannelDelivery, newChannel } from '../../../src/domain/delivery/channel.js';
import { at, delivery, expiredAlert, notifyingAlert, pendingAlert, triggeredAlert } from '../../support/builders.js';
import { documentedItem, itemOf, startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);
let ids = 0;

const freshId = (): string => {
  ids += 1;
  return `alert-${ids}`;
};

/** As an attempt on its one channel left it. */
const left = (alert: NotifyingAlert, failure: Partial<Delivery>): NotifyingAlert => ({
  ...alert,
  delivery: { ...alert.delivery, channels: delivery(failure).channels },
});

const leaseEnd = at('12:05') + leaseMs;
const notifying = (id: string, overrides: Partial<Delivery> = {}): NotifyingAlert =>
  notifyingAlert({ id, delivery: delivery(overrides) });

type Found = [name: string, found: (id: string) => Alert];

/** Every state in which a notification is somebody else's or nobody's. */
const elsewhere: Found[] = [
  ['it is pending', (id) => pendingAlert({ id })],
  ['it fired and was committed under another claim', (id) => triggeredAlert({ id })],
  ['its row left the sheet', (id) => expiredAlert({ id })],
  ['it is claimed for another firing', (id) => notifying(id, { fireId: 'fire-2' })],
];

/** Whoever finds another state than the listed one is refused, and changes nothing. */
function refusals(refusal: false | undefined, step: (id: string) => Promise<unknown>, found: readonly Found[]): void {
  test.each(found)('is refused where %s', async (_name, alert) => {
    const id = freshId();
    await table.put(itemOf(alert(id)));
    expect(await step(id)).toBe(refusal);
    expect(await table.store.get(id)).toEqual(alert(id));
  });

  test('is refused where the item is gone, and makes none', async () => {
    const id = freshId();
    expect(await step(id)).toBe(refusal);
    expect(await table.item(id)).toBeUndefined();
  });
}

describe('claim', () => {
  test('puts the facts of the firing on the item', async () => {
    const id = freshId();
    await table.store.create(pendingAlert({ id, triggeredAt: at('11:00'), triggeredCount: 1 }));
    const claimed = await table.store.claim(pendingAlert({ id }), delivery());
    expect(claimed).toEqual(notifyingAlert({ id, triggeredAt: at('11:00'), triggeredCount: 1 }));
    expect(await table.item(id)).toEqual({
      ...documentedItem,
      id,
      status: 'notifying',
      triggered_at: '2026-11-20T11:00:00.000Z',
      triggered_count: 1,
      fire_id: 'fire-1',
      claimed_at: '2026-11-20T12:05:00.000Z',
      attempts: 1,
      lease_by: 'run-1',
      lease_until: '2026-11-20T12:08:00.000Z',
      possible_repeat: false,
      fired_exchange: 'binance',
      fired_symbol: 'BTCUSDT',
      fired_price: '95180.00000000',
      touched_at: '2026-11-20T12:04:00.000Z',
      last_price: '95010.50000000',
      last_price_at: '2026-11-20T12:05:00.000Z',
    });
  });

  test('gives the alert as it now is, not as it was listed', async () => {
    const id = freshId();
    await table.store.create(pendingAlert({ id, name: 'Renamed since' }));
    expect(await table.store.claim(pendingAlert({ id }), delivery())).toEqual(
      notifyingAlert({ id, name: 'Renamed since' }),
    );
  });

  refusals(undefined, (id) => table.store.claim(pendingAlert({ id }), delivery()), [
    ...elsewhere.slice(1),
    ['it was paused since it was listed', (id) => pendingAlert({ id, active: false })],
    ['it was armed afresh since it was listed', (id) => pendingAlert({ id, armedAt: at('12:04') })],
    ['it was claimed by this firing and then taken over', (id) => notifying(id, { attempts: 2, leaseBy: 'run-2' })],
    [
      'it was claimed by this firing and then deferred',
      (id) => notifying(id, { leaseUntil: undefined, nextAttemptAt: at('12:06') }),
    ],
  ]);

  test('an alert listed as pending that fired meanwhile does not fire again', async () => {
    const id = freshId();
    await table.store.create(pendingAlert({ id }));
    const listed = (await table.store.list()).alerts.find((alert) => alert.id === id);
    const other = notifying(id, { fireId: 'of-another-run' });
    await table.store.claim(pendingAlert({ id }), other.delivery);
    await table.store.commit(other, at('12:05'));
    expect(listed).toEqual(pendingAlert({ id }));
    expect(await table.store.claim(pendingAlert({ id }), delivery())).toBeUndefined();
  });

  test('one of two runs that claim at once wins', async () => {
    const id = freshId();
    await table.store.create(pendingAlert({ id }));
    const claims = await Promise.all(
      ['run-1', 'run-2'].map((run) =>
        table.store.claim(pendingAlert({ id }), delivery({ fireId: `fire-of-${run}`, leaseBy: run })),
      ),
    );
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toHaveLength(1);
    expect(await table.store.get(id)).toEqual(won[0]);
  });

  test('an item that turns out unreadable is named', async () => {
    const id = freshId();
    await table.put({ ...itemOf(pendingAlert({ id })), target_price: 'much' });
    await expect(table.store.claim(pendingAlert({ id }), delivery())).rejects.toThrow(
      `the item of alert ${id} cannot be read: target_price: expected a plain decimal, got "much"; mend it, and a later check sends its push`,
    );
  });
});

describe('takeOver', () => {
  const now = at('12:09');
  const taken = { attempts: 2, leaseBy: 'run-2', leaseUntil: now + leaseMs, nextAttemptAt: undefined };
  const accepted: { name: string; left: Partial<Delivery>; taken: Partial<Delivery> }[] = [
    { name: 'a run that died: the push may repeat', left: {}, taken: { isPossibleRepeat: true } },
    { name: 'a lease that ended just now', left: { leaseUntil: now - 1 }, taken: { isPossibleRepeat: true } },
    {
      name: 'a lease given back: the push repeats nothing',
      left: { leaseUntil: undefined, nextAttemptAt: at('12:08') },
      taken: {},
    },
    { name: 'an attempt due at this very moment', left: { leaseUntil: undefined, nextAttemptAt: now }, taken: {} },
    {
      name: 'a possible repeat stays one, and the last error is kept',
      left: { leaseUntil: undefined, nextAttemptAt: at('12:08'), isPossibleRepeat: true, lastError: 'no answer' },
      taken: { isPossibleRepeat: true, lastError: 'no answer' },
    },
  ];
  test.each(accepted)('$name', async ({ left, taken: extra }) => {
    const id = freshId();
    const listed = notifying(id, left);
    await table.put(itemOf(listed));
    const expected = notifying(id, { ...taken, ...extra });
    expect(await table.store.takeOver(listed, { runId: 'run-2', now })).toEqual(expected);
    expect(await table.item(id)).toEqual(JSON.parse(JSON.stringify(itemOf(expected))));
  });

  test('gives the alert as it now is, not as it was listed', async () => {
    const id = freshId();
    await table.put(itemOf({ ...notifying(id), notes: 'written since' }));
    expect(await table.store.takeOver(notifying(id), { runId: 'run-2', now })).toMatchObject({
      notes: 'written since',
    });
  });

  const early: { name: string; left: Partial<Delivery> }[] = [
    { name: 'its run may be alive', left: { leaseUntil: now + 1 } },
    { name: 'its lease ends at this very moment', left: { leaseUntil: now } },
    { name: 'its next attempt is not due', left: { leaseUntil: undefined, nextAttemptAt: now + 1 } },
    { name: 'its lease is over but its next attempt is not due', left: { nextAttemptAt: now + 1 } },
  ];
  test.each(early)('is refused while $name', async ({ left }) => {
    const id = freshId();
    await table.put(itemOf(notifying(id, left)));
    expect(await table.store.takeOver(notifying(id, left), { runId: 'run-2', now })).toBeUndefined();
    expect(await table.store.get(id)).toEqual(notifying(id, left));
  });

  refusals(undefined, (id) => table.store.takeOver(notifying(id), { runId: 'run-2', now }), [
    ...elsewhere,
    [
      'another run took it over since it was listed',
      (id) => notifying(id, { attempts: 2, leaseBy: 'run-3', leaseUntil: now + leaseMs }),
    ],
    [
      'another run took it over and gave it back since',
      (id) => notifying(id, { attempts: 2, leaseBy: 'run-3', leaseUntil: undefined, nextAttemptAt: now }),
    ],
    ['its lease is not the listed one', (id) => notifying(id, { leaseUntil: leaseEnd + 1 })],
    [
      'its lease was given back since it was listed',
      (id) => notifying(id, { leaseUntil: undefined, nextAttemptAt: at('12:08') }),
    ],
  ]);

  test('is refused where another run tried since, though lease and next attempt are as listed', async () => {
    const id = freshId();
    const waiting = { leaseUntil: undefined, nextAttemptAt: at('12:08') };
    await table.put(itemOf(notifying(id, { ...waiting, attempts: 2 })));
    expect(await table.store.takeOver(notifying(id, waiting), { runId: 'run-2', now })).toBeUndefined();
    expect(await table.store.get(id)).toEqual(notifying(id, { ...waiting, attempts: 2 }));
  });

  test('one of twenty runs at once wins, and it is counted as one attempt', async () => {
    const id = freshId();
    await table.put(itemOf(notifying(id)));
    const runs = Array.from({ length: 20 }, (_, run) => `run-${run + 10}`);
    const answers = await Promise.all(runs.map((runId) => table.store.takeOver(notifying(id), { runId, now })));
    const won = answers.filter((answer) => answer !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]?.delivery.attempts).toBe(2);
    expect(await table.store.get(id)).toEqual(won[0]);
  });
});

describe('commit', () => {
  const committed = (id: string) => ({
    ...JSON.parse(JSON.stringify(itemOf(notifying(id)))),
    status: 'triggered',
    triggered_at: '2026-11-20T12:06:00.000Z',
    triggered_count: 1,
    lease_by: undefined,
    lease_until: undefined,
  });

  const accepted: { name: string; found: Partial<Delivery>; item: object }[] = [
    { name: 'counts the firing and keeps its facts', found: {}, item: {} },
    {
      name: 'clears what a later attempt left',
      found: { lastError: 'no answer', nextAttemptAt: at('12:05') },
      item: {},
    },
    {
      name: 'counts for whoever has the lease now',
      found: { attempts: 2, leaseBy: 'run-2', isPossibleRepeat: true },
      item: { attempts: 2, possible_repeat: true },
    },
  ];
  test.each(accepted)('$name', async ({ found, item }) => {
    const id = freshId();
    await table.put(itemOf(notifying(id, found)));
    expect(await table.store.commit(notifying(id), at('12:06'))).toBe(true);
    expect(await table.item(id)).toEqual({ ...committed(id), ...item });
    expect(await table.store.get(id)).toEqual(triggeredAlert({ id, triggeredAt: at('12:06') }));
  });

  test('twice counts once, also by two runs that both pushed', async () => {
    const id = freshId();
    await table.put(itemOf(notifyingAlert({ id, triggeredCount: 4 })));
    const both = [at('12:06'), at('12:07')];
    for (const now of both) expect(await table.store.commit(notifyingAlert({ id, triggeredCount: 4 }), now)).toBe(true);
    expect(await table.store.get(id)).toEqual(triggeredAlert({ id, triggeredAt: at('12:07'), triggeredCount: 5 }));
  });

  refusals(false, (id) => table.store.commit(notifying(id), at('12:06')), elsewhere);
});

describe('noteAccepted', () => {
  const channels = ['pushover', 'telegram', 'ntfy'].map(newChannel);
  const accepted = (...names: readonly string[]) =>
    channels.map(
      (each): ChannelDelivery =>
        names.includes(each.channel)
          ? { channel: each.channel, state: 'accepted', at: at('12:06'), receipt: undefined }
          : each,
    );
  const one = accepted('pushover');
  const two = accepted('pushover', 'telegram');

  test('puts on the item which channels have accepted, and keeps the lease', async () => {
    const id = freshId();
    await table.put(itemOf(notifying(id, { channels })));
    expect(await table.store.noteAccepted(notifying(id, { channels }), one)).toBe(true);
    expect(await table.store.noteAccepted(notifying(id, { channels: one }), two)).toBe(true);
    expect(await table.store.get(id)).toEqual(notifying(id, { channels: two }));
  });

  const late: typeof elsewhere = [
    ...elsewhere,
    ['a newer one came before', (id) => notifying(id, { channels: two })],
    ['the lease was given back', (id) => notifying(id, { channels, leaseUntil: undefined })],
    ['another run took it over', (id) => notifying(id, { channels, attempts: 2 })],
    ['it was committed', (id) => triggeredAlert({ id })],
  ];
  test.each(late)('that comes late changes nothing where %s', async (_, found) => {
    const id = freshId();
    await table.put(itemOf(found(id)));
    expect(await table.store.noteAccepted(notifying(id, { channels }), one)).toBe(false);
    expect(await table.store.get(id)).toEqual(found(id));
  });
});

describe('defer', () => {
  const failure = { nextAttemptAt: at('12:20'), lastError: 'user key refused', isPossibleRepeat: false };

  test('gives the lease back and says why and until when', async () => {
    const id = freshId();
    await table.put(itemOf(notifying(id)));
    expect(await table.store.defer(left(notifying(id), failure))).toBe(true);
    const deferred = notifying(id, {
      leaseUntil: undefined,
      nextAttemptAt: at('12:20'),
      lastError: 'user key refused',
    });
    expect(await table.store.get(id)).toEqual(deferred);
    expect(await table.item(id)).toEqual(JSON.parse(JSON.stringify(itemOf(deferred))));
  });

  test('for a wait that is not its own gives the lease back and names no time, so that any run may take it over', async () => {
    const id = freshId();
    await table.put(itemOf(notifying(id)));
    expect(await table.store.defer(left(notifying(id), { ...failure, nextAttemptAt: undefined }))).toBe(true);
    const deferred = notifying(id, { leaseUntil: undefined, lastError: 'user key refused' });
    expect(await table.store.get(id)).toEqual(deferred);
    expect(await table.store.takeOver(deferred, { runId: 'run-2', now: at('12:05') })).toMatchObject({
      delivery: { attempts: 2, leaseBy: 'run-2', isPossibleRepeat: false },
    });
  });

  test('keeps at most 300 characters of an error, and halves none', async () => {
    const id = freshId();
    await table.put(itemOf(notifying(id)));
    await table.store.defer(left(notifying(id), { ...failure, lastError: '🔥'.repeat(400) }));
    expect((await table.item(id))?.last_error).toBe(`${'🔥'.repeat(299)}…`);
  });

  refusals(false, (id) => table.store.defer(left(notifying(id), failure)), [
    ...elsewhere,
    ['another run has taken it over', (id) => notifying(id, { attempts: 2, leaseBy: 'run-2' })],
  ]);
});

test('a notification that fails twice and then arrives is one firing', async () => {
  const id = freshId();
  const { store } = table;
  await store.create(pendingAlert({ id }));
  const first = await store.claim(pendingAlert({ id }), delivery());
  if (first === undefined) throw new Error('the claim was refused');
  await store.defer(left(first, { nextAttemptAt: at('12:06'), lastError: 'no answer', isPossibleRepeat: true }));
  const listed = await store.get(id);
  if (listed?.status !== 'notifying') throw new Error('expected a notification that waits');
  const second = await store.takeOver(listed, { runId: 'run-2', now: at('12:06') });
  if (second === undefined) throw new Error('the take-over was refused');
  expect(second.delivery).toEqual(
    delivery({
      attempts: 2,
      leaseBy: 'run-2',
      leaseUntil: at('12:06') + leaseMs,
      isPossibleRepeat: true,
      lastError: 'no answer',
    }),
  );
  // The second run dies here.
  const third = await store.takeOver(second, { runId: 'run-3', now: at('12:30') });
  if (third === undefined) throw new Error('the take-over was refused');
  expect(third.delivery.attempts).toBe(3);
  expect(await store.commit(third, at('12:31'))).toBe(true);
  expect(await store.get(id)).toEqual(triggeredAlert({ id, triggeredAt: at('12:31') }));
});

describe('end', () => {
  const expires = { text: '30d', at: at('12:05') };

  test('marks the alert as over, once', async () => {
    const alert = pendingAlert({ id: freshId(), expires });
    await table.put(itemOf(alert));
    expect(await table.store.end(alert, at('12:06'))).toBe(true);
    expect(await table.store.end(alert, at('12:07'))).toBe(false);
    expect(await table.store.get(alert.id)).toEqual({ ...alert, overAt: at('12:06') });
  });

  test.each([
    { name: 'its end was put off', changes: { expires: { text: '60d', at: at('12:50') } } },
    { name: 'it has no end any more', changes: { expires: undefined } },
    { name: 'it was paused', changes: { active: false } },
    { name: 'it was armed afresh', changes: { armedAt: at('12:04') } },
  ])('is refused where $name since it was listed', async ({ changes }) => {
    const listed = pendingAlert({ id: freshId(), expires });
    const found = { ...listed, ...changes };
    await table.put(itemOf(found));
    expect(await table.store.end(listed, at('12:06'))).toBe(false);
    expect(await table.store.get(listed.id)).toEqual(found);
  });
});
