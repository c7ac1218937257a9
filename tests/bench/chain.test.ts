import { expect, test } from '@jest/globals';
import type { Case } from './cases.js';
import { chainOf, limitMs, pushesFor } from './chain.js';

const small: Case = {
  program: 'trading-alerts',
  alerts: 100,
  markets: 20,
  asks: 'plain',
  mood: 'quiet',
  isCold: false,
};

test.each<{ name: string; measured: Partial<Case>; pages?: number; chain: string; limit: number }>([
  { name: 'nothing to prove', measured: {}, chain: 'alerts, sheet, prices, checkpoint', limit: 436 },
  {
    name: 'the first run of a process, whose alerts are listed beside its access',
    measured: { isCold: true },
    chain: 'secret, token, sheet, prices, checkpoint',
    limit: 548,
  },
  { name: 'a market at Coinbase', measured: { markets: 30 }, chain: 'alerts, sheet, prices, checkpoint', limit: 436 },
  {
    name: 'one push',
    measured: { mood: 'one-percent' },
    chain: 'alerts, sheet, prices, candles, claim, push, history, commit, checkpoint',
    limit: 8 + 300 + 120 + 120 + (8 + 150) + 16 + 8,
  },
  {
    name: 'a storm of one user',
    measured: { mood: 'all', asks: 'one-user' },
    chain: 'alerts, sheet, prices, candles, claim, push, digests, history, commit, checkpoint',
    limit: 8 + 300 + 120 + 120 + (8 + 3 * 150) + 3 * 150 + 16 + 8,
  },
  {
    name: 'twenty markets near their targets, that a rolling window rules out',
    measured: { mood: 'in-range' },
    chain: 'alerts, sheet, prices, ranges, checkpoint',
    limit: 556,
  },
  {
    name: 'twenty more of which ten are to be asked for candles, ten at a time',
    measured: { markets: 30, mood: 'in-range' },
    chain: 'alerts, sheet, prices, candles, checkpoint',
    limit: 556,
  },
  {
    name: 'thirty-three markets at Coinbase near their targets, ten a second',
    measured: { alerts: 10_000, markets: 1_000, mood: 'in-range' },
    chain: 'alerts, sheet, prices, candles, more candles, checkpoint',
    limit: 8 + 300 + 120 + 33 * 120 + 8,
  },
  {
    name: 'many pages of alerts, that are listed before the sheet is read',
    measured: {},
    pages: 50,
    chain: '50 pages of alerts, sheet, prices, checkpoint',
    limit: 50 * 8 + 428,
  },
  {
    name: 'more pages of alerts than the access takes',
    measured: { isCold: true },
    pages: 50,
    chain: '50 pages of alerts, sheet, prices, checkpoint',
    limit: 50 * 8 + 428,
  },
])('$name', ({ measured, pages = 1, chain, limit }) => {
  const links = chainOf({ ...small, ...measured }, pages);
  expect({ chain: links.map(({ name }) => name).join(', '), limit: limitMs(links) }).toEqual({ chain, limit });
});

test.each<{ asks: Case['asks']; atOnce: number; gathered: number }>([
  { asks: 'one-user', atOnce: 5, gathered: 5 },
  { asks: 'plain', atOnce: 10, gathered: 6 },
])('a hundred alerts, $asks: $atOnce pushes at once, $gathered in the end', ({ asks, ...pushes }) =>
  expect(pushesFor({ alerts: 100, mood: 'all', asks })).toEqual(pushes),
);
