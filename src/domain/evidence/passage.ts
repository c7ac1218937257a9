import type { Price } from '../price.js';
import type { Bar } from './bar.js';
import { type Direction, further, opposite } from './direction.js';
import { leastTrades } from './proof.js';
import type { Zone } from './zone.js';

/** From a price in one zone to a later price in another, disjoint one; `from` undefined: from anywhere. */
export interface Passage {
  readonly from: Zone | undefined;
  readonly to: Zone;
}

/** `meeting` proven, `isOpen` left open; neither: it did not happen in this bar. */
export interface Passed {
  /** A price in `from` is proven by now. */
  readonly isReady: boolean;
  readonly meeting: { readonly price: Price; readonly direction: Direction | undefined } | undefined;
  readonly isOpen: boolean;
}

/** The trades from the one that completes the passage on; empty where none does. */
function sinceMet({ from, to }: Passage, isReadyBefore: boolean, trades: readonly Price[]): readonly Price[] {
  let isReady = isReadyBefore;
  const first = trades.findIndex((price) => {
    if (isReady && to.has(price)) return true;
    isReady ||= from?.has(price) ?? true;
    return false;
  });
  return first < 0 ? [] : trades.slice(first);
}

/** What the price surely did from the meeting on: the least that every order of the trades agrees on. */
function meetingOf(to: Zone, orders: readonly (readonly Price[])[]): Passed['meeting'] {
  const prices = orders.flatMap((trades) => trades.slice(0, 1));
  const [price] = prices;
  if (price === undefined || prices.length < orders.length) return undefined;
  const direction = to.directionAt(price);
  if (direction === undefined || prices.some((each) => to.directionAt(each) !== direction)) {
    return { price, direction: undefined };
  }
  const reached = orders.map((trades) => trades.reduce((far, each) => further(direction, far, each)));
  return { price: reached.reduce((least, each) => further(opposite(direction), least, each)), direction };
}

/** The zones are disjoint, so a bar whose range may hold both, or `to` after a price in `from`, leaves at least a question. */
export function pass(passage: Passage, isReadyBefore: boolean, bar: Bar): Passed {
  const { from, to } = passage;
  const mayComplete = to.mayHold(bar);
  const isIdle = isReadyBefore ? !mayComplete : from !== undefined && !from.mayHold(bar);
  if (isIdle) return { isReady: isReadyBefore, meeting: undefined, isOpen: false };
  const orders = leastTrades(bar).map((trades) => sinceMet(passage, isReadyBefore, trades));
  const meeting = meetingOf(to, orders);
  const isReady =
    isReadyBefore || from === undefined || [bar.open, bar.high, bar.low, bar.close].some((price) => from.has(price));
  return { isReady, meeting, isOpen: meeting === undefined && mayComplete };
}
