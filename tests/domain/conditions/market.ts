import fc from 'fast-check';
import type { Bar } from '../../../src/domain/evidence/bar.js';
import { price } from '../../../src/domain/price.js';

/** A trade; instants in ms. */
export interface Tick {
  readonly at: number;
  readonly price: number;
  /** No trade, but the price that stood at a check. */
  readonly isStanding?: boolean;
}

export const start = Date.parse('2026-11-20T12:00Z');

/** Trades that nobody sees but in the bars that they make, and as the price that stands. */
export const ticksWithin = (minutes: number, highest: number): fc.Arbitrary<readonly Tick[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: minutes * 60_000 - 1 }), fc.integer({ min: 1, max: highest })), {
      minLength: 1,
      maxLength: 40,
    })
    .map((all) => all.map(([at, value]) => ({ at: start + at, price: value })).toSorted((a, b) => a.at - b.at));

/** At most one trade a second, in the middle of it. */
export const ticksBySecond = (minutes: number, highest: number): fc.Arbitrary<readonly Tick[]> =>
  ticksWithin(minutes, highest).map((ticks) => {
    const seconds = new Map(ticks.map(({ at, price: value }) => [Math.floor(at / 1000) * 1000, value]));
    return [...seconds].map(([second, value]) => ({ at: second + 500, price: value }));
  });

export function barsOf(ticks: readonly Tick[], spanMs: number): Bar[] {
  const groups = new Map<number, Tick[]>();
  for (const tick of ticks) {
    const openAt = Math.floor(tick.at / spanMs) * spanMs;
    groups.set(openAt, [...(groups.get(openAt) ?? []), tick]);
  }
  return [...groups].map(([openAt, group]) => {
    const prices = group.map((tick) => tick.price);
    return {
      openAt,
      spanMs,
      open: price(String(prices[0])),
      high: price(String(Math.max(...prices))),
      low: price(String(Math.min(...prices))),
      close: price(String(prices.at(-1))),
    };
  });
}

/** The price that stands at an instant. */
export const standingAt = (ticks: readonly Tick[], at: number): number | undefined =>
  ticks.findLast((tick) => tick.at <= at)?.price;
