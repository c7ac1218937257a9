import { expect, test } from '@jest/globals';
import { monthsCost } from './cost.js';
import { holdsOf } from './holds.js';
import type { Measured } from './measure.js';

const check = { lambdaMs: 500, memoryMb: 512, readUnits: 4, writeUnits: 1, secretReads: 0, hasSecret: true };

/** A hundred quiet alerts as they should be. */
function measured(overrides: Partial<Measured> = {}): Measured {
  return {
    program: 'trading-alerts',
    alerts: 100,
    markets: 30,
    asks: 'plain',
    mood: 'quiet',
    isCold: false,
    runs: 1,
    wallMs: 460,
    importMs: 0,
    chain: [],
    limitMs: 428,
    cpuMs: 40,
    peakMb: 90,
    lambdaMs: 600,
    requests: {
      ...{ sheet: 1, 'binance prices': 1, 'coinbase prices': 1, 'coinbase ranges': 1 },
      ...{ 'DynamoDB Query': 1, 'DynamoDB PutItem': 2 },
    },
    limits: { binance: { used: 80, most: 6_000, unit: 'weight a minute' } },
    readUnits: 4,
    writeUnits: 1,
    listed: { bytes: 24_000, pages: 1 },
    exchangesInUse: 2,
    month: monthsCost(check),
    ...overrides,
  };
}

const planned = measured({ program: 'as-planned', wallMs: 2_000, month: monthsCost({ ...check, writeUnits: 100 }) });

const broken = (...all: Measured[]): string[] =>
  holdsOf(all, [], undefined)
    .filter(({ holds }) => holds === false)
    .map(({ claim, measured: shown }) => `${claim} (${shown})`);

test('what is as it should be holds, and what was not measured is no failure', () => {
  expect(broken(measured(), planned)).toEqual([]);
  expect(holdsOf([], [], undefined).every(({ holds }) => holds === undefined)).toBe(true);
});

test.each<{ name: string; all: Measured[]; says: string }>([
  { name: 'too slow', all: [measured({ wallMs: 472 })], says: 'at most 1.1 × the chain (1.10)' },
  {
    name: 'a candle call',
    all: [measured({ requests: { ...measured().requests, 'coinbase candles': 1 } })],
    says: 'no candles',
  },
  {
    name: 'more than an exchange allows',
    all: [measured({ limits: { coinbase: { used: 11, most: 10, unit: 'requests a second' } } })],
    says: 'coinbase: 11 of 10 requests a second',
  },
  {
    name: 'a slow check of ten thousand',
    all: [measured({ alerts: 10_000, wallMs: 1_501, peakMb: 90 })],
    says: 'under 1.5 s (1.50 s)',
  },
  { name: 'not three times as fast', all: [measured({ wallMs: 470 }), { ...planned, wallMs: 1_380 }], says: '(2.9 ×)' },
  {
    name: 'a storm that is too slow',
    all: [measured({ mood: 'all', asks: 'one-user', wallMs: 2_501, requests: { pushover: 10 } })],
    says: 'in 2.5 s (2.50 s)',
  },
  {
    name: 'a storm of too many pushes',
    all: [measured({ mood: 'all', asks: 'one-user', wallMs: 2_500, requests: { pushover: 11 } })],
    says: 'at most 10 pushes (11)',
  },
  { name: 'dearer', all: [measured(), { ...planned, month: monthsCost({ ...check, writeUnits: 0 }) }], says: 'month' },
  {
    name: 'a second sheet call',
    all: [measured({ requests: { ...measured().requests, sheet: 2 } })],
    says: '1 sheet call',
  },
  { name: 'a unit too many', all: [measured({ readUnits: 4.5 })], says: '100: {"sheet":1' },
  {
    name: 'too much memory',
    all: [measured({ alerts: 10_000, peakMb: 257, listed: { bytes: 24_000, pages: 1 } })],
    says: 'under 256 MB (257 MB)',
  },
  {
    name: 'too slow over a hundred thousand',
    all: [measured({ alerts: 100_000, wallMs: 6_010 })],
    says: 'within 6 s (6.01 s)',
  },
  {
    name: 'too much memory for a hundred thousand',
    all: [measured({ alerts: 100_000, peakMb: 301 })],
    says: 'within 300 MB (301 MB)',
  },
  {
    name: 'a page too many',
    all: [measured({ requests: { ...measured().requests, 'DynamoDB Query': 2 } })],
    says: '"DynamoDB Query":2',
  },
  {
    name: 'growing faster than the alerts',
    all: [measured({ alerts: 1_000, wallMs: 50 }), measured({ alerts: 100_000, wallMs: 5_100 })],
    says: 'time from 1,000 to 100,000 alerts, nothing firing (102.0 × for 100 × the alerts)',
  },
  {
    name: 'slower with every kind',
    all: [measured({ alerts: 10_000, wallMs: 1_000 }), measured({ alerts: 10_000, asks: 'mixed', wallMs: 1_510 })],
    says: '(1.51 ×)',
  },
  {
    name: 'asking too much for look-backs',
    all: [measured(), measured({ asks: 'look-backs', requests: { ...measured().requests, 'binance candles': 3 } })],
    says: '(2.50 ×: 5 to 2 quiet, warm)',
  },
  {
    name: 'writing down what has not changed',
    all: [measured({ alerts: 10_000, asks: 'trails', requests: { 'DynamoDB PutItem': 1, 'DynamoDB UpdateItem': 1 } })],
    says: '(1 written)',
  },
])('$name does not hold', ({ all, says }) => expect(broken(...all)).toEqual([expect.stringContaining(says)]));
