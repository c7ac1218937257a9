import type { Price } from '../price.js';

/** The lowest and highest price traded in a stretch of time; both the same for a single price. */
export interface PriceRange {
  readonly low: Price;
  readonly high: Price;
}

/** The trades of `spanMs` from `openAt` (ms) on, first and last included; a span of 0 is a single price. */
export interface Bar extends PriceRange {
  readonly openAt: number;
  readonly spanMs: number;
  readonly open: Price;
  readonly close: Price;
}

/** A price and the start of the bar in which it was traded (ms). */
export interface PriceAt {
  readonly price: Price;
  readonly at: number;
}

/** The time of a bar: from `from` on, before `to` (ms), known in bars of `spanMs`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly spanMs: number;
}

export const endOf = ({ openAt, spanMs }: Bar): number => openAt + spanMs;

/** The latest instant that a trade of the bar may have: its end belongs to the next bar. */
export const lastInstantOf = ({ openAt, spanMs }: Bar): number => openAt + Math.max(0, spanMs - 1);

export const stretchOf = (bar: Bar): Stretch => ({ from: bar.openAt, to: endOf(bar), spanMs: bar.spanMs });

export const pointAt = (price: Price, at: number): Bar => ({
  openAt: at,
  spanMs: 0,
  open: price,
  high: price,
  low: price,
  close: price,
});
