import { type Bar, lastInstantOf } from './bar.js';
import { type Direction, nearEnd, reaches } from './direction.js';
import { isSurelyWithin, mayBeWithin } from './proof.js';

/** The bar before a given one from which a move in a direction begins at best: for a rise, the one with the lowest low. */
export interface EarlierPrices {
  /** Of the bars whose every trade lies within the stretch; undefined where there is none. */
  readonly proven: Bar | undefined;
  /** Of the bars of which some trade may lie within it. */
  readonly possible: Bar | undefined;
}

/** The bars that are no worse than all that came after them: the best one still within the stretch stands in front. */
interface Queue {
  readonly bars: Bar[];
  front: number;
}

function add({ bars, front }: Queue, bar: Bar, direction: Direction): void {
  const { value } = nearEnd(bar, direction);
  // A later one that is as good stays within for longer.
  while (bars.length > front && reaches(direction, nearEnd(bars[bars.length - 1] as Bar, direction).value, value)) {
    bars.pop();
  }
  bars.push(bar);
}

/** What is out of the stretch of one bar is out of that of every later one. */
function best(queue: Queue, isWithin: (bar: Bar) => boolean): Bar | undefined {
  while (queue.front < queue.bars.length && !isWithin(queue.bars[queue.front] as Bar)) queue.front += 1;
  return queue.bars[queue.front];
}

/**
 * For each bar, the best earlier price at most `stretchMs` before it and not from before `since` (ms). Bars in the order
 * of time, not overlapping; the time taken is linear in their number, whatever the stretch.
 */
export function earlierPrices(
  bars: readonly Bar[],
  direction: Direction,
  stretch: { readonly ms: number; readonly since: number },
): readonly EarlierPrices[] {
  const sure: Queue = { bars: [], front: 0 };
  const perhaps: Queue = { bars: [], front: 0 };
  return bars.map((later) => {
    const proven = best(sure, (bar) => bar.openAt >= stretch.since && isSurelyWithin(stretch.ms, bar, later));
    const possible = best(perhaps, (bar) => lastInstantOf(bar) >= stretch.since && mayBeWithin(stretch.ms, bar, later));
    add(sure, later, direction);
    add(perhaps, later, direction);
    return { proven, possible };
  });
}
