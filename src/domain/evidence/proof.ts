import type { Price } from '../price.js';
import { type Bar, lastInstantOf } from './bar.js';
import { type Direction, farEnd, nearEnd } from './direction.js';

/**
 * What four prices of a bar prove, and what they leave open. They are facts about trades that nobody lists: the first
 * traded at `open`, the last at `close`, one at least at `high`, one at `low`, and all of them between these two. Which
 * of high and low came first is not known, nor how often the price went to and fro, nor at which instant of the bar.
 *
 * - *Proven* is what holds for every list of trades with these four prices. It may fire.
 * - *Left open* is what holds for some list and not for another. It never fires; finer bars may prove it.
 * - What holds for none did not happen.
 */

/**
 * The shortest lists of trades that the four prices allow, one or two. Every list holds one of them, in its order and
 * perhaps with more in between, so "a price here, and later one there" is proven exactly when it is in each of these.
 * An extreme that the open or the close reached needs no trade of its own.
 */
export function leastTrades({ open, high, low, close }: Bar): readonly (readonly Price[])[] {
  const isAtAnEnd = ({ value }: Price): boolean => value.eq(open.value) || value.eq(close.value);
  if (isAtAnEnd(low)) return [isAtAnEnd(high) ? [open, close] : [open, high, close]];
  if (isAtAnEnd(high)) return [[open, low, close]];
  return [
    [open, low, high, close],
    [open, high, low, close],
  ];
}

/** A price and a later one. */
export interface Move {
  readonly earlier: Price;
  readonly later: Price;
}

/** The longest moves in the direction that are proven: for a rise the low came before the close, the open before the high. */
export function provenMoves(bar: Bar, direction: Direction): readonly [Move, Move] {
  return [
    { earlier: bar.open, later: farEnd(bar, direction) },
    { earlier: nearEnd(bar, direction), later: bar.close },
  ];
}

/** The longest move in the direction that the four prices allow: for a rise, the low before the high. */
export const longestMove = (bar: Bar, direction: Direction): Move => ({
  earlier: nearEnd(bar, direction),
  later: farEnd(bar, direction),
});

/** Every trade of the later bar came at most `stretchMs` after every trade of the earlier one. */
export const isSurelyWithin = (stretchMs: number, earlier: Bar, later: Bar): boolean =>
  lastInstantOf(later) - earlier.openAt <= stretchMs;

/** Some trade of the later bar may have come at most `stretchMs` after some trade of the earlier one. */
export const mayBeWithin = (stretchMs: number, earlier: Bar, later: Bar): boolean =>
  later.openAt - lastInstantOf(earlier) <= stretchMs;
