import { expect, test } from '@jest/globals';
import { createAlertStore } from '../../../src/adapters/dynamodb/alert-store.js';
import { createWritePace } from '../../../src/adapters/dynamodb/write-pace.js';
import { at, checkpointAt, delivery, expiredAlert, notifyingAlert, pendingAlert } from '../../support/builders.js';
import { startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);

/** Time passes only where somebody waits for it. */
function createClock() {
  let now = 0;
  const waiting: { readonly until: number; readonly go: () => void }[] = [];
  return {
    now: () => now,
    pause: (ms: number) => new Promise<void>((go) => waiting.push({ until: now + ms, go })),
    /** To the next moment that somebody waits for; false where nobody does. */
    async pass(): Promise<boolean> {
      await new Promise(setImmediate);
      if (waiting.length === 0) return false;
      now = Math.min(...waiting.map(({ until }) => until));
      for (const each of waiting.splice(0)) {
        if (each.until <= now) each.go();
        else waiting.push(each);
      }
      return true;
    },
  };
}

test('the first eight hundred writes begin at once, and no second ever has more', async () => {
  const clock = createClock();
  const mayWrite = createWritePace(clock);
  const begun: number[] = [];
  const all = Promise.all(Array.from({ length: 2_000 }, () => mayWrite().then(() => begun.push(clock.now()))));
  while (await clock.pass());
  await all;
  expect(begun.filter((each) => each === 0)).toHaveLength(800);
  const inSecondFrom = (from: number) => begun.filter((each) => each >= from && each < from + 1_000).length;
  expect(Math.max(...begun.map(inSecondFrom))).toBe(800);
  expect(begun.at(-1)).toBe(2_000);
});

test('every write of an alert waits for its turn, and no reading', async () => {
  let turns = 0;
  const mayWrite = async () => {
    turns += 1;
  };
  const store = createAlertStore({ client: table.client, tableName: table.tableName, mayWrite });
  const [pending, now] = [pendingAlert(), at('12:30')];
  const took = async (work: () => Promise<unknown>): Promise<number> => {
    const before = turns;
    await work();
    return turns - before;
  };
  const memory = { market: { exchange: 'binance', kind: 'spot', symbol: 'BTCUSDT' }, judged: undefined } as const;
  const writes = [
    () => store.create(pending),
    () => store.change({ previous: pending, next: { ...pending, name: 'other' } }),
    () => store.remember(pending, memory),
    () => store.armAgain(pending, { armedAt: now, rearm: undefined }),
    () => store.claim(pending, delivery()),
    () => store.takeOver(notifyingAlert(), { runId: 'run-2', now }),
    () => store.noteAccepted(notifyingAlert(), delivery().channels),
    () => store.defer(notifyingAlert()),
    () => store.commit(notifyingAlert(), now),
    () => store.end(pending, now),
    () => store.noteReceipts(pending, []),
    () => store.change({ previous: expiredAlert(), next: pending }),
  ];
  const turnsOf: number[] = [];
  for (const write of writes) turnsOf.push(await took(write));
  expect(turnsOf).toEqual(writes.map(() => 1));
  expect(await took(() => store.list())).toBe(0);
  expect(await took(() => store.get(pending.id))).toBe(0);
  expect(await took(() => store.writeCheckpoint(checkpointAt(now)))).toBe(0);
});
