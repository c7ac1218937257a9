import { expect, test } from '@jest/globals';
import { exchangeNames } from '../../../src/domain/market.js';
import type { Checkpoint } from '../../../src/flows/ports/alert-store.js';
import { at } from '../../support/builders.js';
import { startTable } from '../../support/dynamodb.js';
import { oneForAll } from '../../support/lifetime.js';

const table = oneForAll(startTable);

test('before the first run there is no checkpoint', async () => {
  expect(await table.store.readCheckpoint()).toBeUndefined();
});

const known = (facts: Partial<Checkpoint> = {}): Checkpoint => ({
  checkedAt: at('12:10'),
  watermarks: { all: undefined, openSince: {} },
  outages: {},
  refusal: undefined,
  accountWaits: {},
  ...facts,
});

test.each<[name: string, checkpoint: Checkpoint]>([
  [
    'a refused sheet, a used-up quota and open windows are remembered',
    known({
      watermarks: {
        all: at('12:05'),
        openSince: { 'binance:BTCUSDT': at('11:00'), 'coinbase:ETH-USD': at('10:00:00.123') },
        neverSeen: ['binance:MNTUSDT'],
      },
      outages: { bybit: { since: at('10:30'), isPermanent: true, reason: 'HTTP 451', isTold: true } },
      refusal: { fingerprint: 'abc', times: 2 },
      accountWaits: { telegram: { retryAt: at('13:00'), fingerprint: 'fake-mark', detail: 'used up' } },
    }),
  ],
  ['the state of the users’ tab is remembered', known({ usersTab: { missingAt: at('12:10'), fingerprint: 'abc' } })],
  ['also that there is none', known({ usersTab: { missingAt: undefined, fingerprint: undefined } })],
  [
    'what a range ruled out is remembered',
    known({ watermarks: { all: at('12:05'), openSince: {}, neverSeen: [], ruledOut: ['binance:BTCUSDT'] } }),
  ],
  [
    'and that very many were',
    known({ watermarks: { all: at('12:05'), openSince: {}, neverSeen: [], ruledOut: 'all' } }),
  ],
  ['and forgotten by the next write', known({ watermarks: { all: at('12:10'), openSince: {}, neverSeen: [] } })],
])('%s', async (_name, checkpoint) => {
  await table.store.writeCheckpoint(checkpoint);
  expect(await table.store.readCheckpoint()).toEqual(checkpoint);
});

test('it stays out of the index', async () => {
  expect(await table.item('#checkpoint')).toEqual({
    id: '#checkpoint',
    checked_at: '2026-11-20T12:10:00.000Z',
    checked_through: '2026-11-20T12:10:00.000Z',
    open_since: {},
    never_seen: [],
    outages: {},
  });
});

test('three thousand markets of which no exchange gives anything leave it well below the 400 KB of an item', async () => {
  const markets = exchangeNames.flatMap((name) =>
    Array.from({ length: Math.floor(3_000 / exchangeNames.length) }, (_, each) => `${name}:1000SATS${each}USDT`),
  );
  const openSince = Object.fromEntries(markets.map((market) => [market, at('12:00')]));
  const checkpoint = known({ watermarks: { all: at('12:05'), openSince, neverSeen: markets } });
  await table.store.writeCheckpoint(checkpoint);
  expect(await table.store.readCheckpoint()).toEqual(checkpoint);
  expect(JSON.stringify(await table.item('#checkpoint')).length).toBeLessThan(250_000);
});

const checked_at = '2026-11-20T12:10:00.000Z';

test.each<[name: string, item: object, expected: Checkpoint | undefined]>([
  ['a field of a later version is passed over', { checked_at, windows: { BTCUSDT: 1 } }, known()],
  [
    'fields edited by hand into nonsense are not known',
    { checked_at, refused_fingerprint: 'abc', refused_times: 'two', quota_retry_at: 'soon', quota_token: 7 },
    known(),
  ],
  [
    'a used-up quota of the first version is waited for on the channel that it had',
    { checked_at, quota_retry_at: checked_at, quota_token: 'fake-mark' },
    known({
      accountWaits: {
        pushover: {
          retryAt: at('12:10'),
          fingerprint: 'fake-mark',
          detail: "Pushover's monthly quota is used up; buy more messages, or wait for its reset",
        },
      },
    }),
  ],
  ['a used-up quota without its token is not waited for', { checked_at, quota_retry_at: checked_at }, known()],
  [
    'one unreadable open window makes all windows unknown, so that none is taken for closed',
    { checked_at, checked_through: checked_at, open_since: { 'binance:BTCUSDT': 'yesterday' } },
    known(),
  ],
  [
    'without its exceptions the instant for all markets is not believed',
    { checked_at, checked_through: checked_at },
    known(),
  ],
  ['without the time of the check nothing is known', { refused_times: 2 }, undefined],
])('%s', async (_name, item, expected) => {
  await table.put({ id: '#checkpoint', ...item });
  expect(await table.store.readCheckpoint()).toEqual(expected);
});

test('news is told by one run, which may ask again after a lost answer', async () => {
  const { claimNews } = table.store;
  const won = await Promise.all(['run-1', 'run-2', 'run-3'].map((run) => claimNews('bybit-down', run)));
  expect(won.filter(Boolean)).toHaveLength(1);
  const winner = `run-${won.indexOf(true) + 1}`;
  expect(await claimNews('bybit-down', winner)).toBe(true);
  expect(await claimNews('bybit-down', 'run-4')).toBe(false);
  expect(await claimNews('bybit-back', 'run-4')).toBe(true);
});
